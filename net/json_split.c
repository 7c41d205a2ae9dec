#include "net/json_split.h"

#include <string.h>
#include "base/buf.h"

static int take(struct json_split *s)
{
	int c = getc(s->in);

	if (c == '\n')
		s->line++;
	return c;
}

/* The next character that is no blank; EOF. */
static int take_solid(struct json_split *s)
{
	int c;

	do
		c = take(s);
	while (c == ' ' || c == '\t' || c == '\n' || c == '\r');
	return c;
}

/* Where a text stands: how deep, and whether in a string. */
struct place {
	unsigned depth;
	bool text;
	bool escaped;
};

static void step(struct place *p, int c)
{
	if (p->text) {
		if (!p->escaped && c == '"')
			p->text = false;
		p->escaped = !p->escaped && c == '\\';
	} else if (c == '"') {
		p->text = true;
	} else if (c == '{' || c == '[') {
		p->depth++;
	} else if (c == '}' || c == ']') {
		p->depth--;
	}
}

/* The rest of the object whose brace is taken. */
static enum err rest(struct json_split *s, struct arena *a, struct bytes *ret)
{
	struct place p = {.depth = 1};
	struct buf b;

	buf_init(&b, a);
	buf_char(&b, '{');
	while (p.depth != 0) {
		int c = take(s);

		if (c == EOF)
			return ERR_BAD_JSON;
		if (b.size == JSON_SPLIT_BYTES)
			return ERR_TOO_LARGE;
		buf_char(&b, (char)c);
		step(&p, c);
	}
	return buf_end(&b, ret);
}

/* What must stand before the next object; *ret is its brace, or EOF. */
static enum err before(struct json_split *s, int *ret)
{
	bool first = !s->begun;
	int c = take_solid(s);

	s->begun = true;
	if (first && c == '[') {
		s->list = true;
		c = take_solid(s);
	} else if (s->list && c == ',') {
		c = take_solid(s);
		if (c == ']')
			return ERR_BAD_JSON;
	} else if (s->list && c != ']') {
		return ERR_BAD_JSON;
	}
	if (s->list && c == ']') {
		s->done = true;
		c = take_solid(s);
		if (c != EOF)
			return ERR_BAD_JSON;
	}
	if (c != '{' && (c != EOF || (s->list && !s->done)))
		return ERR_BAD_JSON;
	*ret = c;
	return OK;
}

enum err json_split_next(struct json_split *s, struct arena *a, struct bytes *ret, int *ret_line)
{
	int c = EOF;
	enum err e = s->done ? ERR_NOT_FOUND : before(s, &c);

	if (e == OK && c == EOF)
		e = ERR_NOT_FOUND;
	*ret_line = s->line;
	if (e == OK)
		e = rest(s, a, ret);
	return ferror(s->in) ? ERR_IO : e;
}

bool json_split_has(struct bytes object, const char *key)
{
	const char *text = (const char *)object.data;
	size_t size = strlen(key);
	struct place p = {0};
	bool name = false; /* at the depth of the object, a name may come */

	for (size_t i = 0; i < object.size; i++) {
		if (p.depth == 1 && !p.text && text[i] == '"' && name &&
			object.size - i > size + 1 && memcmp(text + i + 1, key, size) == 0 &&
			text[i + 1 + size] == '"')
			return true;
		step(&p, (unsigned char)text[i]);
		if (p.depth == 1 && !p.text && (text[i] == '{' || text[i] == ','))
			name = true;
		if (p.depth == 1 && !p.text && text[i] == ':')
			name = false;
	}
	return false;
}
