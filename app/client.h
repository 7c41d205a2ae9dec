/*
 * One profile against one server: calls of routes.def, signed here, never blocking.
 *
 * Reads are signed by the reading key; when the server no longer knows it (llave-desconocida) and
 * the e.firma is unlocked, the client enters again by itself and repeats the read. A server clock
 * that differs (reloj-desfasado) corrects ours and the request is signed once more. Acts are signed
 * by the e.firma, written to the outbox with fsync, sent until answered or expired with the same
 * bytes, and every acuse is proved (ley/acuse.h) before it is called received.
 */
#ifndef APP_CLIENT_H
#define APP_CLIENT_H

#include "app/config.h"
#include "app/outbox.h"
#include "crypto/efirma.h"
#include "crypto/trust.h"
#include "net/http_out.h"
#include "net/routes.h"

struct client;

struct client_result {
	enum route route;
	enum err err;	    /* OK: answer is set */
	const char *campo;  /* the server's field at fault, or NULL */
	int64_t dato;	    /* what its refusal brought (m_fallo); 0: nothing */
	const void *answer; /* struct m_<answer of the route>; valid during the callback */
	struct bytes json;  /* the answer as received (evidence) */
	bool pending;	    /* act only: signed and kept in the outbox, it will go by itself */
};

typedef void (*client_done)(void *ctx, const struct client_result *result);

/* Opens the profile: trust folder, outbox folder. Nothing is sent. `out` is borrowed. */
enum err client_open(const struct perfil *p, struct http_out *out, struct client **ret) MUST_CHECK;
void client_close(struct client *c);
AUTO_TYPE(client, struct client, client_close);

/* The e.firma from now on (owned by the client), or NULL to lock it: cleansed at once. */
void client_unlock(struct client *c, struct efirma *efirma);
bool client_unlocked(const struct client *c);
const struct perfil *client_perfil(const struct client *c);
const struct trust *client_trust(const struct client *c); /* NULL: no folder configured */
/*
 * Signs a cadena original that stays with the person (app/archivo.h), with the e.firma that is
 * open: signature, and certificate in DER, in the arena. ERR_UNKNOWN_KEY where it is locked.
 */
enum err client_firmar(const struct client *c, struct arena *a, const char *cadena,
	struct bytes *ret_firma, struct bytes *ret_certificado) MUST_CHECK;
/* Our clock corrected by the server's (ms UTC). */
int64_t client_now(const struct client *c);

/* The server let us in, asked for or by the client itself; valid during the call. NULL: nobody. */
typedef void (*client_entered)(void *ctx, const struct m_entrado *entrado, struct bytes json);
void client_watch(struct client *c, client_entered entered, void *ctx);

/*
 * Calls a route. `request` is the route's message; its hat is filled here from the profile, unless
 * it names its titular: one act of somebody's for another than the profile's (the second signature
 * of a representation).
 * `expires` (ms UTC, acts only; 0: 24 h from now). `done` is called once, from http_out_wait,
 * except for an error that is returned at once (not unlocked: ERR_UNKNOWN_KEY, disk full: nothing
 * was signed; ERR_NO_TRUST: an acuse could not be proved, nothing was signed).
 */
enum err client_call(struct client *c, enum route route, const void *request, int64_t expires,
	client_done done, void *ctx) MUST_CHECK;
/*
 * How far the call with that context is (the entry that it waits for, where it does); false: there
 * is none.
 */
bool client_progress(const struct client *c, const void *ctx, struct http_out_progress *ret);
/* Sends what the outbox holds (at start, after entering, when the line is back). */
void client_flush_outbox(struct client *c, client_done done, void *ctx);
size_t client_outbox_count(const struct client *c);
/* What waits and what was refused; and where proved acuses are saved (<folio>.json, .pdf). */
const struct outbox *client_outbox(const struct client *c);
const char *client_acuses(const struct client *c);
/* Cancels what is under way; acts stay in the outbox. */
void client_cancel(struct client *c);

#define CLIENT_TRIES 5
/* The line failed an act: why, and for how long (ms) trying again will take at most. */
typedef void (*client_retry)(void *ctx, enum err e, int64_t most_ms);
/*
 * For the calls that wait: how often an act is tried before it stays for later (CLIENT_TRIES unless
 * said), and who is told, once an act, before it is tried again (NULL: nobody).
 */
void client_patience(struct client *c, int tries, client_retry told, void *ctx);
/*
 * For commands: calls and waits; the answer lives in the arena. *ret_campo is left as it is unless
 * the server names a field at fault, or until when there is nothing to be had.
 */
enum err client_call_wait(struct client *c, struct arena *a, enum route route, const void *request,
	int64_t expires, void *ret_answer, struct bytes *ret_json,
	const char **ret_campo) MUST_CHECK;
/*
 * The same for an act that is in the outbox already: its bytes again, and wait. The answer is that
 * of its route.
 */
enum err client_send_wait(struct client *c, struct arena *a, const char *act_name, void *ret_answer,
	struct bytes *ret_json, const char **ret_campo) MUST_CHECK;

#endif
