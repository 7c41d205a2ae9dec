/*
 * The one writer: drains the queue into a transaction, a savepoint for each request, one exchange
 * with the sealing process for the group, COMMIT, and only then the answers (architecture.md,
 * Threads). An acuse can't be stored and lost, or sent and not stored.
 */
#ifndef CORE_WRITER_H
#define CORE_WRITER_H

#include "core/serve.h"

struct writer;

/* What is written behind the answers: an access (L-10), or what a responder said of a certificate.
 */
struct note {
	struct note *next;
	bool ocsp;
	int64_t instante;
	char huella[44];
	char titular[32];
	char firmante[32];
	char ruta[32];
	char folio[32];
	bool entera; /* of a document: its last byte was in the answer */
	struct ocsp_verdict verdict;
	size_t size; /* of the OCSP answer that follows */
	unsigned char data[];
};

struct writer_config {
	struct server *server;
	const char *place; /* of the store */
	struct sealer *sealer;
	unsigned most; /* longest queue */
	/* A commit made a job: due at `when`, ms UTC; may be NULL. */
	void (*tarea)(void *ctx, int64_t when);
	void *tarea_ctx;
};

struct writer_group;

/*
 * Work that wants the writer's store between two groups: a batch of jobs. Called once, in the
 * writer's thread, outside any transaction; also when the writer ends.
 */
struct chore {
	struct chore *next;
	void (*run)(struct chore *c, struct writer_group *g);
};

enum err writer_open(const struct writer_config *c, struct writer **ret) MUST_CHECK;
/* Stops the thread when it runs: what is queued is finished first. */
void writer_close(struct writer *w);
AUTO_TYPE(writer, struct writer, writer_close);

/*
 * One group, now, in the caller's thread: every x has its answer afterwards (a 503 at worst). What
 * the thread runs; tests call it without a thread.
 */
void writer_group(struct writer *w, struct exchange **xs, size_t count);

enum err writer_start(struct writer *w) MUST_CHECK;
/* Queues; x->done is called from the writer's thread. ERR_UNAVAILABLE when the queue is full. */
enum err writer_submit(struct writer *w, struct exchange *x) MUST_CHECK;
/* Takes the note (made by mem_alloc) in any case; a full queue drops it with a line in the log. */
/* Queues; the chore belongs to the writer until it is run. For what is bounded where it is made. */
void writer_chore(struct writer *w, struct chore *c);
/* The same of what strangers ask for: ERR_UNAVAILABLE where WRITER_OFFERS wait already. */
#define WRITER_OFFERS 256
enum err writer_offer(struct writer *w, struct chore *c) MUST_CHECK;
/* The same now, in the caller's thread: for tests, and where there is no thread. */
void writer_chore_now(struct writer *w, struct chore *c);
void writer_note(struct writer *w, struct note *note);

#endif
