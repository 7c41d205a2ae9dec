#include "ley/rp.h"

#include <string.h>

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

/* Hyphen, dashes of word processors and the hard blank are typed as separators, too. */
static size_t separator(const char *p)
{
	static const char *const all[] = {
		" ", "\t", "-", "\xc2\xa0", "\xe2\x80\x90", "\xe2\x80\x91", "\xe2\x80\x93"};

	for (size_t i = 0; i < COUNT_OF(all); i++)
		if (strncmp(p, all[i], strlen(all[i])) == 0)
			return strlen(all[i]);
	return 0;
}

static bool well_formed(const char *rp)
{
	if (strlen(rp) != RP_CHARS || (!is_upper(*rp) && !is_digit(*rp)))
		return false;
	for (size_t i = 1; i < RP_CHARS; i++)
		if (!is_digit(rp[i]))
			return false;
	return true;
}

enum err rp_normalize(struct arena *a, const char *typed, const char **ret_rp)
{
	char text[RP_CHARS + 1] = "";
	size_t size = 0;

	for (const char *p = typed; *p != '\0';) {
		size_t skip = separator(p);

		if (skip == 0 && size == RP_CHARS)
			return ERR_BAD_FIELD;
		if (skip == 0)
			text[size++] = *p >= 'a' && *p <= 'z' ? (char)(*p - 'a' + 'A') : *p;
		p += skip != 0 ? skip : 1;
	}
	if (!well_formed(text))
		return ERR_BAD_FIELD;
	const char *copy = arena_strdup(a, text);

	if (copy == NULL)
		return ERR_NO_MEMORY;
	*ret_rp = copy;
	return OK;
}

bool rp_check_digit_ok(const char *rp)
{
	unsigned digits[RP_CHARS + 1];
	unsigned sum = 0;
	size_t n = 0;

	if (!well_formed(rp))
		return false;
	if (is_upper(*rp))
		digits[n++] = (unsigned)(*rp - 'A' + 10) / 10;
	digits[n++] = is_upper(*rp) ? (unsigned)(*rp - 'A' + 10) % 10 : (unsigned)(*rp - '0');
	for (size_t i = 1; i < RP_CHARS; i++)
		digits[n++] = (unsigned)(rp[i] - '0');
	/* From the right, the check digit itself once, the one before it twice, and so on. */
	for (size_t i = 0; i < n; i++) {
		unsigned twice = digits[n - 1 - i] * (i % 2 == 0 ? 1 : 2);

		sum += twice / 10 + twice % 10;
	}
	return sum % 10 == 0;
}

const char *rp_text(struct arena *a, const char *rp)
{
	return arena_printf(a, "%.3s-%.5s-%.2s-%s", rp, rp + 3, rp + 8, rp + 10);
}
