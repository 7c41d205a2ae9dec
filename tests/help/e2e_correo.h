/*
 * Mail and SMS of a world (e2e.h) whose server leaves them in its own folders, read as whoever has
 * no carrier reads them: by `buzond correo`.
 */
#ifndef TESTS_HELP_E2E_CORREO_H
#define TESTS_HELP_E2E_CORREO_H

#include "tests/help/e2e.h"

/* The text of the newest mail to that address that names the words; waits for it (30 s). */
const char *e2e_correo(struct e2e *w, struct arena *a, const char *para, const char *words);
/* The same of an SMS. */
const char *e2e_sms(struct e2e *w, struct arena *a, const char *words);
/* The five digits that stand alone in the text, and the link that confirms (…/c/…). */
const char *e2e_codigo(struct arena *a, const char *text);
const char *e2e_enlace(struct arena *a, const char *text);
/* Presses the button of that link's page: an empty form by POST. The page that answers. */
const char *e2e_confirmar(struct e2e *w, struct arena *a, const char *enlace);

#endif
