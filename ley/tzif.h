/*
 * The system's tzdata as it is compiled: TZif files (RFC 9636), read into the instants from which
 * another offset counts. Bytes are judged: what is cut or out of range is refused, never guessed.
 */
#ifndef LEY_TZIF_H
#define LEY_TZIF_H

#include <stddef.h>
#include <stdint.h>
#include "base/bytes.h"
#include "base/err.h"

/* From this instant on (ms UTC), that offset from UTC. */
struct tzif_shift {
	int64_t from;
	int32_t offset_s;
};

/*
 * The shifts of [from_year, to_year], the first at the beginning of from_year, into the room for
 * `most`. ERR_NO_ZONES where the file is none of version 2 or later, is cut, has no offset or more
 * than `most` shifts there, or where its footer is not of the form "std[dst,Mm.w.d,Mm.w.d]".
 */
enum err tzif_read(struct bytes file, int from_year, int to_year, struct tzif_shift *to,
	size_t most, size_t *ret_count) MUST_CHECK;

#endif
