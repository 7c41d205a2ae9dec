#include "core/mime.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include "base/b64.h"
#include "base/buf.h"
#include "base/utf8.h"

/* RFC 2047 section 2: a line with an encoded word, and the word without its text. */
#define LINE 76
#define WORD_OPEN "=?UTF-8?B?"
#define WORD_CLOSE "?="
#define WORD_FRAME (sizeof(WORD_OPEN WORD_CLOSE) - 1)
/* RFC 2045 section 6.7. */
#define QP_LINE 76

/* ---- header fields ---- */

static bool fit_for_header(const char *text)
{
	size_t size = strlen(text);

	for (const char *c = text; *c != '\0'; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			return false;
	return utf8_valid(text, size);
}

static bool is_ascii(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text >= 0x80)
			return false;
	return true;
}

/* Whole characters of `text`, at most `room` bytes. */
static size_t characters_within(const char *text, size_t room)
{
	size_t size = strlen(text);
	size_t taken = 0;
	uint32_t c;

	while (taken < size) {
		size_t n = utf8_decode(text + taken, size - taken, &c);

		if (n == 0 || taken + n > room)
			break;
		taken += n;
	}
	return taken;
}

/* Encoded words, each of whole characters, behind `column` bytes of the line at hand. */
static void put_words(struct buf *b, const char *text, size_t column)
{
	while (*text != '\0') {
		size_t room = (LINE - column - WORD_FRAME) / 4 * 3;
		size_t n = characters_within(text, room);
		char *word = b64_encode(b->arena, bytes_of(text, n));

		if (word == NULL) {
			b->failed = true;
			return;
		}
		buf_printf(b, WORD_OPEN "%s" WORD_CLOSE, word);
		text += n;
		if (*text != '\0')
			buf_text(b, "\r\n ");
		column = 1;
	}
}

/* Unstructured (RFC 5322 section 2.2.1). */
static void put_text(struct buf *b, const char *name, const char *text)
{
	size_t column = strlen(name) + 2;

	buf_printf(b, "%s: ", name);
	if (is_ascii(text) && strstr(text, "=?") == NULL && column + strlen(text) <= LINE)
		buf_text(b, text);
	else
		put_words(b, text, column);
	buf_text(b, "\r\n");
}

static void put_quoted(struct buf *b, const char *text)
{
	buf_char(b, '"');
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			buf_char(b, '\\');
		buf_char(b, *text);
	}
	buf_char(b, '"');
}

static void put_from(struct buf *b, const struct mime_mail *m)
{
	static const char name[] = "From: ";

	buf_text(b, name);
	if (is_ascii(m->from_name) && strlen(m->from_name) < LINE / 2)
		put_quoted(b, m->from_name);
	else
		put_words(b, m->from_name, sizeof(name) - 1);
	buf_printf(b, "\r\n <%s>\r\n", m->from);
}

/* In English, whatever the locale (RFC 5322 section 3.3). */
static void put_date(struct buf *b, int64_t ms)
{
	static const char days[] = "SunMonTueWedThuFriSat";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	time_t at = (time_t)(ms / 1000);
	struct tm t;

	gmtime_r(&at, &t);
	buf_printf(b, "Date: %.3s, %02d %.3s %d %02d:%02d:%02d +0000\r\n", days + 3 * t.tm_wday,
		t.tm_mday, months + 3 * t.tm_mon, t.tm_year + 1900, t.tm_hour, t.tm_min, t.tm_sec);
}

/* ---- bodies ---- */

static bool plain_in_qp(unsigned char c, bool last)
{
	if (c == ' ' || c == '\t')
		return !last;
	return c > ' ' && c < 0x7f && c != '=';
}

/* One line without its end. */
static void put_qp_line(struct buf *b, const char *line, size_t size)
{
	size_t column = 0;

	for (size_t i = 0; i < size; i++) {
		unsigned char c = (unsigned char)line[i];
		bool plain = plain_in_qp(c, i + 1 == size);
		size_t wide = plain ? 1 : 3;

		/* A soft break takes the last place. */
		if (column + wide > QP_LINE - (i + 1 < size ? 1 : 0)) {
			buf_text(b, "=\r\n");
			column = 0;
		}
		if (plain)
			buf_char(b, (char)c);
		else
			buf_printf(b, "=%02X", c);
		column += wide;
	}
}

static void put_qp(struct buf *b, const char *text)
{
	while (*text != '\0') {
		size_t size = strcspn(text, "\n");
		size_t shown = size != 0 && text[size - 1] == '\r' ? size - 1 : size;

		put_qp_line(b, text, shown);
		buf_text(b, "\r\n");
		text += size + (text[size] == '\n');
	}
}

static void put_part(struct buf *b, const char *type, const char *text)
{
	buf_printf(b,
		"Content-Type: text/%s; charset=UTF-8\r\n"
		"Content-Transfer-Encoding: quoted-printable\r\n\r\n",
		type);
	put_qp(b, text);
}

/* No line of quoted-printable can hold "=_" (RFC 2045 section 6.7), so the boundary is in none. */
static void put_alternatives(struct buf *b, const struct mime_mail *m)
{
	int id = (int)strcspn(m->id, "@");

	if (id > 40)
		id = 40;
	buf_printf(b, "Content-Type: multipart/alternative;\r\n boundary=\"=_%.*s\"\r\n\r\n", id,
		m->id);
	buf_printf(b, "--=_%.*s\r\n", id, m->id);
	put_part(b, "plain", m->text);
	buf_printf(b, "\r\n--=_%.*s\r\n", id, m->id);
	put_part(b, "html", m->html);
	buf_printf(b, "\r\n--=_%.*s--\r\n", id, m->id);
}

enum err mime_write(struct arena *a, const struct mime_mail *m, struct bytes *ret_message)
{
	const char *const fields[] = {m->from_name, m->from, m->to, m->subject, m->id};
	struct buf b;

	for (size_t i = 0; i < COUNT_OF(fields); i++)
		if (!fit_for_header(fields[i]))
			return ERR_BAD_FIELD;
	if (strpbrk(m->id, "<>\" ") != NULL)
		return ERR_BAD_FIELD;
	buf_init(&b, a);
	put_date(&b, m->date);
	put_from(&b, m);
	buf_printf(&b, "To: <%s>\r\n", m->to);
	put_text(&b, "Subject", m->subject);
	buf_printf(&b,
		"Message-ID: <%s>\r\nAuto-Submitted: auto-generated\r\nContent-Language: es-MX\r\n"
		"MIME-Version: 1.0\r\n",
		m->id);
	if (m->html != NULL)
		put_alternatives(&b, m);
	else
		put_part(&b, "plain", m->text);
	return buf_end(&b, ret_message);
}
