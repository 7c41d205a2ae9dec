#include "core/mime_lee.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>
#include "base/b64.h"
#include "base/buf.h"
#include "base/utf8.h"

/* Longest boundary (RFC 2046 section 5.1.1). */
#define BOUNDARY 70

/* Bytes of the line at `at`, its end included. */
static size_t line_size(struct bytes text, size_t at)
{
	const unsigned char *end = memchr(text.data + at, '\n', text.size - at);

	return end != NULL ? (size_t)(end - text.data) - at + 1 : text.size - at;
}

/* The same without its end. */
static size_t line_text(struct bytes text, size_t at, size_t size)
{
	if (size > 0 && text.data[at + size - 1] == '\n')
		size--;
	if (size > 0 && text.data[at + size - 1] == '\r')
		size--;
	return size;
}

struct mime_parte mime_lee(struct bytes message)
{
	for (size_t at = 0; at < message.size;) {
		size_t size = line_size(message, at);

		if (line_text(message, at, size) == 0)
			return (struct mime_parte){.head = bytes_of(message.data, at),
				.body = bytes_of(
					message.data + at + size, message.size - at - size)};
		at += size;
	}
	return (struct mime_parte){.head = message};
}

/* ---- header fields ---- */

static bool is_field(struct bytes head, size_t at, size_t size, const char *name)
{
	size_t n = strlen(name);

	return size > n && head.data[at + n] == ':' &&
	       strncasecmp((const char *)head.data + at, name, n) == 0;
}

static void add_line(struct buf *b, struct bytes head, size_t at, size_t size)
{
	while (size > 0 && (head.data[at] == ' ' || head.data[at] == '\t')) {
		at++;
		size--;
	}
	/* A NUL would end the text for us and for nobody else. */
	for (size_t i = at; i < at + size; i++)
		buf_char(b, head.data[i] != '\0' ? (char)head.data[i] : '?');
}

const char *mime_campo(struct arena *a, struct bytes head, const char *name)
{
	struct buf b;
	bool in = false;

	buf_init(&b, a);
	for (size_t at = 0, size; at < head.size; at += size) {
		size = line_size(head, at);
		size_t text = line_text(head, at, size);
		bool folded = text > 0 && (head.data[at] == ' ' || head.data[at] == '\t');

		if (in && !folded)
			break;
		if (in) {
			buf_char(&b, ' ');
			add_line(&b, head, at, text);
		} else if (!folded && is_field(head, at, text, name)) {
			size_t skip = strlen(name) + 1;

			in = true;
			add_line(&b, head, at + skip, text - skip);
			buf_text(&b, "");
		}
	}
	return in ? buf_end_text(&b) : NULL;
}

/* ---- encodings ---- */

static int hex_digit(unsigned char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (unsigned char)toupper(c);
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* `word`: the Q encoding, where _ is a blank. */
static void add_qp(struct buf *b, struct bytes text, bool word)
{
	for (size_t i = 0; i < text.size; i++) {
		unsigned char c = text.data[i];
		int high = c == '=' && i + 2 < text.size ? hex_digit(text.data[i + 1]) : -1;
		int low = high >= 0 ? hex_digit(text.data[i + 2]) : -1;

		if (low >= 0) {
			buf_char(b, (char)(high * 16 + low));
			i += 2;
		} else if (c == '=' && i + 1 < text.size && text.data[i + 1] == '\n') {
			i++;
		} else if (c == '=' && i + 2 < text.size && text.data[i + 1] == '\r' &&
			   text.data[i + 2] == '\n') {
			i += 2;
		} else {
			buf_char(b, word && c == '_' ? ' ' : (char)c);
		}
	}
}

/* Blanks and line ends are nothing (RFC 2045 section 6.8). */
static bool add_b64(struct buf *b, struct bytes text)
{
	char *tight = arena_alloc(b->arena, text.size + 1);
	size_t n = 0;
	struct bytes raw;

	if (tight == NULL)
		return false;
	for (size_t i = 0; i < text.size; i++)
		if (!isspace(text.data[i]))
			tight[n++] = (char)text.data[i];
	if (b64_decode(b->arena, bytes_of(tight, n), &raw) != OK)
		return false;
	buf_add(b, raw.data, raw.size);
	return true;
}

/* "=?UTF-8?B?...?=" at `at`: its bytes, 0 where it is none that can be read. */
static size_t add_word(struct buf *b, const char *at)
{
	static const char open[] = "=?utf-8?";

	if (strncasecmp(at, open, sizeof(open) - 1) != 0)
		return 0;
	char how = (char)toupper((unsigned char)at[sizeof(open) - 1]);

	if ((how != 'B' && how != 'Q') || at[sizeof(open)] != '?')
		return 0;
	const char *text = at + sizeof(open) + 1;
	const char *end = strstr(text, "?=");

	if (end == NULL)
		return 0;
	struct bytes inside = bytes_of(text, (size_t)(end - text));

	if (how == 'Q')
		add_qp(b, inside, true);
	else if (!add_b64(b, inside))
		return 0;
	return (size_t)(end - at) + 2;
}

const char *mime_palabras(struct arena *a, const char *text)
{
	struct buf b;

	buf_init(&b, a);
	buf_text(&b, "");
	while (*text != '\0') {
		size_t word = add_word(&b, text);

		if (word == 0) {
			buf_char(&b, *text++);
			continue;
		}
		text += word;
		/* Blanks between two words are no text (RFC 2047 section 6.2). */
		size_t blank = strspn(text, " \t");

		if (strncmp(text + blank, "=?", 2) == 0)
			text += blank;
	}
	const char *decoded = buf_end_text(&b);

	return decoded != NULL ? utf8_clean(a, decoded) : NULL;
}

/* ---- parts ---- */

bool mime_es(struct arena *a, const struct mime_parte *p, const char *type)
{
	const char *field = mime_campo(a, p->head, "Content-Type");
	size_t n = strlen(type);

	if (field == NULL || strncasecmp(field, type, n) != 0)
		return false;
	return type[n - 1] == '/' || field[n] == '\0' || strchr("; \t", field[n]) != NULL;
}

/* The boundary parameter; false: none that can be used. */
static bool boundary_of(struct arena *a, const struct mime_parte *p, char ret[BOUNDARY + 1])
{
	const char *field = mime_campo(a, p->head, "Content-Type");
	const char *at = field != NULL ? strcasestr(field, "boundary=") : NULL;

	if (at == NULL)
		return false;
	at += strlen("boundary=");
	size_t n = *at == '"' ? strcspn(++at, "\"") : strcspn(at, "; \t");

	if (n == 0 || n > BOUNDARY)
		return false;
	memcpy(ret, at, n);
	ret[n] = '\0';
	return true;
}

/* Is that line the boundary? *ret_last: the one that ends the multipart. */
static bool is_boundary(
	struct bytes body, size_t at, size_t size, const char *boundary, bool *ret_last)
{
	size_t n = strlen(boundary);
	const char *line = (const char *)body.data + at;

	if (size < n + 2 || strncmp(line, "--", 2) != 0 || strncmp(line + 2, boundary, n) != 0)
		return false;
	*ret_last = size >= n + 4 && strncmp(line + 2 + n, "--", 2) == 0;
	return true;
}

bool mime_hija(struct arena *a, const struct mime_parte *p, size_t n, struct mime_parte *ret)
{
	char boundary[BOUNDARY + 1];
	size_t begin = 0;
	bool in = false;
	bool last = false;

	if (!mime_es(a, p, "multipart/") || !boundary_of(a, p, boundary))
		return false;
	for (size_t at = 0, size; at < p->body.size && !last; at += size) {
		size = line_size(p->body, at);
		if (!is_boundary(p->body, at, line_text(p->body, at, size), boundary, &last))
			continue;
		if (in && n-- == 0) {
			/* The line end before a boundary is the boundary's. */
			*ret = mime_lee(bytes_of(
				p->body.data + begin, line_text(p->body, begin, at - begin)));
			return true;
		}
		in = true;
		begin = at + size;
	}
	/* A message that was cut: the part goes on to its end. */
	if (!in || last || n != 0)
		return false;
	*ret = mime_lee(bytes_of(p->body.data + begin, p->body.size - begin));
	return true;
}

enum err mime_cuerpo(struct arena *a, const struct mime_parte *p, struct bytes *ret)
{
	const char *how = mime_campo(a, p->head, "Content-Transfer-Encoding");
	struct buf b;

	buf_init(&b, a);
	buf_text(&b, "");
	if (how != NULL && strncasecmp(how, "quoted-printable", 16) == 0)
		add_qp(&b, p->body, false);
	else if (how == NULL || strncasecmp(how, "base64", 6) != 0 || !add_b64(&b, p->body))
		buf_add(&b, p->body.data, p->body.size);
	return buf_end(&b, ret);
}
