/*
 * How messages leave this server: the transports that are configured, their passwords, the texts.
 * Opened once, then read-only for all threads.
 */
#ifndef CORE_MENSAJERIA_H
#define CORE_MENSAJERIA_H

#include "core/plantillas.h"
#include "core/recados_aqui.h"

enum via { VIA_CORREO, VIA_SMS, VIAS };

struct mensajeria {
	const struct config *config;
	const struct plantillas *plantillas;
	const struct transporte *por[VIAS];
	struct secret contrasena[VIAS]; /* a NUL is the last byte */
	struct http_out_login login[VIAS];
	const char *dominio;   /* of message ids */
	const char *correo_de; /* address */
	bool prueba;
};

/*
 * ERR_CONFIG with *ret_message, a Spanish sentence, where the configuration or a text is wrong. All
 * but the passwords is in the arena; `prueba`: every text says that it is a test.
 */
enum err mensajeria_open(struct arena *a, const struct config *c, bool prueba,
	struct mensajeria *ret, const char **ret_message) MUST_CHECK;
/* Forgets the passwords. */
void mensajeria_close(struct mensajeria *m);

/* ---- a message ---- */

struct mensaje {
	struct arena *arena;
	const struct mensajeria *de;
	const char *id;
	const char *destino;
	int64_t creado;
	const char *asunto;
	const char *texto;
	const char *html; /* NULL: an SMS */
};

/*
 * Its text: the row's template with its values (message envio_datos). ERR_NOT_FOUND: no such
 * template here (another version's); ERR_BAD_JSON, ERR_BAD_FIELD, ERR_NO_MEMORY.
 */
enum err mensaje_hacer(const struct mensajeria *m, const char *plantilla, struct bytes datos,
	struct mensaje *ret) MUST_CHECK;

/* ---- transports ---- */

enum veredicto_que { VEREDICTO_ACEPTADO, VEREDICTO_OTRA_VEZ, VEREDICTO_RECHAZADO };

struct veredicto {
	enum veredicto_que que;
	const char *codigo; /* the carrier's, or what failed: for evidence and operators */
	const char *motivo; /* RECHAZADO: Spanish, for the user */
};

struct transporte {
	enum via via;
	const char *nombre;
	int64_t plazo_ms;
	const char *usuario_en; /* headers of HTTP that tell who asks; NULL: it has its own way */
	const char *contrasena_en;
	/* What its configuration lacks, Spanish ("falta ..."); NULL: nothing. */
	const char *(*falta)(const struct config *c);
	/* The errand; *ret_aqui where it is none of the network. */
	enum err (*pide)(
		const struct mensaje *m, struct http_out_request *ret, recado_aqui **ret_aqui);
	/* In the arena. */
	enum err (*juzga)(struct arena *a, const struct http_out_result *r, struct veredicto *ret);
};

#define TRANSPORTE(id, ...)                                                                        \
	const char *transporte_##id##_falta(const struct config *c);                               \
	enum err transporte_##id##_pide(const struct mensaje *m, struct http_out_request *ret,     \
		recado_aqui **ret_aqui) MUST_CHECK;                                                \
	enum err transporte_##id##_juzga(struct arena *a, const struct http_out_result *r,         \
		struct veredicto *ret) MUST_CHECK;
#include "core/transportes.def"
#undef TRANSPORTE

/* For those that leave a file here: accepted, or later. */
enum err transporte_de_disco(
	struct arena *a, const struct http_out_result *r, struct veredicto *ret) MUST_CHECK;

#endif
