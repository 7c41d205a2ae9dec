/*
 * /v1/archivo/<direccion>: HEAD tells how far a file is, PATCH goes on with it (IETF
 * draft-ietf-httpbis-resumable-upload; wire.md, Files). Unsigned: the address was given to its
 * owner by a signed act and can't be guessed, and what comes must have the hash that they signed.
 *
 * A piece is committed before the next one is read, so whatever HEAD tells outlives the server.
 */
#ifndef CORE_SUBIDA_HTTP_H
#define CORE_SUBIDA_HTTP_H

#include "core/en_piezas.h"
#include "core/subida_cola.h"

/* What one connection may hold of a file. */
#define SUBIDA_PIEZA ((size_t)256 * 1024)

struct subida_http {
	const struct server *server;
	struct subida_cola *cola;
};

/* Is the target an upload's? */
bool subida_http_es(const struct http_in_request *rq);
/*
 * A PATCH, by its head: always true, maybe answered. `peer`: the client's address, proxies seen
 * through.
 */
bool subida_http_empieza(struct subida_http *h, struct http_in_request *rq, const char *peer,
	struct http_in_stream *ret);
/* Any other method: answers it. */
void subida_http_responde(struct subida_http *h, struct http_in_request *rq, const char *peer);

#endif
