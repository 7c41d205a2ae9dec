#include "net/json_scan.h"

#include <stdint.h>
#include "base/utf8.h"

#define EXACT (INT64_C(1) << 53)

struct scan {
	const unsigned char *at;
	const unsigned char *end;
	unsigned depth;
};

static bool value(struct scan *s);

static bool take(struct scan *s, unsigned char c)
{
	if (s->at == s->end || *s->at != c)
		return false;
	s->at++;
	return true;
}

static void blanks(struct scan *s)
{
	while (s->at != s->end &&
		(*s->at == ' ' || *s->at == '\t' || *s->at == '\n' || *s->at == '\r'))
		s->at++;
}

static bool word(struct scan *s, const char *text)
{
	for (; *text != '\0'; text++)
		if (!take(s, (unsigned char)*text))
			return false;
	return true;
}

static bool digit(const struct scan *s)
{
	return s->at != s->end && *s->at >= '0' && *s->at <= '9';
}

static bool number(struct scan *s)
{
	bool minus = take(s, '-');
	int64_t n = 0;

	if (!digit(s))
		return false;
	if (take(s, '0'))
		return !minus;
	for (; digit(s); s->at++) {
		n = n * 10 + (*s->at - '0');
		if (n > EXACT)
			return false;
	}
	return true;
}

static int nibble(unsigned char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The four digits behind \u. */
static bool unit(struct scan *s, unsigned *ret)
{
	unsigned v = 0;

	if (s->end - s->at < 4)
		return false;
	for (int i = 0; i < 4; i++) {
		int n = nibble(*s->at++);

		if (n < 0)
			return false;
		v = v << 4 | (unsigned)n;
	}
	*ret = v;
	return true;
}

static bool escape(struct scan *s)
{
	unsigned v = 0;

	if (s->at == s->end)
		return false;
	if (!take(s, 'u'))
		return memchr("\"\\/bfnrt", *s->at++, 8) != NULL;
	if (!unit(s, &v) || v == 0 || (v >= 0xdc00 && v <= 0xdfff))
		return false;
	if (v < 0xd800 || v > 0xdbff)
		return true;
	return word(s, "\\u") && unit(s, &v) && v >= 0xdc00 && v <= 0xdfff;
}

static bool string(struct scan *s)
{
	if (!take(s, '"'))
		return false;
	while (s->at != s->end) {
		unsigned char c = *s->at++;

		if (c == '"')
			return true;
		if (c < 0x20 || (c == '\\' && !escape(s)))
			return false;
	}
	return false;
}

/* A key, and whether it is none of those before it. */
static bool key(struct scan *s, struct bytes *keys, size_t count)
{
	const unsigned char *from = s->at;

	if (count == JSON_SCAN_KEYS || !string(s))
		return false;
	struct bytes k = bytes_of(from + 1, (size_t)(s->at - from) - 2);

	if (k.size == 0 || memchr(k.data, '\\', k.size) != NULL)
		return false;
	for (size_t i = 0; i < count; i++)
		if (bytes_equal(keys[i], k))
			return false;
	keys[count] = k;
	return true;
}

static bool object(struct scan *s)
{
	struct bytes keys[JSON_SCAN_KEYS];
	size_t count = 0;

	blanks(s);
	if (take(s, '}'))
		return true;
	do {
		blanks(s);
		if (!key(s, keys, count++))
			return false;
		blanks(s);
		if (!take(s, ':') || !value(s))
			return false;
	} while (take(s, ','));
	return take(s, '}');
}

static bool array(struct scan *s)
{
	blanks(s);
	if (take(s, ']'))
		return true;
	do
		if (!value(s))
			return false;
	while (take(s, ','));
	return take(s, ']');
}

static bool nested(struct scan *s, bool (*inside)(struct scan *))
{
	s->at++;
	if (s->depth == JSON_SCAN_DEPTH)
		return false;
	s->depth++;
	bool good = inside(s);

	s->depth--;
	return good;
}

static bool bare(struct scan *s)
{
	switch (s->at != s->end ? *s->at : 0) {
	case '{':
		return nested(s, object);
	case '[':
		return nested(s, array);
	case '"':
		return string(s);
	case 't':
		return word(s, "true");
	case 'f':
		return word(s, "false");
	case 'n':
		return word(s, "null");
	default:
		return number(s);
	}
}

/* A value with the blanks around it. */
static bool value(struct scan *s)
{
	blanks(s);
	bool good = bare(s);

	blanks(s);
	return good;
}

enum err json_scan(struct bytes text)
{
	struct scan s = {.at = text.data, .end = text.data + text.size};

	if (text.size == 0 || !utf8_valid((const char *)text.data, text.size))
		return ERR_BAD_JSON;
	blanks(&s);
	if (s.at == s.end || *s.at != '{' || !value(&s) || s.at != s.end)
		return ERR_BAD_JSON;
	return OK;
}
