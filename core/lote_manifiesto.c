#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "base/csv.h"
#include "base/file.h"
#include "base/utf8.h"
#include "core/lote.h"
#include "crypto/rfc.h"
#include "ley/hora.h"
#include "ley/rp.h"

/* A hundred thousand rows; one record while it is read. */
#define MANIFEST_ARENA (512 * 1024 * 1024)
#define ROW_ARENA (256 * 1024)
#define PLAZO_MOST 1000

enum columna {
	COLUMNA_RFC,
	COLUMNA_OFICIO,
	COLUMNA_TIPO,
	COLUMNA_DOCUMENTO,
	COLUMNA_PDF,
	COLUMNA_PLAZO_DIAS,
	COLUMNA_RP,
	COLUMNA_SUBDELEGACION,
	COLUMNA_PERIODO,
	COLUMNA_IMPORTE,
	COLUMNA_AVISO,
	COLUMNAS
};

/* Most bytes of each, as messages.def has them. */
static const struct {
	const char *name;
	bool need;
	size_t most;
} columnas[COLUMNAS] = {
	[COLUMNA_RFC] = {"rfc", true, 40},
	[COLUMNA_OFICIO] = {"oficio", true, 100},
	[COLUMNA_TIPO] = {"tipo", true, 32},
	[COLUMNA_DOCUMENTO] = {"documento", true, 300},
	[COLUMNA_PDF] = {"pdf", true, 4000},
	[COLUMNA_PLAZO_DIAS] = {"plazo_dias", false, 20},
	[COLUMNA_RP] = {"rp", false, 20},
	[COLUMNA_SUBDELEGACION] = {"subdelegacion", false, 200},
	[COLUMNA_PERIODO] = {"periodo", false, 60},
	[COLUMNA_IMPORTE] = {"importe", false, 40},
	[COLUMNA_AVISO] = {"aviso", false, 40},
};

AUTO_TYPE(stream, FILE, (void)fclose);

struct leyendo {
	struct lote_manifiesto *m;
	struct arena *row; /* of the record at hand */
	struct csv csv;
	struct csv_record record;
	size_t at[COLUMNAS]; /* its place in a row, from 1; 0: it is not there */
	size_t columns;
	size_t room;
};

const char *lote_columnas(void)
{
	return "rfc, oficio, tipo, documento, pdf; y si hacen falta plazo_dias, rp, subdelegacion, "
	       "periodo, importe, aviso (sólo en pruebas)";
}

/* ---- the header ---- */

static enum err complain(
	struct leyendo *r, const char **ret_message, const char *what, const char *name)
{
	*ret_message =
		arena_printf(&r->m->arena, "Manifiesto, renglón %d: %s «%s»; se admiten: %s.",
			r->record.line, what, name, lote_columnas());
	return *ret_message != NULL ? ERR_BAD_FIELD : ERR_NO_MEMORY;
}

static enum err take_name(struct leyendo *r, size_t place, const char **ret_message)
{
	char name[CSV_NAME];
	size_t c = 0;

	csv_name(r->record.fields[place], name);
	while (c < COLUMNAS && strcmp(columnas[c].name, name) != 0)
		c++;
	if (c == COLUMNAS)
		return complain(r, ret_message, "no se conoce la columna", name);
	if (r->at[c] != 0)
		return complain(r, ret_message, "está dos veces la columna", name);
	r->at[c] = place + 1;
	return OK;
}

static enum err read_header(struct leyendo *r, const char **ret_message)
{
	enum err e = csv_next(&r->csv, r->row, &r->record);

	if (e == ERR_NOT_FOUND || e == ERR_BAD_FIELD) {
		*ret_message = arena_printf(&r->m->arena,
			"El manifiesto no empieza con un encabezado; se admiten las columnas: %s.",
			lote_columnas());
		return *ret_message != NULL ? ERR_BAD_FIELD : ERR_NO_MEMORY;
	}
	r->columns = r->record.count;
	while (r->columns > 0 && *r->record.fields[r->columns - 1] == '\0')
		r->columns--;
	for (size_t i = 0; e == OK && i < r->columns; i++)
		e = take_name(r, i, ret_message);
	for (size_t c = 0; e == OK && c < COLUMNAS; c++)
		if (columnas[c].need && r->at[c] == 0)
			e = complain(r, ret_message, "falta la columna", columnas[c].name);
	return e;
}

/* ---- rows ---- */

static void bad(struct lote_renglon *r, const char *campo, const char *detalle)
{
	if (r->hecho)
		return;
	r->hecho = true;
	r->err = ERR_BAD_FIELD;
	r->campo = campo;
	r->detalle = detalle;
}

/* What a request of the wire takes (net/codec.h): a bar parts the values of a cadena. */
static bool allowed(const char *text)
{
	for (const unsigned char *c = (const unsigned char *)text; *c != '\0'; c++)
		if (*c < 0x20 || *c == 0x7f || *c == '|')
			return false;
	return utf8_valid(text, strlen(text));
}

/* NULL: nothing stands there, or nothing that can be used. */
static const char *cell(struct leyendo *r, struct lote_renglon *to, enum columna c)
{
	const char *text =
		r->at[c] != 0 && r->at[c] <= r->record.count ? r->record.fields[r->at[c] - 1] : "";

	text += strspn(text, " \t");
	size_t size = strlen(text);

	while (size > 0 && (text[size - 1] == ' ' || text[size - 1] == '\t'))
		size--;
	char *copy = arena_printf(&r->m->arena, "%.*s", (int)size, text);

	if (copy == NULL || size == 0) {
		if (columnas[c].need)
			bad(to, columnas[c].name, "está vacío; escríbelo.");
		return NULL;
	}
	if (size > columnas[c].most) {
		bad(to, columnas[c].name, "es más largo de lo que se admite; acórtalo.");
		return NULL;
	}
	if (!allowed(copy)) {
		bad(to, columnas[c].name,
			"se admite texto en UTF-8, sin | ni caracteres de control; corrígelo.");
		return NULL;
	}
	return copy;
}

static enum err read_rfc(struct leyendo *r, struct lote_renglon *to)
{
	const char *typed = cell(r, to, COLUMNA_RFC);
	enum err e = typed != NULL ? rfc_normalize(&r->m->arena, typed, &to->rfc) : OK;

	if (e == ERR_BAD_RFC)
		bad(to, "rfc", err_sentence(e));
	return e == ERR_BAD_RFC ? OK : e;
}

static enum err read_rp(struct leyendo *r, struct lote_renglon *to)
{
	const char *typed = cell(r, to, COLUMNA_RP);
	enum err e = typed != NULL ? rp_normalize(&r->m->arena, typed, &to->rp) : OK;

	if (e == ERR_BAD_FIELD)
		bad(to, "rp", "no es un registro patronal; son 11 caracteres, como B1234567100.");
	return e == ERR_BAD_FIELD ? OK : e;
}

static void read_numbers(struct leyendo *r, struct lote_renglon *to)
{
	const char *days = cell(r, to, COLUMNA_PLAZO_DIAS);
	const char *ready = cell(r, to, COLUMNA_AVISO);
	char *end = NULL;

	if (days != NULL) {
		to->plazo_dias = strtol(days, &end, 10);
		if (*end != '\0' || to->plazo_dias < 0 || to->plazo_dias > PLAZO_MOST)
			bad(to, "plazo_dias", "se admite un entero de 0 a 1000.");
	}
	if (ready != NULL && hora_parse(ready, &to->aviso) != OK)
		bad(to, "aviso", "se escribe como 2026-11-12T17:52:03.114-06:00.");
}

static enum err read_pdf(struct leyendo *r, struct lote_renglon *to, const char *folder)
{
	const char *typed = cell(r, to, COLUMNA_PDF);

	if (typed == NULL)
		return OK;
	to->pdf = *typed == '/' ? typed : arena_printf(&r->m->arena, "%s%s", folder, typed);
	return to->pdf != NULL ? OK : ERR_NO_MEMORY;
}

static enum err read_row(struct leyendo *r, struct lote_renglon *to, const char *folder)
{
	if (r->record.count < r->columns)
		bad(to, NULL, "el renglón tiene menos datos que columnas el encabezado.");
	enum err e = read_rfc(r, to);

	to->oficio = cell(r, to, COLUMNA_OFICIO);
	to->tipo = cell(r, to, COLUMNA_TIPO);
	to->documento = cell(r, to, COLUMNA_DOCUMENTO);
	to->subdelegacion = cell(r, to, COLUMNA_SUBDELEGACION);
	to->periodo = cell(r, to, COLUMNA_PERIODO);
	to->importe = cell(r, to, COLUMNA_IMPORTE);
	read_numbers(r, to);
	if (e == OK)
		e = read_pdf(r, to, folder);
	return e == OK ? read_rp(r, to) : e;
}

static struct lote_renglon *next_place(struct leyendo *r)
{
	struct lote_manifiesto *m = r->m;

	if (m->count == r->room) {
		size_t room = r->room != 0 ? r->room * 2 : 64;
		struct lote_renglon *more = arena_array(&m->arena, room, sizeof(*more));

		if (more == NULL)
			return NULL;
		if (m->count != 0)
			memcpy(more, m->renglones, m->count * sizeof(*more));
		m->renglones = more;
		r->room = room;
	}
	struct lote_renglon *to = &m->renglones[m->count++];

	*to = (struct lote_renglon){0};
	return to;
}

/* ERR_NOT_FOUND: there is no other. A record that is none is a row that can't be used. */
static enum err next_row(struct leyendo *r, const char *folder)
{
	arena_free(r->row);
	enum err e = csv_next(&r->csv, r->row, &r->record);

	if (e != OK && e != ERR_BAD_FIELD)
		return e;
	struct lote_renglon *to = next_place(r);

	if (to == NULL)
		return ERR_NO_MEMORY;
	to->linea = r->record.line;
	if (e == OK)
		return read_row(r, to, folder);
	bad(to, NULL, r->record.reason);
	return OK;
}

/* ---- the same oficio to the same RFC twice ---- */

static int by_act(const void *one, const void *two)
{
	const struct lote_renglon *a = *(struct lote_renglon *const *)one;
	const struct lote_renglon *b = *(struct lote_renglon *const *)two;
	int d = strcmp(a->rfc, b->rfc);

	if (d == 0)
		d = strcmp(a->oficio, b->oficio);
	return d != 0 ? d : (a->linea > b->linea) - (a->linea < b->linea);
}

static enum err mark_repeated(struct lote_manifiesto *m)
{
	struct lote_renglon **them = arena_array(&m->arena, m->count + 1, sizeof(*them));
	size_t n = 0;

	if (them == NULL)
		return ERR_NO_MEMORY;
	for (size_t i = 0; i < m->count; i++)
		if (!m->renglones[i].hecho)
			them[n++] = &m->renglones[i];
	qsort(them, n, sizeof(*them), by_act);
	for (size_t i = 1; i < n; i++) {
		struct lote_renglon *r = them[i];

		if (strcmp(r->rfc, them[i - 1]->rfc) != 0 ||
			strcmp(r->oficio, them[i - 1]->oficio) != 0)
			continue;
		bad(r, "oficio", NULL);
		r->err = ERR_DUPLICATE_ACT;
		r->detalle = arena_printf(&m->arena,
			"ese oficio ya está para ese RFC en el renglón %d; deja uno.",
			them[i - 1]->linea);
	}
	return OK;
}

/* ---- the whole ---- */

static char separator_of(FILE *in)
{
	char first[4096];
	size_t size = fread(first, 1, sizeof(first) - 1, in);

	first[size] = '\0';
	rewind(in);
	size_t line = strcspn(first, "\n");
	bool comma = memchr(first, ',', line) != NULL;

	return comma || memchr(first, ';', line) == NULL ? ',' : ';';
}

static void skip_mark(FILE *in)
{
	char mark[3];

	if (fread(mark, 1, 3, in) != 3 || memcmp(mark, "\xef\xbb\xbf", 3) != 0)
		rewind(in);
}

static const char *folder_of(struct arena *a, const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? arena_printf(a, "%.*s", (int)(slash - path + 1), path) : "";
}

enum err lote_leer(const char *path, struct lote_manifiesto *m, const char **ret_message)
{
	ARENA(row, ROW_ARENA);
	AUTO(stream) in = fopen(path, "re");
	struct leyendo r = {.m = m, .row = &row};

	*m = (struct lote_manifiesto){0};
	arena_init(&m->arena, MANIFEST_ARENA);
	if (in == NULL)
		return file_error(errno);
	const char *folder = folder_of(&m->arena, path);

	r.csv = (struct csv){.in = in, .separator = separator_of(in), .line = 1};
	skip_mark(in);
	enum err e = folder != NULL ? read_header(&r, ret_message) : ERR_NO_MEMORY;

	while (e == OK)
		e = next_row(&r, folder);
	return e == ERR_NOT_FOUND ? mark_repeated(m) : e;
}
