#include "net/codec.h"

#include <cjson/cJSON.h>
#include <threads.h>
#include "base/b64.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "net/json_scan.h"

/* An unknown key is told to the peer only if it fits `campo` of message fallo and is harmless. */
#define TOLD_KEY 60

/* clang-format off */
#define NEED true
#define MAY false
#define MESSAGE(m, what) static const struct field fields_##m[] = {
#define HAT(m)                                                                                     \
	{.key = "titular", .kind = FIELD_TEXT, .need = true, .max = 26,                            \
		.offset = offsetof(struct m_##m, hat.titular)},                                    \
	{.key = "calidad", .kind = FIELD_TEXT, .need = true, .max = 16,                            \
		.offset = offsetof(struct m_##m, hat.calidad)},
#define TEXT(m, member, most, must)                                                                \
	{.key = #member, .kind = FIELD_TEXT, .need = must, .max = most,                            \
		.offset = offsetof(struct m_##m, member)},
#define INT(m, member, least, most, must)                                                          \
	{.key = #member, .kind = FIELD_INT, .need = must, .min = least, .max = most,               \
		.offset = offsetof(struct m_##m, member)},
#define BOOL(m, member, must)                                                                      \
	{.key = #member, .kind = FIELD_BOOL, .need = must,                                         \
		.offset = offsetof(struct m_##m, member)},
#define DATA(m, member, most, must)                                                                \
	{.key = #member, .kind = FIELD_DATA, .need = must, .max = most,                            \
		.offset = offsetof(struct m_##m, member)},
#define ONE(m, member, other, must)                                                                \
	{.key = #member, .kind = FIELD_ONE, .need = must, .sub = &message_##other,                 \
		.offset = offsetof(struct m_##m, member)},
#define MANY(m, member, other, most)                                                               \
	{.key = #member, .kind = FIELD_MANY, .max = most, .sub = &message_##other,                 \
		.offset = offsetof(struct m_##m, member),                                          \
		.offset_count = offsetof(struct m_##m, member##_count)},
#define END(m) };
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

#define MESSAGE(m, text)                                                                           \
	const struct message message_##m = {.name = #m, .what = text,                              \
		.size = sizeof(struct m_##m), .fields = fields_##m,                                \
		.field_count = COUNT_OF(fields_##m),
#define HAT(m) .has_hat = true,
#define TEXT(m, member, most, must)
#define INT(m, member, least, most, must)
#define BOOL(m, member, must)
#define DATA(m, member, most, must)
#define ONE(m, member, other, must)
#define MANY(m, member, other, most)
#define END(m) };
#include "net/messages.def"
/* clang-format on */

static once_flag hooked = ONCE_FLAG_INIT;

static void hook(void)
{
	cJSON_Hooks hooks = {.malloc_fn = mem_alloc, .free_fn = mem_free};

	cJSON_InitHooks(&hooks);
}

AUTO_TYPE(tree, cJSON, cJSON_Delete);

/*
 * Whether a text may be in a message: valid, no longer than the row says, no control characters.
 * Those of requests end in cadenas and logs, so neither `|` nor newline; answers may have both.
 */
static bool text_allowed(const char *text, size_t size, int64_t max, bool request)
{
	uint32_t c = 0;

	if ((int64_t)size > max)
		return false;
	for (size_t i = 0, n; i < size; i += n) {
		n = utf8_decode(text + i, size - i, &c);
		if (n == 0 || (c >= 0x7f && c <= 0x9f))
			return false;
		if (request ? c < 0x20 || c == '|' : c < 0x20 && c != '\n')
			return false;
	}
	return true;
}

struct decoder {
	struct arena *arena;
	enum codec_mode mode;
	bool request;
	const char *at_fault;
};

static enum err decode_object(
	struct decoder *d, const struct message *m, const cJSON *json, void *to);

static enum err decode_text(
	const struct decoder *d, const struct field *f, const cJSON *json, void *to)
{
	if (!cJSON_IsString(json))
		return ERR_BAD_FIELD;
	size_t size = strlen(json->valuestring);

	if (!text_allowed(json->valuestring, size, f->max, d->request))
		return ERR_BAD_FIELD;
	const char *text = arena_copy(d->arena, json->valuestring, size);

	if (text == NULL)
		return ERR_NO_MEMORY;
	memcpy(to, &text, sizeof(text));
	return OK;
}

/* The scan let only integers within 2^53 pass, so the double is exact. */
static enum err decode_int(const struct field *f, const cJSON *json, int64_t *to)
{
	if (!cJSON_IsNumber(json))
		return ERR_BAD_FIELD;
	int64_t n = (int64_t)json->valuedouble;

	if (n < f->min || n > f->max)
		return ERR_BAD_FIELD;
	*to = n;
	return OK;
}

static enum err decode_bool(const cJSON *json, bool *to)
{
	if (!cJSON_IsBool(json))
		return ERR_BAD_FIELD;
	*to = cJSON_IsTrue(json);
	return OK;
}

static enum err decode_data(
	const struct decoder *d, const struct field *f, const cJSON *json, struct bytes *to)
{
	if (!cJSON_IsString(json))
		return ERR_BAD_FIELD;
	struct bytes text = bytes_of_text(json->valuestring);
	struct bytes raw;

	if (text.size / 4 > (size_t)f->max / 3 + 1)
		return ERR_BAD_FIELD;
	enum err e = b64_decode(d->arena, text, &raw);

	if (e != OK)
		return e;
	if (raw.size > (size_t)f->max)
		return ERR_BAD_FIELD;
	*to = raw;
	return OK;
}

static enum err decode_one(struct decoder *d, const struct field *f, const cJSON *json, void *to)
{
	if (!cJSON_IsObject(json))
		return ERR_BAD_FIELD;
	void *one = arena_zalloc(d->arena, f->sub->size);

	if (one == NULL)
		return ERR_NO_MEMORY;
	enum err e = decode_object(d, f->sub, json, one);

	if (e == OK)
		memcpy(to, &one, sizeof(one));
	return e;
}

static enum err decode_many(
	struct decoder *d, const struct field *f, const cJSON *json, void *to, size_t *to_count)
{
	if (!cJSON_IsArray(json))
		return ERR_BAD_FIELD;
	size_t count = (size_t)cJSON_GetArraySize(json);

	if (count > (size_t)f->max)
		return ERR_BAD_FIELD;
	if (count == 0)
		return OK;
	char *all = arena_array(d->arena, count, f->sub->size);
	char *next = all;
	enum err e = all != NULL ? OK : ERR_NO_MEMORY;

	for (const cJSON *j = json->child; e == OK && j != NULL; j = j->next) {
		e = cJSON_IsObject(j) ? decode_object(d, f->sub, j, next) : ERR_BAD_FIELD;
		next += f->sub->size;
	}
	if (e != OK)
		return e;
	memcpy(to, &all, sizeof(all));
	*to_count = count;
	return OK;
}

static enum err decode_value(
	struct decoder *d, const struct field *f, const cJSON *json, char *base)
{
	void *to = base + f->offset;

	switch (f->kind) {
	case FIELD_TEXT:
		return decode_text(d, f, json, to);
	case FIELD_INT:
		return decode_int(f, json, to);
	case FIELD_BOOL:
		return decode_bool(json, to);
	case FIELD_DATA:
		return decode_data(d, f, json, to);
	case FIELD_ONE:
		return decode_one(d, f, json, to);
	case FIELD_MANY:
		return decode_many(d, f, json, to, (size_t *)(void *)(base + f->offset_count));
	}
	return ERR_INTERNAL;
}

/* field_count where the message has no such key. */
static size_t field_of(const struct message *m, const char *key)
{
	size_t i = 0;

	while (i < m->field_count && strcmp(m->fields[i].key, key) != 0)
		i++;
	return i;
}

static enum err unknown_key(struct decoder *d, const struct message *m, const char *key)
{
	size_t size = strlen(key);

	d->at_fault = m->name;
	if (!text_allowed(key, size, TOLD_KEY, true))
		return ERR_BAD_FIELD;
	const char *told = arena_copy(d->arena, key, size);

	if (told == NULL)
		return ERR_NO_MEMORY;
	d->at_fault = told;
	return ERR_BAD_FIELD;
}

static enum err decode_object(
	struct decoder *d, const struct message *m, const cJSON *json, void *to)
{
	bool seen[JSON_SCAN_KEYS] = {false};
	enum err e = m->field_count <= COUNT_OF(seen) ? OK : ERR_INTERNAL;

	for (const cJSON *j = json->child; e == OK && j != NULL; j = j->next) {
		size_t i = field_of(m, j->string);

		if (i == m->field_count) {
			e = d->mode == CODEC_STRICT ? unknown_key(d, m, j->string) : OK;
			continue;
		}
		seen[i] = true;
		e = decode_value(d, &m->fields[i], j, to);
		if (e == ERR_BAD_FIELD && d->at_fault == NULL)
			d->at_fault = m->fields[i].key;
	}
	for (size_t i = 0; e == OK && i < m->field_count; i++) {
		if (m->fields[i].need && !seen[i]) {
			d->at_fault = m->fields[i].key;
			e = ERR_BAD_FIELD;
		}
	}
	return e;
}

enum err codec_decode(struct arena *a, const struct message *m, enum codec_mode mode,
	struct bytes json, void *ret_struct, const char **ret_field)
{
	struct decoder d = {.arena = a, .mode = mode, .request = m->has_hat};
	enum err e = json_scan(json);

	if (e != OK)
		return e;
	call_once(&hooked, hook);
	/*
	 * The scan passed, so all that can fail here is memory. (cJSON notes where the last parse
	 * failed in a static that threads write unordered; nobody reads it.)
	 */
	AUTO(tree) tree = cJSON_ParseWithLength((const char *)json.data, json.size);

	if (tree == NULL)
		return ERR_NO_MEMORY;
	memset(ret_struct, 0, m->size);
	e = decode_object(&d, m, tree, ret_struct);
	if (e == ERR_BAD_FIELD && ret_field != NULL)
		*ret_field = d.at_fault;
	return e;
}

struct encoder {
	struct buf out;
	struct arena *arena;
	bool request;
	const char *hole_key; /* NULL: none, or made already */
	size_t hole;
};

static enum err encode_object(struct encoder *w, const struct message *m, const char *from);

static enum err encode_text(struct encoder *w, const struct field *f, const char *text)
{
	size_t size = text != NULL ? strlen(text) : 0;

	if (text == NULL || !text_allowed(text, size, f->max, w->request))
		return ERR_BAD_FIELD;
	buf_char(&w->out, '"');
	while (*text != '\0') {
		size_t plain = strcspn(text, "\"\\\n");

		buf_add(&w->out, text, plain);
		text += plain;
		if (*text == '\0')
			break;
		buf_char(&w->out, '\\');
		buf_char(&w->out, *text == '\n' ? 'n' : *text);
		text++;
	}
	buf_char(&w->out, '"');
	return OK;
}

/* Blanks are no base64, so a hole that nobody filled can't pass for a value. */
static void encode_hole(struct encoder *w, size_t size)
{
	w->hole_key = NULL;
	w->hole = w->out.size;
	for (size_t i = 0; i < (size + 2) / 3 * 4; i++)
		buf_char(&w->out, ' ');
}

static enum err encode_data(struct encoder *w, const struct field *f, const struct bytes *data)
{
	if (data->size > (size_t)f->max)
		return ERR_BAD_FIELD;
	buf_char(&w->out, '"');
	if (w->hole_key != NULL && strcmp(w->hole_key, f->key) == 0) {
		encode_hole(w, data->size);
	} else if (data->size != 0) {
		char *text = b64_encode(w->arena, *data);

		if (text == NULL)
			return ERR_NO_MEMORY;
		buf_text(&w->out, text);
	}
	buf_char(&w->out, '"');
	return OK;
}

static enum err encode_many(struct encoder *w, const struct field *f, const char *all, size_t count)
{
	enum err e = count <= (size_t)f->max ? OK : ERR_BAD_FIELD;

	buf_char(&w->out, '[');
	for (size_t i = 0; e == OK && i < count; i++) {
		if (i != 0)
			buf_char(&w->out, ',');
		e = encode_object(w, f->sub, all + i * f->sub->size);
	}
	buf_char(&w->out, ']');
	return e;
}

static enum err encode_int(struct encoder *w, const struct field *f, int64_t n)
{
	if (n < f->min || n > f->max)
		return ERR_BAD_FIELD;
	buf_printf(&w->out, "%lld", (long long)n);
	return OK;
}

/* The pointer stored in a member, whatever its type. */
static const char *pointer_at(const char *member)
{
	const char *p;

	memcpy(&p, member, sizeof(p));
	return p;
}

static size_t count_of(const struct field *f, const char *from)
{
	return *(const size_t *)(const void *)(from + f->offset_count);
}

/* Whether the member holds nothing: zero, NULL, no bytes, no elements. */
static bool empty(const struct field *f, const char *from)
{
	const void *member = from + f->offset;

	switch (f->kind) {
	case FIELD_INT:
		return *(const int64_t *)member == 0;
	case FIELD_BOOL:
		return !*(const bool *)member;
	case FIELD_DATA:
		return ((const struct bytes *)member)->size == 0;
	case FIELD_MANY:
		return count_of(f, from) == 0;
	case FIELD_TEXT:
	case FIELD_ONE:
		break;
	}
	return pointer_at(member) == NULL;
}

static enum err encode_value(struct encoder *w, const struct field *f, const char *from)
{
	const void *member = from + f->offset;

	switch (f->kind) {
	case FIELD_TEXT:
		return encode_text(w, f, pointer_at(member));
	case FIELD_INT:
		return encode_int(w, f, *(const int64_t *)member);
	case FIELD_BOOL:
		buf_text(&w->out, *(const bool *)member ? "true" : "false");
		return OK;
	case FIELD_DATA:
		return encode_data(w, f, member);
	case FIELD_ONE:
		if (pointer_at(member) == NULL)
			return ERR_BAD_FIELD;
		return encode_object(w, f->sub, pointer_at(member));
	case FIELD_MANY:
		return encode_many(w, f, pointer_at(member), count_of(f, from));
	}
	return ERR_INTERNAL;
}

static enum err encode_object(struct encoder *w, const struct message *m, const char *from)
{
	enum err e = OK;
	char before = '{';

	for (size_t i = 0; e == OK && i < m->field_count; i++) {
		const struct field *f = &m->fields[i];

		if (!f->need && empty(f, from))
			continue;
		buf_char(&w->out, before);
		before = ',';
		buf_char(&w->out, '"');
		buf_text(&w->out, f->key);
		buf_text(&w->out, "\":");
		e = encode_value(w, f, from);
	}
	if (before == '{')
		buf_char(&w->out, before);
	buf_char(&w->out, '}');
	return e;
}

static enum err encode(struct encoder *w, struct arena *a, const struct message *m,
	const void *from, struct bytes *ret_json)
{
	w->arena = a;
	w->request = m->has_hat;
	buf_init(&w->out, a);
	enum err e = encode_object(w, m, from);

	return e == OK ? buf_end(&w->out, ret_json) : e;
}

enum err codec_encode(
	struct arena *a, const struct message *m, const void *from, struct bytes *ret_json)
{
	struct encoder w = {.hole_key = NULL};

	return encode(&w, a, m, from, ret_json);
}

enum err codec_encode_hole(struct arena *a, const struct message *m, const void *from,
	const char *hole_key, struct bytes *ret_json, size_t *ret_hole)
{
	struct encoder w = {.hole_key = hole_key};
	struct bytes json;
	enum err e = encode(&w, a, m, from, &json);

	if (e == OK && w.hole_key != NULL)
		e = ERR_INTERNAL;
	if (e != OK)
		return e;
	*ret_json = json;
	*ret_hole = w.hole;
	return OK;
}
