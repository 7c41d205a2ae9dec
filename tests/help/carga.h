/*
 * The load of issue 4: several persons at once, each with an e.firma and a mailbox of its own, open
 * notifications at any of the world's servers. Each act is signed once and the same bytes go to the
 * next server until they are answered, as app/outbox does; each acuse is proved offline and kept.
 *
 * carga_check then counts from the clients' side: what they hold is in the store byte for byte,
 * once, and there is nothing else. A refusal that a person would see fails the test, and so does a
 * time that is not the database's.
 */
#ifndef TESTS_HELP_CARGA_H
#define TESTS_HELP_CARGA_H

#include <pthread.h>
#include <stdatomic.h>
#include "ley/acuse.h"
#include "ley/plazo.h"
#include "tests/help/carga_acto.h"
#include "tests/help/e2e.h"

#define CARGA_PERSONAS 8
#define CARGA_SERVIDORES 4

/* What a client holds of an act that was answered. */
struct carga_hecho {
	char aviso[32];
	char acuse[32];
	char nonce[33];
	char sha256[65]; /* of the answer's bytes */
	unsigned port;	 /* who answered */
};

struct carga_cliente {
	struct carga *carga;
	unsigned number;
	struct carga_persona persona;
	pthread_t thread;
	struct carga_hecho *hechos;
	atomic_size_t count;
	size_t turn;
	int64_t avoid[CARGA_SERVIDORES]; /* until then, monotonic ms */
	atomic_size_t again;		 /* how often something had to be sent again */
	int64_t longest; /* ms from the first sending to the acuse, since carga_start */
	size_t waits[4]; /* acts past 1, 2, 5, 10 s */
	char wrong[600]; /* what no client should see; then it has ended */
};

struct carga {
	struct e2e *world;
	unsigned ports[CARGA_SERVIDORES];
	size_t servers;
	int pause_ms;	/* between two acts of a client; 15 */
	int timeout_ms; /* of one sending; 4000 */
	struct trust *trust;
	struct arena arena;
	struct calendario calendario;
	struct plazo_aviso aviso;
	size_t each;  /* notifications that each has */
	size_t until; /* acts of each; 0: until it is stopped */
	atomic_bool stop;
	atomic_bool abandoned; /* the test has failed: nobody waits for an answer any more */
	bool running;
	struct carga_cliente clientes[CARGA_PERSONAS];
};

/* Ports and servers are set: enrols the persons, who enter, each with so many notifications. */
void carga_open(struct carga *c, struct e2e *w, size_t each);
void carga_close(struct carga *c);
/* That many more for each. */
void carga_avisos(struct carga *c, size_t each);
/* The folio of a client's n-th notification. */
void carga_folio(const struct carga_cliente *k, size_t n, char ret[32]);
/* Signs the opening of that folio, with the effects as they are now. */
enum err carga_firmar_apertura(struct arena *a, const struct carga_cliente *k, const char *folio,
	struct carga_acto *ret) MUST_CHECK;
/*
 * What a client looks at before it believes an answer: NULL, or what is wrong with it. `sent`: when
 * it first went out, ms UTC.
 */
const char *carga_probar(struct arena *a, const struct carga_cliente *k, const char *folio,
	const struct carga_acto *act, const struct carga_respuesta *r, int64_t sent,
	const char **ret_acuse);
/* The client's next notification is opened by that answer, as if it had sent the act itself. */
enum err carga_guardar(struct carga_cliente *k, const char *folio, const char *acuse,
	const struct carga_acto *act, struct bytes body, unsigned port) MUST_CHECK;

/* `until` acts of each, or until carga_stop. */
void carga_start(struct carga *c, size_t until);
/* Acuses in the clients' hands. */
size_t carga_count(const struct carga *c);
/* How often something had to be sent again. */
size_t carga_again(const struct carga *c);
/* Until there are that many more (fails past `ms`). */
void carga_wait(struct carga *c, size_t more, int ms);
/* What is under way is brought to its end; fails the test where a client saw what it should not. */
void carga_stop(struct carga *c);
/* Every acknowledged act is there once. Prints what it counted and the longest wait. */
void carga_check(struct carga *c, const char *what);
int64_t carga_longest(const struct carga *c);
size_t carga_answered_by(const struct carga *c, unsigned port);

#endif
