/*
 * The Institute's desk of a world (e2e.h): when its avisos go out, and the PDF that it notifies.
 */
#ifndef TESTS_HELP_E2E_OFICINA_H
#define TESTS_HELP_E2E_OFICINA_H

#include "tests/help/e2e.h"

/* Sets w->aviso and writes e2e_pdf; e2e_open does. */
void e2e_oficina_set_up(struct e2e *w);

#endif
