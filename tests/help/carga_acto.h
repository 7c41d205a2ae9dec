/*
 * A person of the tests who signs and sends by hand: the bytes are the client's own (RFC 9421 over
 * the JSON of net/messages.def, TLS by net/http_out), and which server gets them, and how often, is
 * the test's choice. All servers of a world answer for CARGA_AUTORIDAD.
 *
 * Nothing here fails a test: threads use it.
 */
#ifndef TESTS_HELP_CARGA_ACTO_H
#define TESTS_HELP_CARGA_ACTO_H

#include "crypto/efirma.h"
#include "net/http_out.h"
#include "net/httpsig.h"
#include "net/routes.h"

/* To be struct e2e's authority, so that one signature is good at every server. */
#define CARGA_AUTORIDAD "buzon.prueba"

struct carga_persona {
	char rfc[32];
	struct efirma *efirma;
	struct key *lectura;
	char lectura_id[48];
	struct http_out *out; /* its connections, kept alive; of one thread */
	const char *ca;	      /* tls_ca.pem */
};

struct carga_acto {
	enum route route;
	struct httpsig_request rq;
	struct httpsig sig;
	struct bytes body;
};

struct carga_respuesta {
	enum err err; /* of the line; OK where an answer came */
	int status;
	struct bytes body;
	int64_t ms; /* how long it took */
};

/* e.firma NAME of the PKI (pki.h), with a new reading key; in the main thread. */
enum err carga_persona_open(struct carga_persona *p, const char *name, const char *rfc) MUST_CHECK;
void carga_persona_close(struct carga_persona *p);

/* Signs the message for the route as that person, `propio`: now, for 24 h. */
enum err carga_firmar(struct arena *a, const struct carga_persona *p, enum route route,
	const void *message, struct carga_acto *ret) MUST_CHECK;
/* The same of a body that is JSON already, whatever it says. */
enum err carga_firmar_cuerpo(struct arena *a, const struct carga_persona *p, enum route route,
	struct bytes body, struct carga_acto *ret) MUST_CHECK;
enum err carga_firmar_entrada(
	struct arena *a, const struct carga_persona *p, struct carga_acto *ret) MUST_CHECK;
/* The same bytes to that server; its answer. timeout_ms: without a byte moving. */
void carga_enviar(struct carga_persona *p, struct arena *a, unsigned port,
	const struct carga_acto *act, int timeout_ms, struct carga_respuesta *ret);
/* Is it an answer that is not asked for again? (429, 5xx and none at all are.) */
bool carga_contestada(const struct carga_respuesta *r);

#endif
