#include "core/lote_informe.h"

#include <stdlib.h>
#include <string.h>
#include "base/file.h"
#include "net/json_line.h"

/* A row, whatever stands in it. */
#define ROW_ARENA (64 * 1024)

static const char *state_of(const struct lote_renglon *r)
{
	if (!r->hecho)
		return "pendiente";
	if (r->err != OK)
		return "error";
	return r->folio[0] == '\0' ? "se-puede" : r->antes ? "ya-emitida" : "emitida";
}

static const char *why(const struct lote_renglon *r)
{
	if (!r->hecho || r->detalle != NULL)
		return r->detalle;
	return r->err != OK ? err_sentence(r->err) : NULL;
}

static const char *given(const char *text)
{
	return text != NULL && *text != '\0' ? text : NULL;
}

static enum err put_json(FILE *out, const struct lote_renglon *r)
{
	ARENA(a, ROW_ARENA);
	struct json_line j;

	json_line_begin(&j, &a);
	json_line_int(&j, "renglon", r->linea);
	json_line_text(&j, "rfc", r->rfc);
	json_line_text(&j, "oficio", r->oficio);
	json_line_text(&j, "estado", state_of(r));
	json_line_text(&j, "folio", given(r->folio));
	json_line_text(&j, "capacidad", given(r->capacidad));
	if (r->sale != 0)
		json_line_int(&j, "sale", r->sale);
	if (r->hecho && r->err != OK)
		json_line_text(&j, "error", err_wire(r->err));
	json_line_text(&j, "campo", r->campo);
	json_line_text(&j, "detalle", why(r));
	return json_line_end(&j, out);
}

/* RFC 4180: quoted where it must be; what a spreadsheet would take for a formula is a text. */
static void put_cell(FILE *out, const char *text, char end)
{
	const char *t = text != NULL ? text : "";

	if (*t != '\0' && strchr("=+-@", *t) != NULL) {
		fprintf(out, "\"'");
	} else if (strpbrk(t, ",\"\r\n") == NULL) {
		fprintf(out, "%s%c", t, end);
		return;
	} else {
		putc('"', out);
	}
	for (; *t != '\0'; t++) {
		if (*t == '"')
			putc('"', out);
		putc(*t, out);
	}
	fprintf(out, "\"%c", end);
}

static void put_csv(FILE *out, const struct lote_renglon *r)
{
	fprintf(out, "%d,", r->linea);
	put_cell(out, r->rfc, ',');
	put_cell(out, r->oficio, ',');
	put_cell(out, state_of(r), ',');
	put_cell(out, r->folio, ',');
	put_cell(out, r->capacidad, ',');
	put_cell(out, r->hecho && r->err != OK ? err_wire(r->err) : NULL, ',');
	put_cell(out, r->campo, ',');
	put_cell(out, why(r), '\n');
}

static enum err put_all(const struct lote_manifiesto *m, bool json, FILE *out, size_t *ret_wrong)
{
	enum err e = OK;
	size_t wrong = 0;

	if (!json)
		fputs("renglon,rfc,oficio,estado,folio,capacidad,error,campo,detalle\n", out);
	for (size_t i = 0; e == OK && i < m->count; i++) {
		const struct lote_renglon *r = &m->renglones[i];

		wrong += !r->hecho || r->err != OK;
		if (json)
			e = put_json(out, r);
		else
			put_csv(out, r);
	}
	*ret_wrong = wrong;
	return e;
}

enum err lote_informe(
	struct lote_manifiesto *m, const char *path, bool json, FILE *out, size_t *ret_wrong)
{
	char *text = NULL;
	size_t size = 0;

	if (path == NULL)
		return put_all(m, json, out, ret_wrong);
	FILE *memory = open_memstream(&text, &size);

	if (memory == NULL)
		return ERR_NO_MEMORY;
	enum err e = put_all(m, json, memory, ret_wrong);

	if (fclose(memory) != 0 && e == OK)
		e = ERR_NO_MEMORY;
	if (e == OK)
		e = file_write(path, bytes_of(text, size), 0600);
	free(text);
	return e;
}
