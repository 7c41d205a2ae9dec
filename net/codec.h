/*
 * The one strict door between JSON and message structs, driven by messages.def.
 *
 * Refused always: duplicate keys, trailing text, numbers that are not integers within 2^53,
 * embedded NUL, invalid UTF-8, depth past 8, wrong case of a key, base64 that is not exact.
 * Strict decoding (the server's) also refuses unknown keys; tolerant (the client's) skips them.
 * Texts: limits are bytes; control characters (C0, DEL, C1) are refused. A message with a hat is a
 * request, so nothing in it may hold `|` or newline; others are answers or evidence, where both may
 * be (acuse.base has lines, acuse.cadena bars). The encoder holds to the same limits.
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
	size_t offset;	     /* of the member in the struct */
	size_t offset_count; /* FIELD_MANY: of the count */
	int64_t min;	     /* FIELD_INT */
	int64_t max;	     /* FIELD_INT, or most bytes, or most elements */
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
 * Decodes `json` into the struct of `m` (of m->size bytes, zeroed here; meaningless on failure).
 * Everything it points to is in the arena. ERR_BAD_JSON; ERR_BAD_FIELD with *ret_field the key at
 * fault, always fit for `campo` of message fallo (arena or static; ret_field may be NULL);
 * ERR_NO_MEMORY.
 */
enum err codec_decode(struct arena *a, const struct message *m, enum codec_mode mode,
	struct bytes json, void *ret_struct, const char **ret_field) MUST_CHECK;
/*
 * Compact JSON, keys in the order of the rows; optional members that hold nothing (NULL, 0, false,
 * no bytes, no elements) are left out. ERR_BAD_FIELD where a value is outside its row;
 * ERR_NO_MEMORY.
 */
enum err codec_encode(struct arena *a, const struct message *m, const void *from,
	struct bytes *ret_json) MUST_CHECK;
/*
 * The same with a hole: a FIELD_DATA member named `hole_key` whose size is given but whose data may
 * be unknown yet; *ret_hole is the offset of its base64 in the JSON (the writer fills it later:
 * blanks are there, which no decoder takes for base64). ERR_INTERNAL where no such key was written.
 */
enum err codec_encode_hole(struct arena *a, const struct message *m, const void *from,
	const char *hole_key, struct bytes *ret_json, size_t *ret_hole) MUST_CHECK;

#endif
