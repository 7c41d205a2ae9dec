/*
 * What the writer does with one group: the part that knows of transactions and seals.
 */
#ifndef CORE_WRITER_GROUP_H
#define CORE_WRITER_GROUP_H

#include "core/writer.h"

struct writer_group {
	const struct server *server;
	const char *path;
	struct store *store;
	struct sealer *sealer;
	struct folios folios;
};

/* The store (again, after a COMMIT of unknown outcome) and the highest folio. */
enum err writer_group_open(struct writer_group *g) MUST_CHECK;
/* Answers every x; those marked `again` must be run in a later group. Notes are written too. */
void writer_group_run(
	struct writer_group *g, struct exchange **xs, size_t count, const struct note *notes);

#endif
