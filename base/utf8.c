#include "base/utf8.h"

#include "base/buf.h"

size_t utf8_decode(const char *text, size_t size, uint32_t *ret_char)
{
	const unsigned char *t = (const unsigned char *)text;
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t n = t[0] < 0x80 ? 1 : t[0] >= 0xf0 ? 4 : t[0] >= 0xe0 ? 3 : t[0] >= 0xc0 ? 2 : 0;
	uint32_t c = n == 1 ? t[0] : n == 2 ? t[0] & 0x1fu : n == 3 ? t[0] & 0x0fu : t[0] & 0x07u;

	if (n == 0 || n > size || t[0] > 0xf4)
		return 0;
	for (size_t i = 1; i < n; i++) {
		if ((t[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (t[i] & 0x3fu);
	}
	if (c < least[n] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*ret_char = c;
	return n;
}

size_t utf8_encode(uint32_t c, char *to)
{
	static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
	size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

	if (c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	for (size_t i = n; i-- > 1; c >>= 6)
		to[i] = (char)(0x80 | (c & 0x3f));
	to[0] = (char)(lead[n] | c);
	return n;
}

bool utf8_valid(const char *text, size_t size)
{
	uint32_t c;

	for (size_t i = 0, n; i < size; i += n)
		if ((n = utf8_decode(text + i, size - i, &c)) == 0)
			return false;
	return true;
}

size_t utf8_count(const char *text)
{
	size_t n = 0;

	for (; *text != '\0'; text++)
		n += (*text & 0xc0) != 0x80;
	return n;
}

bool utf8_harmful(uint32_t c)
{
	/* Controls; what Unicode calls default-ignorable (it hides, joins, turns round or has a
	 * width on which terminals don't agree); emoji modifiers, which some of them merge. */
	static const struct {
		uint32_t from, to;
	} ranges[] = {{0, 0x1f}, {0x7f, 0x9f}, {0xad, 0xad}, {0x34f, 0x34f}, {0x61c, 0x61c},
		{0x115f, 0x1160}, {0x17b4, 0x17b5}, {0x180b, 0x180f}, {0x200b, 0x200f},
		{0x2028, 0x202e}, {0x2060, 0x206f}, {0x3164, 0x3164}, {0xfe00, 0xfe0f},
		{0xfeff, 0xfeff}, {0xffa0, 0xffa0}, {0xfff0, 0xfffb}, {0x1bca0, 0x1bca3},
		{0x1d173, 0x1d17a}, {0x1f3fb, 0x1f3ff}, {0xe0000, 0xe0fff}};

	for (size_t i = 0; i < COUNT_OF(ranges) && c >= ranges[i].from; i++)
		if (c <= ranges[i].to)
			return true;
	return (c & 0xfffe) == 0xfffe;
}

char *utf8_clean(struct arena *a, const char *text)
{
	size_t size = strlen(text);
	struct buf b;
	uint32_t c = 0;

	buf_init(&b, a);
	for (size_t i = 0, n; i < size; i += n) {
		n = utf8_decode(text + i, size - i, &c);
		if (n == 0) {
			n = 1;
			buf_text(&b, "\xef\xbf\xbd");
		} else if (c == '\t' || c == '\n') {
			buf_char(&b, ' ');
		} else if (!utf8_harmful(c)) {
			buf_add(&b, text + i, n);
		}
	}
	struct bytes all;

	return buf_end(&b, &all) == OK ? b.data : NULL;
}

/* Bytes 0x80-0x9F of windows-1252 (Unicode Consortium, CP1252.TXT); 0 is unassigned. */
static const uint16_t high[32] = {0x20ac, 0, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6,
	0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017d, 0, 0, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
	0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0, 0x017e, 0x0178};

static int cp1252_of(uint32_t c)
{
	if (c < 0x80 || (c >= 0xa0 && c <= 0xff))
		return (int)c;
	for (unsigned i = 0; i < COUNT_OF(high); i++)
		if (high[i] == c)
			return 0x80 + (int)i;
	return -1;
}

long utf8_to_cp1252(const char *text, size_t size, unsigned char *to)
{
	long count = 0;
	uint32_t c = 0;

	for (size_t i = 0, n; i < size; i += n) {
		n = utf8_decode(text + i, size - i, &c);
		int b = n != 0 ? cp1252_of(c) : -1;

		if (b < 0)
			return -1;
		to[count++] = (unsigned char)b;
	}
	return count;
}

void utf8_upper(char *text)
{
	for (unsigned char *t = (unsigned char *)text; *t != '\0'; t++) {
		if (*t >= 'a' && *t <= 'z')
			*t = (unsigned char)(*t - 32);
		/* U+00E0-U+00FE but U+00F7 (the division sign): second byte A0-BE after C3. */
		else if (*t == 0xc3 && t[1] >= 0xa0 && t[1] <= 0xbe && t[1] != 0xb7) {
			t[1] = (unsigned char)(t[1] - 32);
			t++;
		}
	}
}

uint32_t utf8_fold(const char **text)
{
	/* U+00E0 to U+00FF. */
	static const char plain[] = "aaaaaaaceeeeiiiidnooooo/ouuuuyty";
	uint32_t c = 0xfffd;
	size_t n = **text != '\0' ? utf8_decode(*text, strlen(*text), &c) : 0;

	if (**text == '\0')
		return 0;
	*text += n != 0 ? n : 1;
	if (c >= 'A' && c <= 'Z')
		return c + 32;
	if (c >= 0xc0 && c <= 0xde && c != 0xd7)
		c += 32;
	if (c == 0xf1 || c == 0xf7 || c < 0xe0 || c > 0xff)
		return c;
	return (unsigned char)plain[c - 0xe0];
}

bool utf8_begins(const char *text, const char *with)
{
	while (*with != '\0')
		if (utf8_fold(&text) != utf8_fold(&with))
			return false;
	return true;
}

bool utf8_contains(const char *text, const char *needle)
{
	do {
		if (utf8_begins(text, needle))
			return true;
	} while (utf8_fold(&text) != 0);
	return false;
}
