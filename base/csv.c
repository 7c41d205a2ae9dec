#include "base/csv.h"

#include <stdbool.h>
#include <string.h>
#include "base/buf.h"
#include "base/utf8.h"

struct reading {
	struct csv *csv;
	struct csv_record *record;
	struct buf field;
	size_t bytes;	    /* of the whole record */
	const char *reason; /* the first that is wrong */
	size_t bad_field;
	bool more; /* its line has not ended */
};

static void wrong(struct reading *r, const char *reason)
{
	if (r->reason != NULL)
		return;
	r->reason = reason;
	r->bad_field = r->record->count;
}

static void add(struct reading *r, int c)
{
	if (c == '\n')
		r->csv->line++;
	if (c == '\0')
		wrong(r, "hay un byte nulo; guarda el archivo como texto en UTF-8");
	if (++r->bytes > CSV_BYTES)
		wrong(r, "el renglón es demasiado largo; revisa las comillas, o repártelo en "
			 "varios renglones del mismo RFC");
	if (r->reason == NULL)
		buf_char(&r->field, (char)c);
}

/* Is it the end of a line? CRLF is taken whole. */
static bool ends(struct csv *csv, int c)
{
	if (c == '\r') {
		int next = getc(csv->in);

		if (next != '\n') {
			ungetc(next, csv->in);
			return false;
		}
	}
	return c == '\r' || c == '\n';
}

/* What stands between the quotes; the quote that opens is taken already. */
static void quoted(struct reading *r)
{
	FILE *in = r->csv->in;

	for (int c = getc(in); c != EOF; c = getc(in)) {
		if (c != '"') {
			add(r, c);
			continue;
		}
		int next = getc(in);

		if (next != '"') {
			ungetc(next, in);
			return;
		}
		add(r, '"');
	}
	wrong(r, "faltan las comillas que cierran el dato; agrégalas");
}

static void field(struct reading *r)
{
	FILE *in = r->csv->in;
	int c = getc(in);
	bool in_quotes = c == '"';

	if (in_quotes) {
		quoted(r);
		c = getc(in);
	}
	for (; c != EOF && c != r->csv->separator; c = getc(in)) {
		if (ends(r->csv, c)) {
			r->csv->line++;
			r->more = false;
			return;
		}
		if (in_quotes || c == '"')
			wrong(r, "hay comillas sueltas; un dato con comillas va entre comillas, y "
				 "las suyas, dobles (\"\")");
		add(r, c);
	}
	r->more = c != EOF;
}

static enum err keep(struct reading *r)
{
	struct csv_record *to = r->record;
	const char *text = "";

	if (r->reason != NULL)
		return OK;
	if (to->count == CSV_FIELDS) {
		wrong(r, "hay demasiadas columnas; revisa el separador");
		return OK;
	}
	buf_text(&r->field, "");
	text = buf_end_text(&r->field);
	if (text == NULL)
		return ERR_NO_MEMORY;
	to->fields[to->count++] = text;
	return OK;
}

static enum err record(struct csv *csv, struct arena *a, struct csv_record *ret)
{
	struct reading r = {.csv = csv, .record = ret, .more = true};
	enum err e = OK;

	*ret = (struct csv_record){.line = csv->line};
	while (e == OK && r.more) {
		buf_init(&r.field, a);
		field(&r);
		e = keep(&r);
	}
	if (e == OK && ferror(csv->in))
		e = ERR_IO;
	if (e != OK || r.reason == NULL)
		return e;
	ret->reason = r.reason;
	ret->bad_field = r.bad_field;
	return ERR_BAD_FIELD;
}

static bool at_end(FILE *in)
{
	int c = getc(in);

	if (c != EOF)
		ungetc(c, in);
	return c == EOF;
}

enum err csv_next(struct csv *c, struct arena *a, struct csv_record *ret)
{
	enum err e = OK;

	do {
		if (at_end(c->in))
			return ferror(c->in) ? ERR_IO : ERR_NOT_FOUND;
		e = record(c, a, ret);
	} while (e == OK && ret->count == 1 && *ret->fields[0] == '\0');
	return e;
}

void csv_name(const char *typed, char ret[CSV_NAME])
{
	size_t size = 0;
	uint32_t c;

	typed += strspn(typed, " \t");
	while ((c = utf8_fold(&typed)) != 0 && size + 1 < CSV_NAME)
		ret[size++] = c == ' ' || c == '-' || c == '\t' ? '_' : c < 0x80 ? (char)c : '?';
	while (size > 0 && ret[size - 1] == '_')
		size--;
	ret[size] = '\0';
}
