/*
 * A server for the client's tests: real HTTP on loopback, real signatures checked, real acuses
 * sealed by the look-alike PKI; and each mishap of a script in the order given.
 */
#ifndef TESTS_HELP_APP_SERVER_H
#define TESTS_HELP_APP_SERVER_H

#include <pthread.h>
#include "net/http_in.h"
#include "net/routes.h"

enum app_mishap {
	APP_WELL,
	APP_UNAVAILABLE, /* 503 servicio-no-disponible */
	APP_BUSY,	 /* 503 almacen-ocupado */
	APP_BAD_GATEWAY, /* 502 and a proxy's page */
	APP_TOO_MANY,	 /* 429 with Retry-After: 1 */
	APP_UNKNOWN_KEY, /* 401 llave-desconocida */
	APP_CLOCK,	 /* 401 reloj-desfasado, the server is an hour ahead */
	APP_REFUSED,	 /* 409 efecto-cambiado, campo fecha_legal */
	APP_PROXY_PAGE,	 /* 403 and a page that is not ours */
	APP_GARBLED,	 /* 200 and half an acuse */
	APP_FALSE_SEAL,	 /* 200, sello altered */
	APP_OTHER_BODY,	 /* 200, a good acuse of another act */
};

#define APP_SEEN 32

struct app_server {
	struct http_in *in;
	char url[64];
	const enum app_mishap *script; /* of acts and reads; entries always go well */
	size_t script_count;
	pthread_mutex_t lock;
	size_t step;
	/* What came: routes and Signature headers, in order. */
	size_t seen;
	enum route routes[APP_SEEN];
	char signatures[APP_SEEN][700];
	int64_t created[APP_SEEN];
	size_t entries;
	size_t unsigned_requests; /* whose signature or digest did not hold */
};

void app_server_start(struct app_server *s, const enum app_mishap *script, size_t count);
/* The next script. */
void app_server_script(struct app_server *s, const enum app_mishap *script, size_t count);
void app_server_stop(struct app_server *s);

#endif
