/*
 * What the writer does with one transaction: the part that knows of groups, seals and of what a
 * database may answer to a COMMIT.
 *
 * A transaction is run again, from its beginning and with the same result, where the database asks
 * for it, where its connection is lost, and once more carefully where a queued statement failed: a
 * nonce that is there by then answers as it did, so an outcome that nobody knows settles itself.
 */
#ifndef CORE_WRITER_GROUP_H
#define CORE_WRITER_GROUP_H

#include "core/writer.h"

struct writer_group {
	const struct server *server;
	const char *place; /* of the store */
	struct store *store;
	struct sealer *sealer;
	struct folios folios;
	struct novedades news; /* of the transaction at hand */
	/* A commit made a job: due at `when`, ms UTC; may be NULL. */
	void (*tarea)(void *ctx, int64_t when);
	void *tarea_ctx;
};

/* The store, again where there is one. */
enum err writer_group_open(struct writer_group *g) MUST_CHECK;
/*
 * Runs `body` in a transaction with `folios` folios from `now` on, and commits with g->news. Where
 * it fails nothing of it is there.
 */
enum err writer_group_transact(struct writer_group *g, int64_t now, size_t folios,
	enum err (*body)(struct writer_group *g, void *ctx), void *ctx) MUST_CHECK;
/* Answers every x; those marked `again` must be run in a later group. Notes are written too. */
void writer_group_run(
	struct writer_group *g, struct exchange **xs, size_t count, const struct note *notes);

#endif
