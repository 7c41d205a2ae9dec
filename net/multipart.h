/*
 * A form as browsers send it with a file (multipart/form-data, RFC 7578), read as it comes: no part
 * of it is ever whole in memory.
 */
#ifndef NET_MULTIPART_H
#define NET_MULTIPART_H

#include <stdbool.h>
#include "base/bytes.h"
#include "base/err.h"

#define MULTIPART_BOUNDARY 70 /* RFC 2046 section 5.1.1 */
#define MULTIPART_NAME 64
#define MULTIPART_HEADERS 4096 /* of one part */

struct multipart_handlers {
	void *ctx;
	/* A field of that name begins; a file's has `file`. */
	void (*begins)(void *ctx, const char *name, bool file);
	void (*data)(void *ctx, struct bytes some);
};

struct multipart {
	const struct multipart_handlers *to;
	char delimiter[MULTIPART_BOUNDARY + 5]; /* CR LF - - boundary */
	size_t delimiter_size;
	size_t matched; /* of the delimiter */
	enum {
		MULTIPART_BEFORE,
		MULTIPART_BEHIND,
		MULTIPART_HEAD,
		MULTIPART_DATA,
		MULTIPART_END
	} at;
	char head[MULTIPART_HEADERS];
	size_t head_size;
	bool bad;
};

/* Is it the Content-Type of such a form? */
bool multipart_is(const char *content_type);
/* ERR_BAD_REQUEST where the type has no good boundary. `to` must live as long. */
enum err multipart_begin(struct multipart *m, const char *content_type,
	const struct multipart_handlers *to) MUST_CHECK;
void multipart_add(struct multipart *m, struct bytes some);
/* All has come: was it a form, whole? */
bool multipart_ended(const struct multipart *m);

#endif
