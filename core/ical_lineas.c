#include "core/ical_lineas.h"

#include <string.h>
#include <strings.h>
#include "base/utf8.h"
#include "core/ical.h"

/* Of one content line, unfolded. */
#define LINE_BYTES 4000
#define NAME_BYTES 40

enum where { CALENDAR = 1, EVENT = 2 };
enum often { ONCE, MANY };

static const struct property {
	const char *name;
	unsigned where;
	enum often often;
} properties[] = {
	{"VERSION", CALENDAR, ONCE},
	{"PRODID", CALENDAR, ONCE},
	{"CALSCALE", CALENDAR, ONCE},
	{"METHOD", CALENDAR, ONCE},
	{"UID", EVENT, ONCE},
	{"DTSTAMP", EVENT, ONCE},
	{"DTSTART", EVENT, ONCE},
	{"DTEND", EVENT, ONCE},
	{"RRULE", EVENT, ONCE},
	{"RDATE", EVENT, MANY},
	{"EXDATE", EVENT, MANY},
	{"SUMMARY", EVENT, ONCE},
	{"DESCRIPTION", EVENT, ONCE},
	{"CATEGORIES", EVENT, MANY},
	{"CLASS", EVENT, ONCE},
	{"CREATED", EVENT, ONCE},
	{"LAST-MODIFIED", EVENT, ONCE},
	{"SEQUENCE", EVENT, ONCE},
	{"STATUS", EVENT, ONCE},
	{"TRANSP", EVENT, ONCE},
	{"URL", EVENT, ONCE},
};

struct walk {
	struct arena *arena;
	const char *at;
	size_t left;
	int line;	/* of the content line at hand */
	int next;	/* of what stands at `at` */
	unsigned where; /* 0: outside of everything */
	bool ended;
	size_t events;
	bool seen[COUNT_OF(properties)]; /* in the component at hand */
	bool of_calendar[COUNT_OF(properties)];
	char text[LINE_BYTES + 1];
	const char **ret_message;
};

static enum err refuse(struct walk *w, const char *format, ...) PRINTF_LIKE(2, 3);

static enum err refuse(struct walk *w, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	const char *what = arena_vprintf(w->arena, format, args);

	va_end(args);
	*w->ret_message =
		what != NULL ? arena_printf(w->arena, "Renglón %d: %s", w->line, what) : NULL;
	return *w->ret_message != NULL ? ERR_BAD_CALENDAR : ERR_NO_MEMORY;
}

/* One line of the file, without its end; false where there is none. */
static bool physical(struct walk *w, const char **ret, size_t *ret_size)
{
	if (w->left == 0)
		return false;
	const char *end = memchr(w->at, '\n', w->left);
	size_t size = end != NULL ? (size_t)(end - w->at) : w->left;

	*ret = w->at;
	*ret_size = size > 0 && w->at[size - 1] == '\r' ? size - 1 : size;
	w->at += end != NULL ? size + 1 : size;
	w->left -= end != NULL ? size + 1 : size;
	w->next++;
	return true;
}

static bool folds_on(const struct walk *w)
{
	return w->left != 0 && (*w->at == ' ' || *w->at == '\t');
}

static enum err check_text(struct walk *w, size_t size)
{
	for (size_t at = 0; at < size;) {
		uint32_t c = 0;
		size_t n = utf8_decode(w->text + at, size - at, &c);

		if (n == 0)
			return refuse(w, "no es UTF-8; guarda el archivo así.");
		if (c == '\t' || utf8_harmful(c))
			return refuse(w, "tiene un tabulador o un carácter de control o invisible; "
					 "quítalo.");
		at += n;
	}
	return OK;
}

/* The content line into w->text; ERR_NOT_FOUND behind the last. */
static enum err take(struct walk *w)
{
	const char *piece;
	size_t size;
	size_t used = 0;

	w->line = w->next;
	if (!physical(w, &piece, &size))
		return ERR_NOT_FOUND;
	for (bool more = true; more; piece++, size--) {
		if (used + size > LINE_BYTES)
			return refuse(w, "pasa de %d bytes; acórtalo.", LINE_BYTES);
		memcpy(w->text + used, piece, size);
		used += size;
		more = folds_on(w) && physical(w, &piece, &size);
		if (!more)
			break;
	}
	w->text[used] = '\0';
	return check_text(w, used);
}

static enum err begin(struct walk *w, const char *what)
{
	bool calendar = strcasecmp(what, "VCALENDAR") == 0;

	if (calendar && w->where == 0 && !w->ended) {
		w->where = CALENDAR;
		return OK;
	}
	if (strcasecmp(what, "VEVENT") != 0 || w->where != CALENDAR)
		return refuse(w,
			"BEGIN:%s sobra ahí; el archivo es un solo VCALENDAR y dentro sólo lleva "
			"VEVENT.",
			what);
	if (++w->events > ICAL_EVENTOS)
		return refuse(w, "son más de %d eventos; repite con RRULE.", ICAL_EVENTOS);
	memcpy(w->of_calendar, w->seen, sizeof(w->seen));
	memset(w->seen, 0, sizeof(w->seen));
	w->where = EVENT;
	return OK;
}

static enum err end(struct walk *w, const char *what)
{
	const char *open = w->where == EVENT ? "VEVENT" : "VCALENDAR";

	if (w->where == 0 || strcasecmp(what, open) != 0)
		return refuse(w, "END:%s no cierra nada; revisa BEGIN y END.", what);
	memcpy(w->seen, w->of_calendar, sizeof(w->seen));
	w->ended = w->where == CALENDAR;
	w->where = w->where == EVENT ? CALENDAR : 0;
	return OK;
}

static enum err known(struct walk *w, const char *name)
{
	for (size_t i = 0; i < COUNT_OF(properties); i++) {
		const struct property *p = &properties[i];

		if (strcasecmp(p->name, name) != 0)
			continue;
		if ((p->where & w->where) == 0)
			return refuse(w, "%s no va ahí; revisa BEGIN y END.", p->name);
		if (w->seen[i] && p->often == ONCE)
			return refuse(w, "%s está dos veces; deja una.", p->name);
		w->seen[i] = true;
		return OK;
	}
	return refuse(w,
		"%s no se admite; un evento lleva UID, DTSTART, DTEND, RRULE, RDATE, EXDATE, "
		"SUMMARY, DESCRIPTION y CATEGORIES (buzond calendario --ejemplo).",
		name);
}

static enum err look(struct walk *w)
{
	size_t size = strspn(w->text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				      "0123456789-");
	char name[NAME_BYTES];
	const char *value = strchr(w->text, ':');

	if (size == 0 || size >= sizeof(name) || value == NULL ||
		(w->text[size] != ':' && w->text[size] != ';'))
		return refuse(w, "no es NOMBRE:valor; corrígelo.");
	memcpy(name, w->text, size);
	name[size] = '\0';
	if (strcasecmp(name, "BEGIN") == 0)
		return begin(w, value + 1);
	if (strcasecmp(name, "END") == 0)
		return end(w, value + 1);
	if (w->where == 0)
		return refuse(w, "está fuera de BEGIN:VCALENDAR y END:VCALENDAR; quítalo.");
	return strncasecmp(name, "X-", 2) == 0 ? OK : known(w, name);
}

enum err ical_lineas(struct arena *a, struct bytes text, const char **ret_message)
{
	struct walk *w = arena_zalloc(a, sizeof(*w));
	enum err e = w != NULL ? OK : ERR_NO_MEMORY;

	if (e != OK)
		return e;
	*w = (struct walk){.arena = a,
		.at = (const char *)text.data,
		.left = text.size,
		.next = 1,
		.line = 1,
		.ret_message = ret_message};
	if (text.size > ICAL_BYTES)
		return refuse(w, "el archivo pasa de %d KiB; repite con RRULE.", ICAL_BYTES / 1024);
	if (memchr(text.data != NULL ? text.data : (const unsigned char *)"", '\0', text.size) !=
		NULL)
		return refuse(w, "el archivo tiene bytes nulos; no es iCalendar.");
	while (e == OK) {
		e = take(w);
		if (e == OK && *w->text != '\0')
			e = look(w);
	}
	if (e != ERR_NOT_FOUND)
		return e;
	return w->ended ? OK
			: refuse(w, "%s",
				  w->where != 0 ? "al archivo le falta su END."
						: "el archivo no es iCalendar (BEGIN:VCALENDAR); "
						  "buzond calendario --ejemplo muestra uno.");
}
