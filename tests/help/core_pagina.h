/*
 * Public pages asked of the world of core_titular without sockets, and a medium with a link to ask
 * them of.
 */
#ifndef TESTS_HELP_CORE_PAGINA_H
#define TESTS_HELP_CORE_PAGINA_H

#include "tests/help/core_titular.h"

#define ENLACE "k3Jq9Zr0TtY7uVbXw-2_Ae"
#define MEDIO "BI-20261109-101500114"
#define CORREO "persona.privada@ejemplo.mx"

/* An e-mail of `rfc`, registered at that instant, with that link. */
void pagina_medio(const char *folio, const char *enlace, int64_t registrado);
/* Its request; it may be answered later (pagina_wait). */
struct exchange *pagina_ask(struct arena *a, const char *method, const char *target);
/* Until it is answered. */
void pagina_end(struct exchange *x);
/* The same: its page as text. */
const char *pagina_wait(struct exchange *x, int status);
/* Both. */
const char *pagina_get(struct arena *a, const char *target, int status);
const char *pagina_post(struct arena *a, const char *target, int status);

#endif
