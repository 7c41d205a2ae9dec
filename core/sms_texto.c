#include "core/sms_texto.h"

#include <string.h>
#include "base/buf.h"
#include "base/utf8.h"

#define GSM_ONE 160
#define GSM_EACH 153
#define UCS2_ONE 70
#define UCS2_EACH 67
#define PARTS 2

/* GSM 03.38, default alphabet and its extension, beyond what ASCII has in the same place. */
static const char gsm_others[] = "£¥èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà";
static const char gsm_two[] = "^{}\\[~]|€";
/* ASCII that the default alphabet has not. */
static const char gsm_lacks[] = "`^{}\\[~]|";

/* Septets of the character; 0: it has none. */
static unsigned septets_of(const char *at, size_t size, uint32_t c)
{
	char letter[5] = {0};

	memcpy(letter, at, size);
	if (strstr(gsm_two, letter) != NULL)
		return 2;
	if (c < 0x80)
		return strchr(gsm_lacks, (int)c) == NULL && (c >= 0x20 || c == '\n') ? 1 : 0;
	return strstr(gsm_others, letter) != NULL ? 1 : 0;
}

/* In septets; 0 where a character has none, or nothing is there. */
static size_t gsm_size(const char *text)
{
	size_t size = strlen(text);
	size_t sum = 0;
	uint32_t c;

	for (size_t at = 0, n; at < size; at += n) {
		n = utf8_decode(text + at, size - at, &c);
		unsigned septets = n != 0 ? septets_of(text + at, n, c) : 0;

		if (septets == 0)
			return 0;
		sum += septets;
	}
	return sum;
}

/* UTF-16 units. */
static size_t ucs2_size(const char *text)
{
	size_t size = strlen(text);
	size_t sum = 0;
	uint32_t c;

	for (size_t at = 0, n; at < size; at += n) {
		n = utf8_decode(text + at, size - at, &c);
		sum += c >= 0x10000 ? 2 : 1;
	}
	return sum;
}

static unsigned parts(size_t size, size_t one, size_t each)
{
	return size <= one ? 1 : (unsigned)((size + each - 1) / each);
}

/* What a person reads as the same where the accent is not to be had. */
static const char *without_accents(struct arena *a, const char *text)
{
	static const char *const pairs[][2] = {{"á", "a"}, {"í", "i"}, {"ó", "o"}, {"ú", "u"},
		{"Á", "A"}, {"Í", "I"}, {"Ó", "O"}, {"Ú", "U"}, {"«", "\""}, {"»", "\""},
		{"“", "\""}, {"”", "\""}, {"’", "'"}, {"–", "-"}, {"—", "-"}, {"…", "..."}};
	struct buf b;

	buf_init(&b, a);
	while (*text != '\0') {
		size_t i = 0;

		while (i < COUNT_OF(pairs) && strncmp(text, pairs[i][0], strlen(pairs[i][0])) != 0)
			i++;
		if (i < COUNT_OF(pairs)) {
			buf_text(&b, pairs[i][1]);
			text += strlen(pairs[i][0]);
		} else {
			buf_char(&b, *text++);
		}
	}
	return buf_end_text(&b);
}

enum err sms_texto(struct arena *a, const char *text, struct sms_texto *ret)
{
	if (*text == '\0' || !utf8_valid(text, strlen(text)))
		return ERR_BAD_FIELD;
	const char *plain = without_accents(a, text);

	if (plain == NULL)
		return ERR_NO_MEMORY;
	size_t gsm = gsm_size(text);
	size_t gsm_plain = gsm_size(plain);
	struct sms_texto as_is = {text, gsm == 0,
		gsm != 0 ? parts(gsm, GSM_ONE, GSM_EACH)
			 : parts(ucs2_size(text), UCS2_ONE, UCS2_EACH)};

	if (as_is.ucs2 && gsm_plain != 0 && parts(gsm_plain, GSM_ONE, GSM_EACH) < as_is.partes)
		as_is = (struct sms_texto){plain, false, parts(gsm_plain, GSM_ONE, GSM_EACH)};
	if (as_is.partes > PARTS)
		return ERR_TOO_LARGE;
	*ret = as_is;
	return OK;
}
