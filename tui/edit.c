#include "tui/edit.h"

#include <string.h>
#include "base/mem.h"
#include "base/utf8.h"

void edit_free(struct edit *e)
{
	if (e->text != NULL)
		explicit_bzero(e->text, e->capacity);
	mem_free(e->text);
	*e = (struct edit){.limit = e->limit, .lines = e->lines};
}

const char *edit_text(const struct edit *e)
{
	return e->text != NULL ? e->text : "";
}

static bool reserve(struct edit *e, size_t more)
{
	size_t room = e->capacity != 0 ? e->capacity : 64;

	while (room < e->size + more + 1)
		room *= 2;
	if (room == e->capacity)
		return true;
	char *bigger = mem_realloc(e->text, room);

	if (bigger == NULL)
		return false;
	if (e->text == NULL)
		bigger[0] = '\0';
	e->text = bigger;
	e->capacity = room;
	return true;
}

enum err edit_set(struct edit *e, const char *text)
{
	size_t size = strlen(text);

	if (size > e->size && !reserve(e, size - e->size))
		return ERR_NO_MEMORY;
	if (e->text != NULL)
		memcpy(e->text, text, size + 1);
	e->size = size;
	e->cursor = size;
	return OK;
}

static bool insert_char(struct edit *e, uint32_t c)
{
	char bytes[4];
	size_t n = utf8_encode(c, bytes);

	if (e->limit != 0 && utf8_count(edit_text(e)) >= e->limit)
		return false;
	if (n == 0 || !reserve(e, n))
		return false;
	memmove(e->text + e->cursor + n, e->text + e->cursor, e->size - e->cursor + 1);
	memcpy(e->text + e->cursor, bytes, n);
	e->size += n;
	e->cursor += n;
	return true;
}

bool edit_insert(struct edit *e, const char *text, size_t size)
{
	for (size_t i = 0; i < size;) {
		uint32_t c = 0;
		size_t n = utf8_decode(text + i, size - i, &c);

		i += n != 0 ? n : 1;
		if (n == 0 || (c == '\n' && !e->lines))
			continue;
		if (c == '\t')
			c = ' ';
		if ((c == '\n' || !utf8_harmful(c)) && !insert_char(e, c))
			return false;
	}
	return true;
}

static size_t before(const struct edit *e)
{
	size_t at = e->cursor;

	while (at > 0 && (e->text[--at] & 0xc0) == 0x80)
		;
	return at;
}

static size_t after(const struct edit *e)
{
	size_t at = e->cursor;

	if (at < e->size)
		at++;
	while (at < e->size && (e->text[at] & 0xc0) == 0x80)
		at++;
	return at;
}

static enum edit_result erase(struct edit *e, size_t from, size_t to)
{
	if (from == to)
		return EDIT_MOVED;
	memmove(e->text + from, e->text + to, e->size - to + 1);
	e->size -= to - from;
	e->cursor = from;
	return EDIT_CHANGED;
}

static size_t word_before(const struct edit *e)
{
	size_t at = e->cursor;

	while (at > 0 && e->text[at - 1] == ' ')
		at--;
	while (at > 0 && e->text[at - 1] != ' ')
		at--;
	return at;
}

static enum edit_result go(struct edit *e, size_t to)
{
	e->cursor = to;
	return EDIT_MOVED;
}

enum edit_result edit_key(struct edit *e, uint32_t key)
{
	switch (key) {
	case KEYS_LEFT:
		return go(e, before(e));
	case KEYS_RIGHT:
		return go(e, after(e));
	case KEYS_HOME:
	case KEYS_CTRL('A'):
		return go(e, 0);
	case KEYS_END:
	case KEYS_CTRL('E'):
		return go(e, e->size);
	case KEYS_BACKSPACE:
		return erase(e, before(e), e->cursor);
	case KEYS_DELETE:
		return erase(e, e->cursor, after(e));
	case KEYS_CTRL('K'):
		return erase(e, e->cursor, e->size);
	case KEYS_CTRL('U'):
		return erase(e, 0, e->cursor);
	case KEYS_CTRL('W'):
		return erase(e, word_before(e), e->cursor);
	default:
		if (!keys_is_text(key) || utf8_harmful(key))
			return EDIT_NOT_MINE;
		return insert_char(e, key) ? EDIT_CHANGED : EDIT_FULL;
	}
}
