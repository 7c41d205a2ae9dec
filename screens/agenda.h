/*
 * One order over what is due in many profiles: by instant, then by profile, then as its own list
 * has it. Each profile's rows are in order already; nothing is copied and nothing is sorted, only
 * rows near those that are asked for are read.
 *
 * Of k profiles of n rows each a step to the next row reads one. A jump by row reads some k·log n,
 * but only a few of each profile near where an earlier agenda stood; to either end, one or two of
 * each; by rank to anywhere else, some k·log² n.
 */
#ifndef SCREENS_AGENDA_H
#define SCREENS_AGENDA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/err.h"

/* The rows that are due; `due` gives ms UTC, never less than that of the index before. */
struct agenda_source {
	size_t count;		  /* of profiles */
	const size_t *due_counts; /* of each */
	int64_t (*due)(void *ctx, size_t perfil, size_t index);
	void *ctx;
	/* `at` of an earlier agenda of as many profiles, right or not by now; NULL: none. */
	const size_t *near;
};

struct agenda_place {
	size_t perfil;
	size_t index; /* in its own list */
};

/* Where the walk stands: `at[p]` rows of each profile are before it, `rank` in all. */
struct agenda {
	struct agenda_source from;
	size_t total;
	size_t rank;
	size_t *at;
	int64_t *next; /* due of the row at at[p] */
	int64_t *last; /* due of the row before it */
};

/* Borrows what `from` points to; memory from the arena. ERR_NO_MEMORY. */
enum err agenda_init(
	struct agenda *g, struct arena *a, const struct agenda_source *from) MUST_CHECK;
/* How many rows come before that one; it must be there. */
size_t agenda_rank(struct agenda *g, struct agenda_place place);
/* The row of that rank; false past the last. */
bool agenda_at(struct agenda *g, size_t rank, struct agenda_place *ret);

#endif
