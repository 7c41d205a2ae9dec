#include "ley/correo.h"

#include <idn2.h>
#include <stdlib.h>
#include <string.h>
#include <unicase.h>
#include <uninorm.h>
#include "base/buf.h"
#include "base/macros.h"
#include "base/utf8.h"

static void auto_free(uint8_t **p)
{
	free(*p);
}
/* What these libraries gave. */
#define FOREIGN __attribute__((cleanup(auto_free))) uint8_t *

static bool letter_or_digit(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* RFC 5322 3.2.3 and RFC 6531 3.3; anything beyond ASCII was looked at before. */
static bool atext(char c)
{
	return letter_or_digit(c) || (unsigned char)c >= 0x80 ||
	       (c != '\0' && strchr("!#$%&'*+-/=?^_`{|}~", c) != NULL);
}

/* UTF-8 throughout, without what must not reach a header or an eye. */
static bool harmless(const char *text)
{
	size_t size = strlen(text);
	uint32_t c = 0;

	for (size_t i = 0, n; i < size; i += n) {
		n = utf8_decode(text + i, size - i, &c);
		if (n == 0 || utf8_harmful(c))
			return false;
	}
	return true;
}

/* Blanks beyond ASCII look like the end of an address. */
static bool blank_beyond_ascii(const char *text)
{
	static const char *const blanks[] = {"\u00a0", "\u1680", "\u202f", "\u205f", "\u3000"};

	for (size_t i = 0; i < COUNT_OF(blanks); i++)
		if (strstr(text, blanks[i]) != NULL)
			return true;
	/* U+2000 to U+200A. */
	for (const char *at = text; (at = strstr(at, "\xe2\x80")) != NULL; at++)
		if ((unsigned char)at[2] <= 0x8a)
			return true;
	return false;
}

static bool dot_atom(const char *text)
{
	char before = '.';

	for (; *text != '\0'; before = *text++)
		if (*text == '.' ? before == '.' : !atext(*text))
			return false;
	return before != '.';
}

/* Where the quoted string at `text` ends, behind its quote; NULL: it does not. `ret` has what it
 * says. RFC 5321 4.1.2. */
static const char *unquote(const char *text, struct buf *ret)
{
	for (text++; *text != '\0'; text++) {
		if (*text == '"')
			return text + 1;
		if (*text == '\\' && (*++text == '\0' || (unsigned char)*text >= 0x80))
			return NULL;
		buf_char(ret, *text);
	}
	return NULL;
}

/* As short as it can be written. */
static enum err quote(struct arena *a, const char *says, const char **ret)
{
	struct buf b;
	struct bytes all;

	buf_init(&b, a);
	buf_char(&b, '"');
	for (; *says != '\0'; says++) {
		if (*says == '"' || *says == '\\')
			buf_char(&b, '\\');
		buf_char(&b, *says);
	}
	buf_char(&b, '"');
	enum err e = buf_end(&b, &all);

	if (e == OK)
		*ret = b.data;
	return e;
}

static enum err read_quoted(
	struct arena *a, const char *text, const char **ret_local, const char **ret_rest)
{
	struct buf b;
	struct bytes says;

	buf_init(&b, a);
	*ret_rest = unquote(text, &b);
	enum err e = buf_end(&b, &says);

	if (e != OK || *ret_rest == NULL)
		return e != OK ? e : ERR_BAD_MAIL;
	*ret_local = says.size != 0 ? b.data : "";
	return dot_atom(*ret_local) ? OK : quote(a, *ret_local, ret_local);
}

static enum err split(
	struct arena *a, const char *text, const char **ret_local, const char **ret_domain)
{
	const char *rest = text + strcspn(text, "@");
	enum err e = OK;

	if (*text == '"')
		e = read_quoted(a, text, ret_local, &rest);
	else if ((*ret_local = arena_copy(a, text, (size_t)(rest - text))) == NULL)
		e = ERR_NO_MEMORY;
	else if (!dot_atom(*ret_local))
		e = ERR_BAD_MAIL;
	if (e != OK)
		return e;
	*ret_domain = rest + 1;
	return *rest == '@' && strlen(*ret_local) <= CORREO_LOCAL ? OK : ERR_BAD_MAIL;
}

static bool all_digits(const char *text, size_t size)
{
	return strspn(text, "0123456789") >= size;
}

/* RFC 1034 3.5, RFC 1123 2.1; a last label of digits is an address without its brackets. */
static bool dns_name(const char *name)
{
	size_t labels = 0;
	bool number = false;

	for (;; name++, labels++) {
		size_t n = strcspn(name, ".");

		if (n == 0 || n > 63 || name[0] == '-' || name[n - 1] == '-')
			return false;
		for (size_t i = 0; i < n; i++)
			if (!letter_or_digit(name[i]) && name[i] != '-')
				return false;
		number = all_digits(name, n);
		name += n;
		if (*name == '\0')
			return labels != 0 && !number;
	}
}

/* The library drops some of the characters that no name may have: they are looked for before it. */
static bool letters_of_names(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text < 0x80 && !letter_or_digit(*text) && *text != '-' &&
			*text != '.')
			return false;
	return true;
}

static enum err of_idn(int rc)
{
	return rc == IDN2_OK ? OK : rc == IDN2_MALLOC ? ERR_NO_MEMORY : ERR_BAD_MAIL;
}

static enum err to_dns(const char *text, uint8_t **ret)
{
	return of_idn(
		idn2_lookup_u8((const uint8_t *)text, ret, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL));
}

/* An xn-- that says what no label could (RFC 5891 5.4) would be shown as another's name. */
static enum err check_label(const char *shown, const char *dns)
{
	FOREIGN again = NULL;
	enum err e = to_dns(shown, &again);

	return e == OK && strcmp((const char *)again, dns) != 0 ? ERR_BAD_MAIL : e;
}

/* As people read it, and as the DNS has it. */
static enum err read_domain(
	struct arena *a, const char *text, const char **ret_shown, const char **ret_dns)
{
	FOREIGN dns = NULL;
	FOREIGN shown = NULL;
	enum err e = letters_of_names(text) ? to_dns(text, &dns) : ERR_BAD_MAIL;

	if (e == OK && !dns_name((const char *)dns))
		e = ERR_BAD_MAIL;
	if (e == OK)
		e = of_idn(idn2_to_unicode_8z8z((const char *)dns, (char **)(void *)&shown, 0));
	if (e == OK)
		e = check_label((const char *)shown, (const char *)dns);
	if (e != OK)
		return e;
	*ret_dns = arena_strdup(a, (const char *)dns);
	*ret_shown = arena_strdup(a, (const char *)shown);
	return *ret_dns != NULL && *ret_shown != NULL ? OK : ERR_NO_MEMORY;
}

static enum err copy(struct arena *a, const uint8_t *text, size_t size, const char **ret)
{
	if (text == NULL)
		return ERR_NO_MEMORY;
	*ret = arena_copy(a, text, size);
	return *ret != NULL ? OK : ERR_NO_MEMORY;
}

static enum err composed(struct arena *a, const char *text, const char **ret)
{
	size_t size = 0;
	FOREIGN nfc = u8_normalize(UNINORM_NFC, (const uint8_t *)text, strlen(text), NULL, &size);

	return copy(a, nfc, size, ret);
}

static enum err without_case(struct arena *a, const char *text, const char **ret)
{
	size_t size = 0;
	FOREIGN folded =
		u8_casefold((const uint8_t *)text, strlen(text), NULL, UNINORM_NFC, NULL, &size);

	return copy(a, folded, size, ret);
}

static enum err join(struct arena *a, const char *local, const char *domain, const char **ret)
{
	*ret = arena_printf(a, "%s@%s", local, domain);
	if (*ret == NULL)
		return ERR_NO_MEMORY;
	return strlen(*ret) <= CORREO_BYTES ? OK : ERR_BAD_MAIL;
}

enum err correo_read(struct arena *a, const char *text, struct correo *ret)
{
	const char *whole = NULL;
	const char *local = NULL;
	const char *folded = NULL;
	const char *domain = NULL;
	const char *shown = NULL;
	const char *dns = NULL;

	if (*text == '\0' || strlen(text) > 2 * CORREO_BYTES || !harmless(text) ||
		blank_beyond_ascii(text))
		return ERR_BAD_MAIL;
	enum err e = composed(a, text, &whole);

	if (e == OK)
		e = split(a, whole, &local, &domain);
	if (e == OK)
		e = read_domain(a, domain, &shown, &dns);
	if (e == OK)
		e = without_case(a, local, &folded);
	if (e == OK)
		e = join(a, local, shown, &ret->valor);
	/* What an older relay is given is as long as this; folded it may be longer than it was. */
	if (e == OK)
		e = strlen(local) + 1 + strlen(dns) <= CORREO_BYTES ? OK : ERR_BAD_MAIL;
	if (e == OK && (ret->clave = arena_printf(a, "%s@%s", folded, dns)) == NULL)
		e = ERR_NO_MEMORY;
	return e;
}

bool celular_valid(const char *text)
{
	return strlen(text) == 10 && all_digits(text, 10);
}
