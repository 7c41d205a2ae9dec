#include "crypto/rfc.h"

#include <string.h>
#include "base/buf.h"
#include "base/utf8.h"

#define ENE 0xD1u	       /* Ñ */
#define COMBINING_TILDE 0x303u /* some keyboards and systems write Ñ as N and this */
#define MORAL_CHARS 12
#define FISICA_CHARS 13

/* The characters of the text, at most `room`; 0 where it is not UTF-8 or longer. */
static size_t characters(const char *text, uint32_t *to, size_t room)
{
	size_t left = strlen(text);
	size_t n = 0;

	while (left != 0) {
		size_t bytes = n < room ? utf8_decode(text, left, &to[n]) : 0;

		if (bytes == 0)
			return 0;
		text += bytes;
		left -= bytes;
		n++;
	}
	return n;
}

static bool is_digit(uint32_t c)
{
	return c >= '0' && c <= '9';
}

static bool is_upper(uint32_t c)
{
	return c >= 'A' && c <= 'Z';
}

static unsigned two_digits(const uint32_t *c)
{
	return (unsigned)(c[0] - '0') * 10 + (unsigned)(c[1] - '0');
}

/* The century is not written, so 29 February counts where 19yy or 20yy has it. */
static bool is_date(const uint32_t *c)
{
	static const unsigned char days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	for (size_t i = 0; i < 6; i++)
		if (!is_digit(c[i]))
			return false;

	unsigned year = two_digits(c);
	unsigned month = two_digits(c + 2);
	unsigned day = two_digits(c + 4);

	if (month < 1 || month > 12 || day < 1 || day > days[month - 1])
		return false;
	return !(month == 2 && day == 29 && year % 4 != 0);
}

enum rfc_kind rfc_kind(const char *rfc)
{
	uint32_t c[FISICA_CHARS];
	size_t n = characters(rfc, c, FISICA_CHARS);

	if (n != MORAL_CHARS && n != FISICA_CHARS)
		return RFC_NONE;

	size_t letters = n - 9;
	const uint32_t *clave = c + letters + 6;

	for (size_t i = 0; i < letters; i++)
		if (!is_upper(c[i]) && c[i] != ENE && c[i] != '&')
			return RFC_NONE;
	if (!is_date(c + letters))
		return RFC_NONE;
	for (size_t i = 0; i < 2; i++)
		if (!is_upper(clave[i]) && !is_digit(clave[i]))
			return RFC_NONE;
	if (!is_digit(clave[2]) && clave[2] != 'A')
		return RFC_NONE;
	return n == MORAL_CHARS ? RFC_MORAL : RFC_FISICA;
}

/* Value of a character in SAT's table: 0-9, A-N, &, O-Z, blank, Ñ. */
static unsigned check_value(uint32_t c)
{
	if (is_digit(c))
		return c - '0';
	if (c == '&')
		return 24;
	if (c == ENE)
		return 38;
	return c <= 'N' ? c - 'A' + 10 : c - 'O' + 25;
}

bool rfc_check_digit_ok(const char *rfc)
{
	uint32_t c[FISICA_CHARS];
	size_t n = characters(rfc, c, FISICA_CHARS);
	unsigned sum = n == MORAL_CHARS ? 37 * 13 : 0; /* a moral's begins with a blank */

	if (rfc_kind(rfc) == RFC_NONE)
		return false;
	for (size_t i = 0; i < n - 1; i++)
		sum += check_value(c[i]) * (unsigned)(n - i);

	unsigned digit = (11 - sum % 11) % 11;

	return c[n - 1] == (digit == 10 ? 'A' : '0' + digit);
}

enum err rfc_normalize(struct arena *a, const char *typed, const char **ret_rfc)
{
	char text[RFC_BYTES + 4] = "";
	size_t size = 0;
	size_t left = strlen(typed);

	for (const char *p = typed; left != 0;) {
		uint32_t c;
		size_t bytes = utf8_decode(p, left, &c);

		if (bytes == 0 || size + 4 >= sizeof(text))
			return ERR_BAD_RFC;
		p += bytes;
		left -= bytes;
		if (c == ' ' || c == '\t' || c == 0xA0 || c == '-')
			continue;
		if (c == COMBINING_TILDE && size != 0 && strchr("Nn", text[size - 1]) != NULL) {
			size--;
			c = ENE;
		}
		size += utf8_encode(c, text + size);
	}
	text[size] = '\0';
	utf8_upper(text);
	if (rfc_kind(text) == RFC_NONE)
		return ERR_BAD_RFC;

	const char *copy = arena_strdup(a, text);

	if (copy == NULL)
		return ERR_NO_MEMORY;
	*ret_rfc = copy;
	return OK;
}

const char *rfc_escape(struct arena *a, const char *rfc)
{
	struct buf b;

	buf_init(&b, a);
	buf_text(&b, "");
	for (const char *p = rfc; *p != '\0'; p++) {
		bool plain = is_digit((unsigned char)*p) || is_upper((unsigned char)*p) ||
			     (*p >= 'a' && *p <= 'z');

		if (plain)
			buf_char(&b, *p);
		else
			buf_printf(&b, "%%%02X", (unsigned)(unsigned char)*p);
	}
	return buf_end_text(&b);
}
