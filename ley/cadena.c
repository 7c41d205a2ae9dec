#include "ley/cadena.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/utf8.h"
#include "ley/hora.h"

static bool value_ok(const char *value)
{
	if (value == NULL || *value == '\0' || !utf8_valid(value, strlen(value)))
		return false;
	for (const unsigned char *p = (const unsigned char *)value; *p != '\0'; p++) {
		bool c1 = p[0] == 0xC2 && p[1] < 0xA0;

		if (*p < 0x20 || *p == 0x7F || *p == '|' || c1)
			return false;
	}
	return true;
}

enum err cadena_build(struct arena *a, const struct cadena *c, const char **ret_text)
{
	const struct {
		const char *label;
		const char *value;
	} rows[] = {
#define CADENA(member, label) {label, c->member},
#include "ley/cadena.def"
#undef CADENA
	};
	struct buf b;

	buf_init(&b, a);
	buf_text(&b, "|");
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		if (!value_ok(rows[i].value))
			return ERR_BAD_FIELD;
		buf_printf(&b, "|%s:%s", rows[i].label, rows[i].value);
	}
	buf_text(&b, "||");
	const char *text = buf_end_text(&b);

	if (text == NULL)
		return ERR_NO_MEMORY;
	*ret_text = text;
	return OK;
}

/* Takes `|label:value` off the front. */
static enum err take(struct arena *a, const char **text, const char *label, const char **ret_value)
{
	size_t n = strlen(label);
	const char *p = *text;

	if (*p != '|' || strncmp(p + 1, label, n) != 0 || p[1 + n] != ':')
		return ERR_BAD_FIELD;
	p += n + 2;
	size_t size = strcspn(p, "|");
	char *value = arena_copy(a, p, size);

	if (value == NULL)
		return ERR_NO_MEMORY;
	if (!value_ok(value))
		return ERR_BAD_FIELD;
	*ret_value = value;
	*text = p + size;
	return OK;
}

enum err cadena_parse(struct arena *a, const char *text, struct cadena *ret)
{
	struct cadena c = {0};
	const struct {
		const char *label;
		const char **value;
	} rows[] = {
#define CADENA(member, label) {label, &c.member},
#include "ley/cadena.def"
#undef CADENA
	};

	if (text == NULL || *text++ != '|')
		return ERR_BAD_FIELD;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		enum err e = take(a, &text, rows[i].label, rows[i].value);

		if (e != OK)
			return e;
	}
	if (strcmp(text, "||") != 0)
		return ERR_BAD_FIELD;
	*ret = c;
	return OK;
}

enum err cadena_check_time(const struct cadena *c, int64_t now, int64_t skew_ms)
{
	int64_t elaborado;
	enum err e = hora_parse(c->elaborado, &elaborado);

	if (e != OK)
		return e;
	return llabs(now - elaborado) <= skew_ms ? OK : ERR_CLOCK_OFF;
}
