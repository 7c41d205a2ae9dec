/*
 * Delivery reports of Kannel: GET /dlr/<id>?type=<n> (Kannel user guide, "Delivery reports on
 * HTTP"). The id is the message's own, which nobody can guess; 200 means that the report is kept.
 */
#ifndef CORE_PAGINAS_DLR_H
#define CORE_PAGINAS_DLR_H

#include "core/writer.h"

/* Answers by x->done, now or from the writer's thread. `rest`: of the target, behind /dlr/. */
void pagina_dlr(const struct server *s, struct writer *w, struct exchange *x, const char *rest);

#endif
