#include "app/json_line.h"

/* RFC 8259 section 7; valid UTF-8 goes as it is, DEL and C0 never reach a terminal raw. */
static void add_string(struct buf *b, const char *text)
{
	buf_char(b, '"');
	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;

		if (c == '"' || c == '\\')
			buf_printf(b, "\\%c", c);
		else if (c < 0x20 || c == 0x7f)
			buf_printf(b, "\\u%04x", c);
		else
			buf_char(b, *text);
	}
	buf_char(b, '"');
}

static void add_key(struct json_line *j, const char *key)
{
	if (j->buf.size > 1)
		buf_char(&j->buf, ',');
	add_string(&j->buf, key);
	buf_char(&j->buf, ':');
}

void json_line_begin(struct json_line *j, struct arena *a)
{
	buf_init(&j->buf, a);
	buf_char(&j->buf, '{');
}

void json_line_text(struct json_line *j, const char *key, const char *text)
{
	if (text == NULL)
		return;
	add_key(j, key);
	add_string(&j->buf, text);
}

void json_line_int(struct json_line *j, const char *key, int64_t n)
{
	add_key(j, key);
	buf_printf(&j->buf, "%lld", (long long)n);
}

void json_line_bool(struct json_line *j, const char *key, bool yes)
{
	add_key(j, key);
	buf_text(&j->buf, yes ? "true" : "false");
}

enum err json_line_end(struct json_line *j, FILE *out)
{
	struct bytes line;

	buf_text(&j->buf, "}\n");
	enum err e = buf_end(&j->buf, &line);

	if (e == OK)
		fwrite(line.data, 1, line.size, out);
	return e;
}
