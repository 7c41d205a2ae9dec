/*
 * The one strict door between JSON and message structs, driven by messages.def.
 *
 * Refused always: duplicate keys, trailing text, numbers that are not integers within 2^53,
 * embedded NUL, invalid UTF-8, depth past 8, wrong case of a key, base64 that is not exact, control
 * characters and `|` in texts of requests (except where base or cadena need them: newline in base).
 * Strict decoding (the server's) also refuses unknown keys; tolerant (the client's) skips them.
 */
#ifndef NET_CODEC_H
#define NET_CODEC_H

#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"
#include "net/messages.h"

enum field_kind { FIELD_TEXT, FIELD_INT, FIELD_BOOL, FIELD_DATA, FIELD_ONE, FIELD_MANY };

struct message;

struct field {
	const char *key;
	enum field_kind kind;
	bool need;
	size_t offset;       /* of the member in the struct */
	size_t offset_count; /* FIELD_MANY: of the count */
	int64_t min;         /* FIELD_INT */
	int64_t max;         /* FIELD_INT, or most bytes, or most elements */
	const struct message *sub;
};

struct message {
	const char *name;
	const char *what;
	size_t size; /* of its struct */
	const struct field *fields;
	size_t field_count;
	bool has_hat; /* begins with struct m_hat */
};

#define MESSAGE(m, what) extern const struct message message_##m;
#define HAT(m)
#define TEXT(m, member, max, need)
#define INT(m, member, min, max, need)
#define BOOL(m, member, need)
#define DATA(m, member, max, need)
#define ONE(m, member, sub, need)
#define MANY(m, member, sub, max)
#define END(m)
#include "net/messages.def"
#undef MESSAGE
#undef HAT
#undef TEXT
#undef INT
#undef BOOL
#undef DATA
#undef ONE
#undef MANY
#undef END

enum codec_mode { CODEC_STRICT, CODEC_TOLERANT };

/*
 * Decodes `json` into the struct of `m` (of m->size bytes, zeroed here). Everything it points to is
 * in the arena. ERR_BAD_JSON; ERR_BAD_FIELD with *ret_field the key at fault (arena or static;
 * ret_field may be NULL); ERR_NO_MEMORY.
 */
enum err codec_decode(struct arena *a, const struct message *m, enum codec_mode mode,
	struct bytes json, void *ret_struct, const char **ret_field) MUST_CHECK;
/* Compact JSON, keys in the order of the rows, absent optional members left out. */
enum err codec_encode(struct arena *a, const struct message *m, const void *from,
	struct bytes *ret_json) MUST_CHECK;
/*
 * The same with a hole: a FIELD_DATA member named `hole_key` whose size is given but whose data may
 * be unknown yet; *ret_hole is the offset of its base64 in the JSON (the writer fills it later).
 */
enum err codec_encode_hole(struct arena *a, const struct message *m, const void *from,
	const char *hole_key, struct bytes *ret_json, size_t *ret_hole) MUST_CHECK;

#endif
