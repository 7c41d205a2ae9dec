#include "net/json_line.h"

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

/* The first of its object or list has no comma before it. */
static void separate(struct json_line *j)
{
	size_t n = j->buf.size;

	if (n > 0 && j->buf.data[n - 1] != '{' && j->buf.data[n - 1] != '[')
		buf_char(&j->buf, ',');
}

static void add_key(struct json_line *j, const char *key)
{
	separate(j);
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

void json_line_message(struct json_line *j, const struct message *m, const void *value)
{
	struct bytes text = {0};

	if (codec_encode(j->buf.arena, m, value, &text) != OK || text.size < 2) {
		j->buf.failed = true;
		return;
	}
	if (text.size == 2)
		return;
	separate(j);
	buf_add(&j->buf, text.data + 1, text.size - 2);
}

void json_line_list(struct json_line *j, const char *key)
{
	add_key(j, key);
	buf_char(&j->buf, '[');
}

void json_line_item(struct json_line *j, const char *text)
{
	separate(j);
	add_string(&j->buf, text);
}

void json_line_object(struct json_line *j)
{
	separate(j);
	buf_char(&j->buf, '{');
}

void json_line_object_end(struct json_line *j)
{
	buf_char(&j->buf, '}');
}

void json_line_list_end(struct json_line *j)
{
	buf_char(&j->buf, ']');
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
