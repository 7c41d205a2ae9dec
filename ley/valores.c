#include "ley/valores.h"

#include <stdbool.h>
#include <string.h>
#include "base/buf.h"
#include "base/utf8.h"

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

enum err valores_join(
	struct arena *a, const struct valor *rows, size_t count, const char **ret_text)
{
	struct buf b;

	buf_init(&b, a);
	buf_text(&b, "|");
	for (size_t i = 0; i < count; i++) {
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
static enum err take(struct arena *a, const char **text, struct valor *row)
{
	size_t n = strlen(row->label);
	const char *p = *text;

	if (*p != '|' || strncmp(p + 1, row->label, n) != 0 || p[1 + n] != ':')
		return ERR_BAD_FIELD;
	p += n + 2;
	size_t size = strcspn(p, "|");
	char *value = arena_copy(a, p, size);

	if (value == NULL)
		return ERR_NO_MEMORY;
	if (!value_ok(value))
		return ERR_BAD_FIELD;
	row->value = value;
	*text = p + size;
	return OK;
}

enum err valores_split(struct arena *a, const char *text, struct valor *rows, size_t count)
{
	if (text == NULL || *text++ != '|')
		return ERR_BAD_FIELD;
	for (size_t i = 0; i < count; i++) {
		enum err e = take(a, &text, &rows[i]);

		if (e != OK)
			return e;
	}
	return strcmp(text, "||") == 0 ? OK : ERR_BAD_FIELD;
}
