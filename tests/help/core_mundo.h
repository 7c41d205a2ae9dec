/*
 * A whole server without sockets: store, sealing process, writer and keys in a folder of its own,
 * with the clock in the test's hand. Requests are signed as a client would.
 */
#ifndef TESTS_HELP_CORE_MUNDO_H
#define TESTS_HELP_CORE_MUNDO_H

#include "core/legales.h"
#include "core/writer.h"
#include "crypto/efirma.h"

struct mundo {
	struct arena arena; /* what lives as long as the world */
	char folder[256];
	struct config config;
	struct server server;
	struct calendario calendario; /* the one in force */
	struct legales legales;
	struct trust *trust;
	struct sealer *sealer;
	struct writer *writer;
	struct store *hand; /* a second writing connection, as a verb of buzond has */
	struct efirma *fisica;
	struct efirma *moral;
	struct efirma *funcionario; /* who signs what is notified */
	int64_t now;		    /* of the server's clock; set with mundo_at */
};

void mundo_open(struct mundo *m);
void mundo_close(struct mundo *m);
/* The server's clock stands at that instant from now on. */
void mundo_at(struct mundo *m, int64_t now);
/* Nobody in this process has the store open, until mundo_take. */
void mundo_let_go(struct mundo *m);
void mundo_take(struct mundo *m);
/* The writer, the keys and the pool opened again, as after a restart. */
void mundo_restart(struct mundo *m);
/* What was published since is in force here, too. */
void mundo_publicado(struct mundo *m);

/* A particular with an enabled Buzón or not. */
void mundo_alta(struct mundo *m, const char *rfc, const char *nombre, bool habilitado);
/* The latest instant up to now at which an aviso could be sent (Lineamientos 7.3). */
int64_t mundo_ready(const struct mundo *m);
/* The civil date that an opening now would have, as the effect sheet shows it. */
const char *mundo_fecha(struct mundo *m, struct arena *a, int64_t ready);
/*
 * A notification whose aviso was ready at `ready`, put by hand as an older program would have left
 * it; its folio, in the world's arena. One that is issued by the rules: core_oficio.h.
 */
const char *mundo_aviso(struct mundo *m, const char *rfc, int64_t ready);

/* How a request is signed; zero means the usual. */
struct firma_de {
	const struct key *key;
	const char *keyid;
	int64_t created;	 /* ms; 0: the server's now */
	int64_t expires;	 /* ms; 0: created + 300 s */
	unsigned char nonce[16]; /* zeros: a fresh one */
};

/* A signed request of that route, all in the arena. */
struct received mundo_request(struct mundo *m, struct arena *a, enum route route,
	const void *message, const struct firma_de *f);
/* serve_check and, for an act, a group of one. x lives in the arena. */
struct exchange *mundo_call(struct mundo *m, struct arena *a, const struct received *rq);
/* The answer decoded as that route's message; NULL unless the status is 200. */
const void *mundo_answer(struct arena *a, const struct exchange *x);
/* The wire name of the refusal ("" when it is none). */
const char *mundo_error(struct arena *a, const struct exchange *x);

/* Enters with that e.firma and gives the reading key; the caller frees it. */
struct key *mundo_enter(struct mundo *m, const struct efirma *f, const char **ret_keyid);
/* Signs with an e.firma. */
struct firma_de mundo_efirma(const struct efirma *f);

#endif
