#include "base/b64.h"

static const char standard[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char url[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
static const char hex[] = "0123456789abcdef";

static char *encode(struct arena *a, struct bytes raw, const char *alphabet, bool pad)
{
	char *text = arena_alloc(a, raw.size / 3 * 4 + 5);
	char *t = text;

	if (text == NULL)
		return NULL;
	for (size_t i = 0; i < raw.size; i += 3) {
		size_t left = raw.size - i;
		unsigned v = (unsigned)raw.data[i] << 16;

		v |= left > 1 ? (unsigned)raw.data[i + 1] << 8 : 0;
		v |= left > 2 ? raw.data[i + 2] : 0;
		*t++ = alphabet[v >> 18];
		*t++ = alphabet[v >> 12 & 63];
		if (left > 1 || pad)
			*t++ = left > 1 ? alphabet[v >> 6 & 63] : '=';
		if (left > 2 || pad)
			*t++ = left > 2 ? alphabet[v & 63] : '=';
	}
	*t = '\0';
	return text;
}

char *b64_encode(struct arena *a, struct bytes raw)
{
	return encode(a, raw, standard, true);
}

char *b64url_encode(struct arena *a, struct bytes raw)
{
	return encode(a, raw, url, false);
}

static enum err decode(
	struct arena *a, struct bytes text, const char *alphabet, bool pad, struct bytes *ret_raw)
{
	size_t n = text.size;

	if (pad && n % 4 != 0)
		return ERR_BAD_FIELD;
	for (int i = 0; pad && i < 2 && n != 0 && text.data[n - 1] == '='; i++)
		n--;
	if (n % 4 == 1 || (pad && n != 0 && text.size - n != (4 - n % 4) % 4))
		return ERR_BAD_FIELD;
	unsigned char *raw = arena_alloc(a, n / 4 * 3 + 4);
	size_t size = 0;
	unsigned v = 0;
	unsigned bits = 0;

	if (raw == NULL)
		return ERR_NO_MEMORY;
	for (size_t i = 0; i < n; i++) {
		const char *at = text.data[i] != 0 ? strchr(alphabet, text.data[i]) : NULL;

		if (at == NULL)
			return ERR_BAD_FIELD;
		v = (v << 6 | (unsigned)(at - alphabet)) & 0xffffff;
		bits += 6;
		if (bits >= 8)
			raw[size++] = (unsigned char)(v >> (bits -= 8));
	}
	if ((v & ((1u << bits) - 1)) != 0)
		return ERR_BAD_FIELD;
	raw[size] = 0;
	*ret_raw = bytes_of(raw, size);
	return OK;
}

enum err b64_decode(struct arena *a, struct bytes text, struct bytes *ret_raw)
{
	return decode(a, text, standard, true, ret_raw);
}

enum err b64url_decode(struct arena *a, struct bytes text, struct bytes *ret_raw)
{
	return decode(a, text, url, false, ret_raw);
}

char *hex_encode(struct arena *a, struct bytes raw)
{
	char *text = raw.size < (size_t)-1 / 2 ? arena_alloc(a, raw.size * 2 + 1) : NULL;

	if (text == NULL)
		return NULL;
	for (size_t i = 0; i < raw.size; i++) {
		text[2 * i] = hex[raw.data[i] >> 4];
		text[2 * i + 1] = hex[raw.data[i] & 15];
	}
	text[raw.size * 2] = '\0';
	return text;
}

enum err hex_decode(struct arena *a, struct bytes text, struct bytes *ret_raw)
{
	unsigned char *raw = arena_zalloc(a, text.size / 2 + 1);

	if (raw == NULL)
		return ERR_NO_MEMORY;
	if (text.size % 2 != 0)
		return ERR_BAD_FIELD;
	for (size_t i = 0; i < text.size; i++) {
		const char *at = text.data[i] != 0 ? strchr(hex, text.data[i]) : NULL;

		if (at == NULL)
			return ERR_BAD_FIELD;
		raw[i / 2] = (unsigned char)(raw[i / 2] << 4 | (at - hex));
	}
	*ret_raw = bytes_of(raw, text.size / 2);
	return OK;
}
