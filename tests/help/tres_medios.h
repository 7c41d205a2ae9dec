/*
 * Contact media of a screen's cuenta: one of each state.
 */
#ifndef TESTS_HELP_TRES_MEDIOS_H
#define TESTS_HELP_TRES_MEDIOS_H

#include "net/messages.h"

#define CORREO "BI-20261109-101500114"
#define CELULAR "BI-20261109-110000115"
#define VIEJO "BI-20261001-090000116"

/* A validated mobile, a mail in process since 9 Nov 2026 10:15, a mail that was removed. */
void tres_medios(struct m_medio ret[3]);

#endif
