/*
 * Errands on this machine (a file to be written and synced): a thread of their own, so that a slow
 * disk keeps neither the writer nor the errands over the network.
 */
#ifndef CORE_RECADOS_AQUI_H
#define CORE_RECADOS_AQUI_H

#include "net/http_out.h"

struct recados_aqui;

/* Does what the request asks; what came of it as of an answer. */
typedef void recado_aqui(const struct http_out_request *rq, struct http_out_result *ret);

enum err recados_aqui_start(struct recados_aqui **ret) MUST_CHECK;
/* The one at hand is finished; the others end with ERR_CANCELLED, before this returns. */
void recados_aqui_stop(struct recados_aqui *r);
AUTO_TYPE(recados_aqui, struct recados_aqui, recados_aqui_stop);
/* The request must live until `done` is called, from that thread. */
enum err recados_aqui_do(struct recados_aqui *r, const struct http_out_request *rq,
	recado_aqui *how, http_out_done done, void *ctx) MUST_CHECK;

#endif
