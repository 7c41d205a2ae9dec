/*
 * serve_check: everything about a request that needs neither writes nor the network, in the order
 * that wire.md fixes, without sockets. What remains is an answer, a wait, or an act for the writer.
 */
#ifndef CORE_SERVE_H
#define CORE_SERVE_H

#include "base/clock.h"
#include "core/budget.h"
#include "core/exchange.h"
#include "core/llaves.h"
#include "core/sealer.h"
#include "crypto/trust.h"

struct mensajeria;
struct calendarios;
struct catalogos;

/* What all requests share; read-only once serving, but for the parts that lock themselves. */
struct server {
	const struct config *config;
	const struct trust *trust;
	struct calendarios *calendarios; /* what operators publish; they lock themselves */
	struct catalogos *catalogos;
	const struct legales *legales; /* terms and privacy notice */
	struct store_pool *readers;
	struct llaves *llaves;
	struct budget *budget;
	struct clock clock;
	struct bytes sello_certificado;
	size_t sello_bytes;
	const struct mensajeria *mensajeria; /* NULL: nothing is sent */
};

enum outcome {
	SERVE_ANSWER,	   /* x->status and x->answer are set */
	SERVE_WAIT_OCSP,   /* fetch an OCSP answer for x->signer, then serve_check again */
	SERVE_WAIT_CHANGE, /* nothing new: serve_again when the mailbox changes or time is up */
	SERVE_ACT,	   /* for the writer */
};

/* Largest clock difference that is forgiven (wire.md): 300 s. */
#define SERVE_SKEW_MS 300000
/* Longest life of a signed act: 72 h. */
#define SERVE_ACT_MS (72 * INT64_C(3600000))

/*
 * What a rule, a job or a page has of its server, into an env that is otherwise empty; what was
 * published stands as it is now for as long as the env.
 */
void serve_env(const struct server *s, struct env *env);

/* x->rq and x->arena are set; x->received is set at the first call. */
enum outcome serve_check(const struct server *s, struct exchange *x);
/* A waiting read once more; `last`: answer even if nothing is new. */
enum outcome serve_again(const struct server *s, struct exchange *x, bool last);

#endif
