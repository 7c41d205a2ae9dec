/*
 * A public servant's desk: the Institute's acts as signed requests of the wire, for the verbs of
 * buzond that are clients of a server (Lineamientos 7.1, 4.2). The private key is opened once,
 * here, and never leaves the process.
 *
 * Calls block. One desk may serve several threads: each has a line of its own, with its connection.
 * A signed act is sent, the same bytes, until it is answered: the server answers it once (wire.md),
 * so a line that is cut never issues twice.
 */
#ifndef CORE_OFICINA_H
#define CORE_OFICINA_H

#include <stdatomic.h>
#include "net/messages.h"
#include "net/routes.h"

struct oficina;
struct oficina_linea;

struct oficina_de {
	const char *servidor; /* "https://buzon.example" */
	const char *ca;	      /* PEM; NULL: the system's */
	const char *cer;      /* paths of the e.firma */
	const char *key;
	const char *contrasena;
	const char *confianza; /* trust folder that acuses are proved with; NULL: they are not */
	const char *paciencia; /* seconds without an answer; NULL: 120 */
};

/*
 * Opens the e.firma; nothing is sent. *ret_message: a Spanish sentence, where the error's own would
 * not say which option is at fault, else NULL.
 */
enum err oficina_open(const struct oficina_de *de, int64_t now, struct oficina **ret,
	const char **ret_message) MUST_CHECK;
void oficina_close(struct oficina *o);
AUTO_TYPE(oficina, struct oficina, oficina_close);
const char *oficina_rfc(const struct oficina *o);
/* The server's base URL, in its one spelling. */
const char *oficina_servidor(const struct oficina *o);

/* `stop` (or NULL): once true, what is under way ends with ERR_CANCELLED within a second. */
enum err oficina_linea_open(
	struct oficina *o, const atomic_bool *stop, struct oficina_linea **ret) MUST_CHECK;
void oficina_linea_close(struct oficina_linea *l);
AUTO_TYPE(oficina_linea, struct oficina_linea, oficina_linea_close);

/* What the server said of a request. Its texts live in the arena of the call. */
struct oficina_dicho {
	enum err err;
	const char *campo; /* the field at fault, or NULL */
	int64_t dato;	   /* what the refusal brought; 0: nothing */
	/* It decided: the same request gets the same answer. False: nobody knows what became of it.
	 */
	bool resuelto;
};

/* Enters as functionary, and goes by the server's clock from then on; before anything else. */
void oficina_entrar(struct oficina_linea *l, struct arena *a, struct oficina_dicho *ret);

/* A signed act, as bytes that can be kept and sent. */
struct oficina_acto {
	enum route route;
	const char *content_digest;
	const char *signature_input;
	const char *signature;
	struct bytes body;
};

/* Signs the message of that route, whose hat names its titular; good for 24 h. */
enum err oficina_firmar(struct oficina *o, struct arena *a, enum route route, const void *message,
	struct oficina_acto *ret) MUST_CHECK;
/*
 * Sends it until it is answered. `answer`: room for the route's message, set where ret->err is OK;
 * an acuse of anything but this act is ERR_BAD_SEAL.
 */
void oficina_enviar(struct oficina_linea *l, struct arena *a, const struct oficina_acto *act,
	void *answer, struct oficina_dicho *ret);
/* Signs and sends: an act once, a read as often as it takes. */
void oficina_pedir(struct oficina_linea *l, struct arena *a, enum route route, const void *message,
	void *answer, struct oficina_dicho *ret);

/*
 * What is signed over a document (ley/documento.h): when, in *ret_fecha, and *ret_firma. `rfc`: its
 * addressee, or DOCUMENTO_PARA_VARIOS.
 */
enum err oficina_documento(struct oficina *o, struct arena *a, const char *oficio,
	const char *sha256, const char *rfc, const char **ret_fecha,
	struct bytes *ret_firma) MUST_CHECK;
/* The PDF at `path` is whole at the server afterwards (core/subir.h); *ret_sha256 is set then. */
void oficina_subir(struct oficina_linea *l, struct arena *a, const char *path,
	const char **ret_sha256, struct oficina_dicho *ret);

#endif
