#include "net/sf.h"

#include "base/b64.h"
#include "base/buf.h"

#define MOST_DIGITS 15

struct sf sf_of(struct bytes field)
{
	return (struct sf){.at = field.data, .end = field.data + field.size};
}

bool sf_end(const struct sf *s)
{
	return s->at == s->end;
}

bool sf_next(const struct sf *s, char c)
{
	return !sf_end(s) && *s->at == (unsigned char)c;
}

bool sf_char(struct sf *s, char c)
{
	if (!sf_next(s, c))
		return false;
	s->at++;
	return true;
}

void sf_blanks(struct sf *s)
{
	while (sf_char(s, ' '))
		;
}

static bool lcalpha(unsigned char c)
{
	return c >= 'a' && c <= 'z';
}

static bool digit(unsigned char c)
{
	return c >= '0' && c <= '9';
}

static bool in_key(unsigned char c)
{
	return lcalpha(c) || digit(c) || c == '_' || c == '-' || c == '.' || c == '*';
}

bool sf_key(struct sf *s, struct bytes *ret_key)
{
	const unsigned char *from = s->at;

	if (sf_end(s) || (!lcalpha(*s->at) && *s->at != '*'))
		return false;
	while (!sf_end(s) && in_key(*s->at))
		s->at++;
	*ret_key = bytes_of(from, (size_t)(s->at - from));
	return true;
}

bool sf_integer(struct sf *s, int64_t *ret_n)
{
	bool minus = sf_char(s, '-');
	int64_t n = 0;
	int digits = 0;

	for (; !sf_end(s) && digit(*s->at); s->at++) {
		if (++digits > MOST_DIGITS)
			return false;
		n = n * 10 + (*s->at - '0');
	}
	if (digits == 0 || sf_next(s, '.'))
		return false;
	*ret_n = minus ? -n : n;
	return true;
}

enum err sf_string(struct arena *a, struct sf *s, const char **ret_text)
{
	struct buf text;

	buf_init(&text, a);
	if (!sf_char(s, '"'))
		return ERR_BAD_REQUEST;
	while (!sf_end(s) && !sf_next(s, '"')) {
		if (sf_char(s, '\\') && !sf_next(s, '"') && !sf_next(s, '\\'))
			return ERR_BAD_REQUEST;
		if (*s->at < 0x20 || *s->at > 0x7e)
			return ERR_BAD_REQUEST;
		buf_char(&text, (char)*s->at++);
	}
	if (!sf_char(s, '"'))
		return ERR_BAD_REQUEST;
	const char *whole = buf_end_text(&text);

	if (whole == NULL)
		return ERR_NO_MEMORY;
	*ret_text = whole;
	return OK;
}

enum err sf_bytes(struct arena *a, struct sf *s, struct bytes *ret_raw)
{
	if (!sf_char(s, ':'))
		return ERR_BAD_REQUEST;
	const unsigned char *from = s->at;

	while (!sf_end(s) && !sf_next(s, ':'))
		s->at++;
	struct bytes text = bytes_of(from, (size_t)(s->at - from));

	if (!sf_char(s, ':'))
		return ERR_BAD_REQUEST;
	enum err e = b64_decode(a, text, ret_raw);

	return e == ERR_BAD_FIELD ? ERR_BAD_REQUEST : e;
}
