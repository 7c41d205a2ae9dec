/*
 * Errands over the network, for whoever must not wait: asked from any thread, done by one with one
 * http_out. Each ends with a call of `done`, from that thread, in its time whatever the peer does;
 * no more are under way than `most`.
 */
#ifndef CORE_RECADOS_H
#define CORE_RECADOS_H

#include "net/http_out.h"

struct recados;

enum err recados_start(size_t most, struct recados **ret) MUST_CHECK;
/* All that are under way end with ERR_CANCELLED, before this returns. */
void recados_stop(struct recados *r);
AUTO_TYPE(recados, struct recados, recados_stop);
/*
 * Copies the request. `most_ms`: for all of it, however slowly it comes. ERR_UNAVAILABLE (too many
 * are under way, or it is stopping), ERR_NO_MEMORY: `done` is not called.
 */
enum err recados_ask(struct recados *r, const struct http_out_request *rq, int64_t most_ms,
	http_out_done done, void *ctx) MUST_CHECK;

#endif
