/*
 * The world of core_mundo with one titular in it who has entered: what most tests of requests
 * begin with.
 */
#ifndef TESTS_HELP_CORE_TITULAR_H
#define TESTS_HELP_CORE_TITULAR_H

#include "tests/help/core_mundo.h"

extern struct mundo mundo;
extern const char *rfc; /* of the titular, with an enabled Buzón; the moral has one too */
extern struct firma_de by_fisica;  /* the titular's e.firma */
extern struct firma_de by_reading; /* their reading key */

/* cmocka fixtures of a group. */
int titular_set_up(void **state);
int titular_tear_down(void **state);
/* The opening of that notification as the effect sheet would sign it now. */
struct m_notificacion_abrir titular_opening(struct arena *a, const char *folio, int64_t ready);
/* Opens that many new notifications in one group: the exchanges, answered. */
struct exchange **titular_group(struct arena *a, size_t count);
/* Signs and calls. */
struct exchange *titular_call(
	struct arena *a, enum route r, const void *m, const struct firma_de *f);

#endif
