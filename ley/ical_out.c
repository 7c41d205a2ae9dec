#include "ley/ical_out.h"

#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/texto.h"
#include "base/utf8.h"
#include "ley/zona.h"

#define LINE_MOST 75 /* octets, the break not counted (3.1) */
#define DAY_MS INT64_C(86400000)
#define MINUTE_MS 60000
/* 1 Jan 2024: SEQUENCE counts minutes since then, and stays below 2^31 for 4,000 years. */
#define EPOCH INT64_C(1704067200000)

/* A content line of any length, folded where it has to be, before a character. */
static void line(struct buf *b, const char *text)
{
	size_t left = LINE_MOST;

	while (*text != '\0') {
		size_t size = 1;

		while (((unsigned char)text[size] & 0xc0) == 0x80)
			size++;
		if (size > left) {
			buf_text(b, "\r\n ");
			left = LINE_MOST - 1;
		}
		buf_add(b, text, size);
		text += size;
		left -= size < left ? size : left;
	}
	buf_text(b, "\r\n");
}

static void pair(struct buf *b, struct arena *a, const char *name, const char *value)
{
	const char *text = arena_printf(a, "%s:%s", name, value);

	if (text != NULL)
		line(b, text);
	else
		b->failed = true;
}

/* TEXT (3.3.11): what would end the value, or is no character of one, never reaches it raw. */
static const char *escaped(struct arena *a, const char *text)
{
	struct buf b;

	buf_init(&b, a);
	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;

		if (c == '\n')
			buf_text(&b, "\\n");
		else if (c == '\\' || c == ';' || c == ',')
			buf_add(&b, (const char[]){'\\', *text}, 2);
		else if (c >= 0x20 && c != 0x7f)
			buf_add(&b, text, 1);
	}
	return buf_end_text(&b);
}

static void text(struct buf *b, struct arena *a, const char *name, const char *value)
{
	const char *safe = value != NULL ? escaped(a, value) : "";

	if (safe == NULL)
		b->failed = true;
	else if (safe[0] != '\0')
		pair(b, a, name, safe);
}

/* "20261117"; false outside of four digits of a year. */
static bool put_date(struct arena *a, int32_t dia, const char **ret)
{
	int year, month, day;

	fecha_split(dia, &year, &month, &day);
	*ret = year >= 0 && year <= 9999 ? arena_printf(a, "%04d%02d%02d", year, month, day) : NULL;
	return year >= 0 && year <= 9999;
}

/* "20261113T153000Z" */
static bool put_instant(struct arena *a, int64_t ms, const char **ret)
{
	int64_t day = ms / DAY_MS - (ms % DAY_MS < 0);
	int seconds = (int)((ms - day * DAY_MS) / 1000);
	const char *date;

	*ret = NULL;
	if (day < INT32_MIN || day > INT32_MAX || !put_date(a, (int32_t)day, &date))
		return false;
	if (date != NULL)
		*ret = arena_printf(a, "%sT%02d%02d%02dZ", date, seconds / 3600, seconds / 60 % 60,
			seconds % 60);
	return true;
}

static bool uid_good(const char *uid)
{
	static const char allowed[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._@";

	return uid[0] != '\0' && strspn(uid, allowed) == strlen(uid);
}

static void alarm(struct buf *b, struct arena *a, const char *trigger, const char *titulo)
{
	line(b, "BEGIN:VALARM");
	line(b, "ACTION:DISPLAY");
	pair(b, a, "TRIGGER", trigger);
	text(b, a, "DESCRIPTION", titulo);
	line(b, "END:VALARM");
}

static enum err put_when(struct buf *b, struct arena *a, const struct ical_evento *e)
{
	const char *from = NULL;
	const char *to = "";
	bool good = e->instante != 0 ? put_instant(a, e->instante, &from)
				     : put_date(a, e->dia, &from) && e->dia < INT32_MAX &&
					       put_date(a, e->dia + 1, &to);

	if (!good)
		return ERR_BAD_FIELD;
	if (from == NULL || to == NULL)
		return ERR_NO_MEMORY;
	pair(b, a, e->instante != 0 ? "DTSTART" : "DTSTART;VALUE=DATE", from);
	/* Not inclusive (3.6.1). */
	if (e->instante == 0)
		pair(b, a, "DTEND;VALUE=DATE", to);
	return OK;
}

static enum err put_evento(
	struct buf *b, struct arena *a, const struct ical_evento *e, const char *stamp, int64_t now)
{
	int64_t sequence = now > EPOCH ? (now - EPOCH) / MINUTE_MS : 0;
	const char *count = arena_printf(a, "%lld", (long long)sequence);

	if (!uid_good(e->uid))
		return ERR_BAD_FIELD;
	if (count == NULL)
		return ERR_NO_MEMORY;
	line(b, "BEGIN:VEVENT");
	pair(b, a, "UID", e->uid);
	pair(b, a, "DTSTAMP", stamp);
	pair(b, a, "LAST-MODIFIED", stamp);
	pair(b, a, "SEQUENCE", count);
	enum err err = put_when(b, a, e);

	text(b, a, "SUMMARY", e->titulo);
	text(b, a, "DESCRIPTION", e->descripcion);
	text(b, a, "CATEGORIES", e->categoria);
	/* It takes nobody's time: it is no appointment. */
	line(b, "TRANSP:TRANSPARENT");
	alarm(b, a, e->instante != 0 ? "-P1D" : "-PT15H", e->titulo);
	alarm(b, a, e->instante != 0 ? "-PT3H" : "PT21H", e->titulo);
	line(b, "END:VEVENT");
	return err;
}

enum err ical_out(struct arena *a, int64_t now, const char *nombre, const struct ical_evento *rows,
	size_t count, struct bytes *ret)
{
	const char *stamp = NULL;
	enum err err = OK;
	struct buf b;

	if (!put_instant(a, now, &stamp))
		return ERR_BAD_FIELD;
	if (stamp == NULL)
		return ERR_NO_MEMORY;
	buf_init(&b, a);
	line(&b, "BEGIN:VCALENDAR");
	line(&b, "VERSION:2.0");
	pair(&b, a, "PRODID", ICAL_PRODID);
	line(&b, "CALSCALE:GREGORIAN");
	text(&b, a, "X-WR-CALNAME", nombre);
	for (size_t i = 0; err == OK && i < count; i++)
		err = put_evento(&b, a, &rows[i], stamp, now);
	line(&b, "END:VCALENDAR");
	if (err != OK)
		return err;
	return buf_end(&b, ret);
}
