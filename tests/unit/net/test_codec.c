/* The strict door between JSON and message structs: architecture.md "cJSON has one strict door". */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>
#include "base/mem.h"
#include "net/codec.h"
#include "net/json_scan.h"

#define ALLOWANCE (64u << 20)
/* The longest list of a table, written and read: the index of an export (net/messages.def). */
#define LONGEST (512u << 20)
/* Of a list that is not the one looked at. */
#define OTHERS 200

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

enum fill { FILL_LEAST, FILL_MOST };

static void *filled(struct arena *a, const struct message *m, enum fill how, size_t many);

static void fill_field(struct arena *a, const struct field *f, char *s, enum fill how, size_t many)
{
	size_t n = how == FILL_MOST ? (size_t)f->max : 0;
	void *member = s + f->offset;

	if (how == FILL_LEAST && !f->need)
		return;
	if (f->kind == FIELD_TEXT) {
		char *text = arena_zalloc(a, n + 1);

		memset(text, 'x', n);
		if (n > 2)
			memcpy(text, "\"\\", 2);
		memcpy(member, &text, sizeof(text));
	} else if (f->kind == FIELD_INT) {
		*(int64_t *)member = how == FILL_MOST ? f->max : f->min;
	} else if (f->kind == FIELD_BOOL) {
		*(bool *)member = how == FILL_MOST;
	} else if (f->kind == FIELD_DATA) {
		unsigned char *data = arena_zalloc(a, n + 1);

		for (size_t i = 0; i < n; i++)
			data[i] = (unsigned char)(i * 7 + 250);
		*(struct bytes *)member = bytes_of(data, n);
	} else if (f->kind == FIELD_ONE) {
		void *one = filled(a, f->sub, how, many);

		memcpy(member, &one, sizeof(one));
	} else {
		size_t count = n < many ? n : many;
		char *list = arena_array(a, count, f->sub->size);
		const void *one = count > 0 ? filled(a, f->sub, how, many) : NULL;

		for (size_t i = 0; i < count; i++)
			memcpy(list + i * f->sub->size, one, f->sub->size);
		memcpy(member, &list, sizeof(list));
		memcpy(s + f->offset_count, &count, sizeof(count));
	}
}

static void *filled(struct arena *a, const struct message *m, enum fill how, size_t many)
{
	void *s = arena_zalloc(a, m->size);

	for (size_t i = 0; i < m->field_count; i++)
		fill_field(a, &m->fields[i], s, how, many);
	return s;
}

static void every_message_comes_back_whole(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(all); i++) {
		for (enum fill how = FILL_LEAST; how <= FILL_MOST; how++) {
			ARENA(a, ALLOWANCE);
			struct bytes json;
			struct bytes again;
			void *back = arena_zalloc(&a, all[i]->size);

			assert_int_equal(
				OK, codec_encode(&a, all[i], filled(&a, all[i], how, 3), &json));
			assert_int_equal(
				OK, codec_decode(&a, all[i], CODEC_STRICT, json, back, NULL));
			assert_int_equal(OK, codec_encode(&a, all[i], back, &again));
			assert_true(bytes_equal(json, again));
		}
	}
}

/* One past each limit of each row is refused by both directions, and the field is named. */
static void every_limit_holds(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(all); i++) {
		for (size_t k = 0; k < all[i]->field_count; k++) {
			ARENA(a, LONGEST);
			const char *at = NULL;
			struct bytes json;
			struct field *wide = arena_array(&a, all[i]->field_count, sizeof(*wide));
			struct message grown = *all[i];
			void *back = arena_zalloc(&a, grown.size);

			memcpy(wide, all[i]->fields, grown.field_count * sizeof(*wide));
			grown.fields = wide;
			if (wide[k].kind == FIELD_BOOL || wide[k].kind == FIELD_ONE)
				continue;
			for (size_t j = 0; j < grown.field_count; j++)
				if (wide[j].kind == FIELD_MANY && wide[j].max > OTHERS)
					wide[j].max = OTHERS;
			wide[k].max = all[i]->fields[k].max + 1;
			void *s = filled(&a, &grown, FILL_MOST, SIZE_MAX);

			assert_int_equal(OK, codec_encode(&a, &grown, s, &json));
			assert_int_equal(ERR_BAD_FIELD, codec_encode(&a, all[i], s, &json));
			assert_int_equal(ERR_BAD_FIELD,
				codec_decode(&a, all[i], CODEC_TOLERANT, json, back, &at));
			assert_string_equal(wide[k].key, at);
		}
	}
}

static void every_needed_key_is_needed(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(all); i++) {
		for (size_t k = 0; k < all[i]->field_count; k++) {
			ARENA(a, ALLOWANCE);
			const char *at = NULL;
			struct bytes json;
			struct field *fields =
				arena_array(&a, all[i]->field_count, sizeof(*fields));
			struct message less = *all[i];
			void *back = arena_zalloc(&a, less.size);

			if (!all[i]->fields[k].need)
				continue;
			memcpy(fields, all[i]->fields, less.field_count * sizeof(*fields));
			memmove(fields + k, fields + k + 1,
				(less.field_count - k - 1) * sizeof(*fields));
			less.field_count--;
			less.fields = fields;
			void *s = filled(&a, all[i], FILL_LEAST, 1);

			assert_int_equal(OK, codec_encode(&a, &less, s, &json));
			assert_int_equal(ERR_BAD_FIELD,
				codec_decode(&a, all[i], CODEC_STRICT, json, back, &at));
			assert_string_equal(all[i]->fields[k].key, at);
		}
	}
}

#define HAT_JSON "\"titular\":\"A\",\"calidad\":\"propio\""

struct odd {
	const char *json;
	enum err strict;
	enum err tolerant;
	const char *at;
};

/* Bodies of documento_pedir (strict: the server) and what each decoder says. */
static const struct odd odds[] = {
	{"{" HAT_JSON ",\"folio\":\"x\"}", OK, OK, NULL},
	{" \t\r\n{ " HAT_JSON " , \"folio\" : \"x\" , \"desde\" : 5 }\n", OK, OK, NULL},
	{"{" HAT_JSON ",\"folio\":\"\\u00d1\\/\\ud83d\\ude00\"}", OK, OK, NULL},
	/* not JSON, or JSON that two readers may understand differently */
	{"", ERR_BAD_JSON, ERR_BAD_JSON, NULL},
	{"[]", ERR_BAD_JSON, ERR_BAD_JSON, NULL},
	{"\"x\"", ERR_BAD_JSON, ERR_BAD_JSON, NULL},
	{"\xef\xbb\xbf{" HAT_JSON ",\"folio\":\"x\"}", ERR_BAD_JSON, ERR_BAD_JSON, NULL},
	{"{" HAT_JSON ",\"folio\":\"x\"} x", ERR_BAD_JSON, ERR_BAD_JSON, NULL},
	{"{" HAT_JSON ",\"folio\":\"x\"}{}", ERR_BAD_JSON, ERR_BAD_JSON, NULL},
	{"{" HAT_JSON ",\"folio\":\"x\",}", ERR_BAD_JSON, ERR_BAD_JSON, NULL},
	{"{" HAT_JSON ",,\"folio\":\"x\"}", ERR_BAD_JSON, ERR_BAD_JSON, NULL},
	{"{" HAT_JSON ",\"folio\":\"x\"", ERR_BAD_JSON, ERR_BAD_JSON, NULL},
	{"{" HAT_JSON ",\"folio\":\"x", ERR_BAD_JSON, ERR_BAD_JSON, NULL},
	{"{" HAT_JSON ",\"folio\":\"x\\", ERR_BAD_JSON, ERR_BAD_JSON, NULL},
	{"{" HAT_JSON ",\"folio\":'x'}", ERR_BAD_JSON, ERR_BAD_JSON, NULL},
	{"{" HAT_JSON ",folio:\"x\"}", ERR_BAD_JSON, ERR_BAD_JSON, NULL},
	{"{" HAT_JSON ",\"folio\":\"x\"/**/}", ERR_BAD_JSON, ERR_BAD_JSON, NULL},
	{"{" HAT_JSON "\v,\"folio\":\"x\"}", ERR_BAD_JSON, ERR_BAD_JSON, NULL},
	{"{" HAT_JSON ",\"folio\":\"x\",\"folio\":\"x\"}", ERR_BAD_JSON, ERR_BAD_JSON, NULL},
	{"{" HAT_JSON ",\"folio\":\"x\",\"foli\\u006f\":\"y\"}", ERR_BAD_JSON, ERR_BAD_JSON, NULL},
	{"{" HAT_JSON ",\"folio\":\"x\",\"a\":{\"b\":1,\"b\":2}}", ERR_BAD_JSON, ERR_BAD_JSON,
		NULL},
	{"{" HAT_JSON ",\"folio\":\"x\",\"\":1}", ERR_BAD_JSON, ERR_BAD_JSON, NULL},
	{"{" HAT_JSON ",\"folio\":\"x\\u0000y\"}", ERR_BAD_JSON, ERR_BAD_JSON, NULL},
	{"{" HAT_JSON ",\"folio\":\"x\ty\"}", ERR_BAD_JSON, ERR_BAD_JSON, NULL},
	{"{" HAT_JSON ",\"folio\":\"x\\ud83d\"}", ERR_BAD_JSON, ERR_BAD_JSON, NULL},
	{"{" HAT_JSON ",\"folio\":\"x\\ud83d\\u0041\"}", ERR_BAD_JSON, ERR_BAD_JSON, NULL},
	{"{" HAT_JSON ",\"folio\":\"x\\ude00\"}", ERR_BAD_JSON, ERR_BAD_JSON, NULL},
	{"{" HAT_JSON ",\"folio\":\"x\\u00g1\"}", ERR_BAD_JSON, ERR_BAD_JSON, NULL},
	{"{" HAT_JSON ",\"folio\":\"x\\x41\"}", ERR_BAD_JSON, ERR_BAD_JSON, NULL},
	{"{" HAT_JSON ",\"folio\":\"\xff\"}", ERR_BAD_JSON, ERR_BAD_JSON, NULL},
	{"{" HAT_JSON ",\"folio\":\"\xc0\xaf\"}", ERR_BAD_JSON, ERR_BAD_JSON, NULL},
	{"{" HAT_JSON ",\"folio\":\"\xed\xa0\x80\"}", ERR_BAD_JSON, ERR_BAD_JSON, NULL},
	{"{" HAT_JSON ",\"folio\":\"x\",\"desde\":1.0}", ERR_BAD_JSON, ERR_BAD_JSON, NULL},
	{"{" HAT_JSON ",\"folio\":\"x\",\"desde\":1e3}", ERR_BAD_JSON, ERR_BAD_JSON, NULL},
	{"{" HAT_JSON ",\"folio\":\"x\",\"desde\":01}", ERR_BAD_JSON, ERR_BAD_JSON, NULL},
	{"{" HAT_JSON ",\"folio\":\"x\",\"desde\":-0}", ERR_BAD_JSON, ERR_BAD_JSON, NULL},
	{"{" HAT_JSON ",\"folio\":\"x\",\"desde\":+1}", ERR_BAD_JSON, ERR_BAD_JSON, NULL},
	{"{" HAT_JSON ",\"folio\":\"x\",\"desde\":0x1}", ERR_BAD_JSON, ERR_BAD_JSON, NULL},
	{"{" HAT_JSON ",\"folio\":\"x\",\"desde\":NaN}", ERR_BAD_JSON, ERR_BAD_JSON, NULL},
	{"{" HAT_JSON ",\"folio\":\"x\",\"desde\":nan}", ERR_BAD_JSON, ERR_BAD_JSON, NULL},
	{"{" HAT_JSON ",\"folio\":\"x\",\"desde\":Infinity}", ERR_BAD_JSON, ERR_BAD_JSON, NULL},
	{"{" HAT_JSON ",\"folio\":\"x\",\"desde\":9007199254740993}", ERR_BAD_JSON, ERR_BAD_JSON,
		NULL},
	{"{" HAT_JSON ",\"folio\":\"x\",\"desde\":99999999999999999999999}", ERR_BAD_JSON,
		ERR_BAD_JSON, NULL},
	/* JSON, but no such message */
	{"{" HAT_JSON ",\"folio\":\"x\",\"desde\":9007199254740992}", ERR_BAD_FIELD, ERR_BAD_FIELD,
		"desde"},
	{"{" HAT_JSON ",\"folio\":\"x\",\"desde\":-1}", ERR_BAD_FIELD, ERR_BAD_FIELD, "desde"},
	{"{" HAT_JSON ",\"folio\":\"x\",\"desde\":null}", ERR_BAD_FIELD, ERR_BAD_FIELD, "desde"},
	{"{" HAT_JSON ",\"folio\":\"x\",\"desde\":\"1\"}", ERR_BAD_FIELD, ERR_BAD_FIELD, "desde"},
	{"{" HAT_JSON ",\"folio\":1}", ERR_BAD_FIELD, ERR_BAD_FIELD, "folio"},
	{"{" HAT_JSON ",\"folio\":{\"x\":1}}", ERR_BAD_FIELD, ERR_BAD_FIELD, "folio"},
	{"{" HAT_JSON ",\"folio\":\"a|b\"}", ERR_BAD_FIELD, ERR_BAD_FIELD, "folio"},
	{"{" HAT_JSON ",\"folio\":\"a\\u007cb\"}", ERR_BAD_FIELD, ERR_BAD_FIELD, "folio"},
	{"{" HAT_JSON ",\"folio\":\"a\\nb\"}", ERR_BAD_FIELD, ERR_BAD_FIELD, "folio"},
	{"{" HAT_JSON ",\"folio\":\"a\\u001bb\"}", ERR_BAD_FIELD, ERR_BAD_FIELD, "folio"},
	{"{" HAT_JSON ",\"folio\":\"a\\u007fb\"}", ERR_BAD_FIELD, ERR_BAD_FIELD, "folio"},
	{"{" HAT_JSON ",\"folio\":\"a\xc2\x9b"
	 "b\"}",
		ERR_BAD_FIELD, ERR_BAD_FIELD, "folio"},
	{"{" HAT_JSON "}", ERR_BAD_FIELD, ERR_BAD_FIELD, "folio"},
	{"{\"calidad\":\"propio\",\"folio\":\"x\"}", ERR_BAD_FIELD, ERR_BAD_FIELD, "titular"},
	{"{" HAT_JSON ",\"Folio\":\"x\"}", ERR_BAD_FIELD, ERR_BAD_FIELD, "Folio"},
	/* what a newer peer may add: the server says no, the client skips it */
	{"{" HAT_JSON ",\"folio\":\"x\",\"otro\":null}", ERR_BAD_FIELD, OK, "otro"},
	{"{" HAT_JSON ",\"folio\":\"x\",\"FOLIO\":\"y\"}", ERR_BAD_FIELD, OK, "FOLIO"},
	{"{" HAT_JSON ",\"folio\":\"x\",\"o\":[[[[[[[1]]]]]]]}", ERR_BAD_FIELD, OK, "o"},
	{"{" HAT_JSON ",\"folio\":\"x\",\"o\":[[[[[[[[]]]]]]]]}", ERR_BAD_JSON, ERR_BAD_JSON, NULL},
	/* an unknown key that can't be told back safely is told by its message */
	{"{" HAT_JSON ",\"folio\":\"x\",\"a\xc2\x9b\":1}", ERR_BAD_FIELD, OK, "documento_pedir"},
	{"{" HAT_JSON ",\"folio\":\"x\",\"a|b\":1}", ERR_BAD_FIELD, OK, "documento_pedir"},
};

static enum err decode(const char *json, enum codec_mode mode, const char *want_at)
{
	ARENA(a, ALLOWANCE);
	struct m_documento_pedir m;
	const char *at = NULL;
	enum err e = codec_decode(&a, &message_documento_pedir, mode, bytes_of_text(json), &m, &at);

	if (e == ERR_BAD_FIELD && (at == NULL || strcmp(at, want_at) != 0))
		fail_msg("%s: at fault %s, not %s", json, at, want_at);
	return e;
}

static void odd_json_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(odds); i++) {
		const char *at = odds[i].at;

		/* A wrong-case key leaves the right one missing where unknown keys are skipped. */
		if (decode(odds[i].json, CODEC_STRICT, at) != odds[i].strict)
			fail_msg("strict: %s", odds[i].json);
		if (at != NULL && strcmp(at, "Folio") == 0)
			at = "folio";
		if (decode(odds[i].json, CODEC_TOLERANT, at) != odds[i].tolerant)
			fail_msg("tolerant: %s", odds[i].json);
	}
}

static void a_raw_nul_is_refused(void **state)
{
	static const char json[] = "{" HAT_JSON ",\"folio\":\"x\0y\"}";
	static const char tail[] = "{" HAT_JSON ",\"folio\":\"x\"}\0";
	ARENA(a, ALLOWANCE);
	struct m_documento_pedir m;

	(void)state;
	assert_int_equal(ERR_BAD_JSON, codec_decode(&a, &message_documento_pedir, CODEC_STRICT,
					       bytes_of(json, sizeof(json) - 1), &m, NULL));
	assert_int_equal(ERR_BAD_JSON, codec_decode(&a, &message_documento_pedir, CODEC_STRICT,
					       bytes_of(tail, sizeof(tail) - 1), &m, NULL));
}

/* What passes is kept exactly: escapes, numbers, order of lists. */
static void values_arrive_exactly(void **state)
{
	static const char json[] =
		"{\"cursor\":\"c\\\"\\\\\\u00d1\\ud83d\\ude00\\/\",\"ahora\":"
		"253402300799999,\"mas\":true,\"calendario\":{\"desde\":\"a\","
		"\"hasta\":\"b\",\"inhabiles\":[{\"fecha\":\"1\",\"motivo\":\"x|y\\nz\"},"
		"{\"fecha\":\"2\",\"motivo\":\"\"}]}}";
	ARENA(a, ALLOWANCE);
	struct m_sincronizado m;

	(void)state;
	assert_int_equal(OK, codec_decode(&a, &message_sincronizado, CODEC_TOLERANT,
				     bytes_of_text(json), &m, NULL));
	assert_string_equal("c\"\\Ñ\xf0\x9f\x98\x80/", m.cursor);
	assert_int_equal(MAX_MS, m.ahora);
	assert_true(m.mas);
	assert_int_equal(0, m.notificaciones_count);
	assert_int_equal(2, m.calendario->inhabiles_count);
	assert_string_equal("x|y\nz", m.calendario->inhabiles[0].motivo);
	assert_string_equal("2", m.calendario->inhabiles[1].fecha);
}

/* Answers may have lines and bars, but nothing that a terminal obeys. */
static void answers_hold_no_control_characters(void **state)
{
	static const char *const bad[] = {
		"\\t", "\\r", "\\u001b", "\\u0001", "\\u007f", "\\u0085", "\xc2\x9b"};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		ARENA(a, ALLOWANCE);
		struct m_fallo m;
		struct bytes again;
		char *json = arena_printf(&a, "{\"error\":\"a%sb\"}", bad[i]);

		assert_int_equal(ERR_BAD_FIELD, codec_decode(&a, &message_fallo, CODEC_TOLERANT,
							bytes_of_text(json), &m, NULL));
		m = (struct m_fallo){.error = "a\x1b"};
		assert_int_equal(ERR_BAD_FIELD, codec_encode(&a, &message_fallo, &m, &again));
	}
}

static void a_bool_is_a_word(void **state)
{
	static const char *const bad[] = {"1", "0", "\"true\"", "null", "[]", "{}"};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		ARENA(a, ALLOWANCE);
		struct m_sincronizado m;
		const char *at = NULL;
		char *json = arena_printf(&a, "{\"cursor\":\"c\",\"ahora\":1,\"mas\":%s}", bad[i]);

		assert_int_equal(
			ERR_BAD_FIELD, codec_decode(&a, &message_sincronizado, CODEC_TOLERANT,
					       bytes_of_text(json), &m, &at));
		assert_string_equal("mas", at);
	}
}

/* Lists are lists and objects are objects. */
static void shapes_are_kept(void **state)
{
	static const char *const bad[] = {"\"notificaciones\":{}", "\"notificaciones\":[1]",
		"\"notificaciones\":null", "\"calendario\":[]", "\"calendario\":\"x\"",
		"\"calendario\":{\"desde\":\"a\",\"hasta\":\"b\",\"inhabiles\":\"x\"}"};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		ARENA(a, ALLOWANCE);
		struct m_sincronizado m;
		char *json =
			arena_printf(&a, "{\"cursor\":\"c\",\"ahora\":1,\"mas\":true,%s}", bad[i]);

		assert_int_equal(
			ERR_BAD_FIELD, codec_decode(&a, &message_sincronizado, CODEC_TOLERANT,
					       bytes_of_text(json), &m, NULL));
	}
}

/* An answer cut at any byte is no answer; each copy has its exact size, so ASan sees a step past.
 */
static void no_prefix_is_a_message(void **state)
{
	ARENA(a, ALLOWANCE);
	struct bytes json;

	(void)state;
	assert_int_equal(OK,
		codec_encode(&a, &message_fallo, filled(&a, &message_fallo, FILL_MOST, 1), &json));
	for (size_t n = 0; n < json.size; n++) {
		AUTO(mem) cut = mem_alloc(n);
		struct m_fallo m;

		memcpy(cut, json.data, n);
		assert_int_equal(ERR_BAD_JSON, codec_decode(&a, &message_fallo, CODEC_TOLERANT,
						       bytes_of(cut, n), &m, NULL));
	}
}

static void a_nested_fault_names_the_inner_key(void **state)
{
	static const char json[] =
		"{\"cursor\":\"c\",\"ahora\":1,\"mas\":false,\"calendario\":{"
		"\"desde\":\"a\",\"hasta\":\"b\",\"inhabiles\":[{\"fecha\":7}]}}";
	ARENA(a, ALLOWANCE);
	struct m_sincronizado m;
	const char *at = NULL;

	(void)state;
	assert_int_equal(ERR_BAD_FIELD, codec_decode(&a, &message_sincronizado, CODEC_TOLERANT,
						bytes_of_text(json), &m, &at));
	assert_string_equal("fecha", at);
}

static void base64_is_exact(void **state)
{
	static const char *const bad[] = {
		"QQ", "QQ=", "QR==", "QQ==\\n", "Q Q=", "QQ==QQ==", "Q-_="};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		ARENA(a, ALLOWANCE);
		struct m_entrar m;
		const char *at = NULL;
		char *json = arena_printf(&a,
			"{" HAT_JSON
			",\"certificado\":\"%s\",\"llave_lectura\":\"QQ==\",\"version\":1}",
			bad[i]);

		assert_int_equal(ERR_BAD_FIELD, codec_decode(&a, &message_entrar, CODEC_STRICT,
							bytes_of_text(json), &m, &at));
		assert_string_equal("certificado", at);
	}
}

static void too_many_keys_are_refused(void **state)
{
	(void)state;
	for (int n = 61; n <= 62; n++) {
		ARENA(a, ALLOWANCE);
		struct m_documento_pedir m;
		char *json = arena_strdup(&a, "{" HAT_JSON ",\"folio\":\"x\"");

		for (int i = 0; i < n; i++)
			json = arena_printf(&a, "%s,\"k%d\":1", json, i);
		json = arena_printf(&a, "%s}", json);
		assert_int_equal(n == 61 ? OK : ERR_BAD_JSON,
			codec_decode(&a, &message_documento_pedir, CODEC_TOLERANT,
				bytes_of_text(json), &m, NULL));
	}
}

static void encoding_is_compact_and_in_order(void **state)
{
	ARENA(a, ALLOWANCE);
	struct m_sincronizar m = {.hat = {"PEÑA8001019Q8", "propio"}, .espera_s = 50};
	struct bytes json;

	(void)state;
	assert_int_equal(OK, codec_encode(&a, &message_sincronizar, &m, &json));
	assert_string_equal(
		"{\"titular\":\"PEÑA8001019Q8\",\"calidad\":\"propio\",\"espera_s\":50}",
		(const char *)json.data);
	m.hat.titular = "a\nb";
	assert_int_equal(ERR_BAD_FIELD, codec_encode(&a, &message_sincronizar, &m, &json));
	m.hat.titular = NULL;
	assert_int_equal(ERR_BAD_FIELD, codec_encode(&a, &message_sincronizar, &m, &json));
	m.hat.titular = "\xff";
	assert_int_equal(ERR_BAD_FIELD, codec_encode(&a, &message_sincronizar, &m, &json));
}

static void a_hole_is_filled_later(void **state)
{
	ARENA(a, ALLOWANCE);
	struct m_acuse *m = filled(&a, &message_acuse, FILL_MOST, 2);
	struct m_acuse back;
	struct bytes json;
	struct bytes whole;
	const unsigned char *sello = m->sello.data;
	size_t hole = 0;

	(void)state;
	m->sello.size = 256;
	assert_int_equal(OK, codec_encode(&a, &message_acuse, m, &whole));
	m->sello.data = NULL;
	assert_int_equal(OK, codec_encode_hole(&a, &message_acuse, m, "sello", &json, &hole));
	assert_int_equal(whole.size, json.size);
	/* Unfilled it is no message. */
	assert_int_equal(
		ERR_BAD_FIELD, codec_decode(&a, &message_acuse, CODEC_STRICT, json, &back, NULL));
	assert_memory_equal("\"sello\":\"", json.data + hole - 9, 9);
	memcpy((unsigned char *)(uintptr_t)json.data + hole, whole.data + hole, 344);
	assert_true(bytes_equal(whole, json));
	m->sello.data = sello;
	assert_int_equal(
		ERR_INTERNAL, codec_encode_hole(&a, &message_acuse, m, "no_such", &json, &hole));
}

/* Every allocation, ours and cJSON's, may fail: a clean error, nothing leaked (ASan). */
static void any_allocation_may_fail(void **state)
{
	ARENA(outer, ALLOWANCE);
	struct bytes json;
	enum err e = ERR_NO_MEMORY;
	long n = 0;

	(void)state;
	assert_int_equal(OK, codec_encode(&outer, &message_sincronizado,
				     filled(&outer, &message_sincronizado, FILL_MOST, 3), &json));
	while (e != OK) {
		ARENA(a, ALLOWANCE);
		struct m_sincronizado m;
		struct bytes again;

		mem_fail_at(++n);
		e = codec_decode(&a, &message_sincronizado, CODEC_STRICT, json, &m, NULL);
		if (e == OK)
			e = codec_encode(&a, &message_sincronizado, &m, &again);
		mem_fail_at(0);
		if (e != OK)
			assert_int_equal(ERR_NO_MEMORY, e);
	}
	assert_true(n > 100);
}

static void an_allowance_ends_cleanly(void **state)
{
	ARENA(outer, ALLOWANCE);
	struct bytes json;

	(void)state;
	assert_int_equal(OK, codec_encode(&outer, &message_sincronizado,
				     filled(&outer, &message_sincronizado, FILL_MOST, 200), &json));
	for (size_t allowance = 0; allowance < 65536; allowance += 4096) {
		ARENA(a, allowance);
		struct m_sincronizado m;

		assert_int_equal(ERR_NO_MEMORY,
			codec_decode(&a, &message_sincronizado, CODEC_TOLERANT, json, &m, NULL));
	}
}

static void no_table_outgrows_the_scan(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(all); i++) {
		assert_true(all[i]->field_count <= JSON_SCAN_KEYS);
		assert_int_equal(
			all[i]->has_hat, strcmp(all[i]->fields[0].key, "titular") == 0 &&
						 strcmp(all[i]->fields[1].key, "calidad") == 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_message_comes_back_whole),
		cmocka_unit_test(every_limit_holds),
		cmocka_unit_test(every_needed_key_is_needed),
		cmocka_unit_test(odd_json_is_refused),
		cmocka_unit_test(a_raw_nul_is_refused),
		cmocka_unit_test(values_arrive_exactly),
		cmocka_unit_test(answers_hold_no_control_characters),
		cmocka_unit_test(a_bool_is_a_word),
		cmocka_unit_test(shapes_are_kept),
		cmocka_unit_test(no_prefix_is_a_message),
		cmocka_unit_test(a_nested_fault_names_the_inner_key),
		cmocka_unit_test(base64_is_exact),
		cmocka_unit_test(too_many_keys_are_refused),
		cmocka_unit_test(encoding_is_compact_and_in_order),
		cmocka_unit_test(a_hole_is_filled_later),
		cmocka_unit_test(any_allocation_may_fail),
		cmocka_unit_test(an_allowance_ends_cleanly),
		cmocka_unit_test(no_table_outgrows_the_scan),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
