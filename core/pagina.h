/*
 * Public pages: plain HTML that a text browser shows, no script (wire.md, Public pages).
 */
#ifndef CORE_PAGINA_H
#define CORE_PAGINA_H

#include "core/writer.h"

/*
 * GET of a public page: answered by x->done, now or from the writer's thread. False where that
 * target is none. /v/<capability> tells metadata of one acuse; a wrong capability and a folio tell
 * nothing. /dlr/ takes reports of delivery. /salud answers on loopback only.
 */
bool pagina_answer(const struct server *s, struct writer *w, struct exchange *x);

#endif
