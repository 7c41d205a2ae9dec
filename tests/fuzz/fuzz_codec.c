/*
 * Any bytes as any message: the first byte chooses the message and the decoder, the rest is JSON.
 * What passes must come back the same from its own encoding.
 */
#include <stdint.h>
#include <stdlib.h>
#include "net/codec.h"

#define ALLOWANCE (8u << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* clang-format off */
static const struct message *const all[] = {
#define MESSAGE(m, what) &message_##m,
#define HAT(m)
#define TEXT(m, member, max, need)
#define INT(m, member, min, max, need)
#define BOOL(m, member, need)
#define DATA(m, member, max, need)
#define ONE(m, member, sub, need)
#define MANY(m, member, sub, max)
#define END(m)
#include "net/messages.def"
};
/* clang-format on */

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void comes_back(struct arena *a, const struct message *m, const void *s)
{
	struct bytes json;
	struct bytes again;
	void *back = arena_zalloc(a, m->size);

	must(codec_encode(a, m, s, &json) == OK);
	must(codec_decode(a, m, CODEC_STRICT, json, back, NULL) == OK);
	must(codec_encode(a, m, back, &again) == OK);
	must(bytes_equal(json, again));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	ARENA(a, ALLOWANCE);
	const struct message *m = all[(data[0] >> 1) % COUNT_OF(all)];
	enum codec_mode mode = data[0] & 1 ? CODEC_TOLERANT : CODEC_STRICT;
	void *s = arena_zalloc(&a, m->size);
	const char *at = NULL;
	enum err e = codec_decode(&a, m, mode, bytes_of(data + 1, size - 1), s, &at);

	must(e == OK || e == ERR_BAD_JSON || e == ERR_BAD_FIELD || e == ERR_NO_MEMORY);
	must(e != ERR_BAD_FIELD || (at != NULL && strlen(at) <= 60));
	if (e == OK)
		comes_back(&a, m, s);
	return 0;
}
