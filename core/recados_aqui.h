/*
 * Errands that block whoever runs them: a file that is written and synced, a message handed over to
 * a relay (libcurl waits inside for the relay's last word). Each has a thread of its own, so that
 * none keeps the writer, the errands over HTTP, or another one. How many there are at once whoever
 * asks bounds.
 */
#ifndef CORE_RECADOS_AQUI_H
#define CORE_RECADOS_AQUI_H

#include <stdatomic.h>
#include "net/http_out.h"

struct recados_aqui;

/*
 * Does what the request asks; what came of it as of an answer. Once *stop it ends soon, with
 * ERR_CANCELLED where it is not done.
 */
typedef void recado_aqui(
	const struct http_out_request *rq, const atomic_bool *stop, struct http_out_result *ret);

enum err recados_aqui_start(struct recados_aqui **ret) MUST_CHECK;
/* All have ended before this returns. */
void recados_aqui_stop(struct recados_aqui *r);
AUTO_TYPE(recados_aqui, struct recados_aqui, recados_aqui_stop);
/*
 * The request must live until `done` is called, from the errand's thread. ERR_UNAVAILABLE (it is
 * stopping), ERR_NO_MEMORY: it is not called.
 */
enum err recados_aqui_do(struct recados_aqui *r, const struct http_out_request *rq,
	recado_aqui *how, http_out_done done, void *ctx) MUST_CHECK;

#endif
