/*
 * Uploads to the world of core_titular over real sockets: the HTTP end with the handlers of a
 * server, its writer's thread, and a functionary who announces files.
 */
#ifndef TESTS_HELP_CORE_SUBIDA_H
#define TESTS_HELP_CORE_SUBIDA_H

#include "core/subida_http.h"
#include "tests/help/core_titular.h"

struct sitio {
	struct http_in *in;
	struct subida_http subidas;
	unsigned short port;
};

/* Fixtures of a group: titular_set_up, the functionary's certificate known, the writer running. */
int subida_set_up(void **state);
int subida_tear_down(void **state);
extern struct sitio sitio;
/* The server as after a kill: what was not committed is gone. */
void sitio_restart(void);
/* Another end on the same store, with a writer of its own. */
void sitio_open_other(struct sitio *s, struct writer **ret);
void sitio_close_other(struct sitio *s, struct writer *w);

/* A sound PDF of about that size; the same seed gives the same. */
struct bytes subida_pdf(struct arena *a, size_t size, uint32_t seed);
const char *subida_sha256(struct arena *a, struct bytes b);

/* Any act, through the writer's queue. */
struct exchange *subida_act(struct arena *a, enum route r, const void *m, const struct firma_de *f);
/* archivo_crear by the functionary: the answer, or NULL where *ret_error says why not. */
const struct m_archivo_creado *subida_anunciar(
	struct arena *a, const char *sha256, int64_t bytes, const char **ret_error);

struct respuesta {
	int status;
	int64_t offset; /* -1: not told */
	bool complete;
	const char *text;
};
/* "HEAD /v1/archivo/..." to its answer. */
struct respuesta subida_head(struct arena *a, const struct sitio *s, const char *direccion);
/* The head of a PATCH is sent; `length` -1: chunked. */
int subida_begin(const struct sitio *s, const char *direccion, int64_t offset, int64_t length);
struct respuesta subida_end(struct arena *a, int fd);
/* All three. */
struct respuesta subida_patch(struct arena *a, const struct sitio *s, const char *direccion,
	int64_t offset, struct bytes some);

#endif
