#include "core/padron_informe.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>
#include "base/file.h"
#include "ley/rp.h"
#include "net/json_line.h"

/* Of a report that a person reads; --json has them all. */
#define SHOWN 200
/* Of a list in it. */
#define SHOWN_ITEMS 5

enum err padron_informe_open(struct padron_informe *i)
{
	i->lines = tmpfile();
	return i->lines != NULL ? OK : file_error(errno);
}

void padron_informe_close(struct padron_informe *i)
{
	if (i->lines != NULL)
		fclose(i->lines);
	i->lines = NULL;
}

enum err padron_informe_empieza(struct padron_informe *i)
{
	i->sumas = (struct padron_sumas){0};
	rewind(i->lines);
	return ftruncate(fileno(i->lines), 0) == 0 ? OK : file_error(errno);
}

static void sum(struct padron_sumas *s, const struct padron_cambios *c)
{
	s->fichas++;
	s->nuevos += c->nuevo ? 1 : 0;
	s->cambiados += c->alguno && !c->nuevo ? 1 : 0;
	s->rps_agregados += c->rps_agregados.count;
	s->rps_cambiados += c->rps_cambiados.count;
	s->rps_quitados += c->rps_quitados.count;
	s->representantes_agregados += c->representantes_agregados.count;
	s->representantes_cambiados += c->representantes_cambiados.count;
	s->representantes_terminados += c->representantes_terminados.count;
}

/* ---- for a person ---- */

/* "; RP agregados: A01-23456-10-7, … y 3 más" */
static void put_list(
	FILE *to, struct arena *a, const char *what, const struct padron_lista *l, bool rps)
{
	for (size_t i = 0; i < l->count && i < SHOWN_ITEMS; i++) {
		const char *text = rps ? rp_text(a, l->rows[i]) : l->rows[i];

		if (i == 0)
			fprintf(to, "; %s: ", what);
		fprintf(to, "%s%s", i == 0 ? "" : ", ", text != NULL ? text : l->rows[i]);
	}
	if (l->count > SHOWN_ITEMS)
		fprintf(to, " y %zu más", l->count - SHOWN_ITEMS);
}

static void put_fields(FILE *to, const struct padron_cambios *c)
{
	const char *before = "; cambió ";

	for (unsigned i = 0; i < PADRON_CAMPOS; i++) {
		if (!c->campos[i])
			continue;
		fprintf(to, "%s%s", before, padron_campo_word((enum padron_campo)i));
		before = ", ";
	}
}

static void put_line(struct padron_informe *i, struct arena *a, const struct padron_ficha *f,
	const struct padron_cambios *c)
{
	FILE *to = i->lines;

	if (!c->alguno || i->sumas.nuevos + i->sumas.cambiados > SHOWN)
		return;
	fprintf(to, "%s: %s", f->rfc, c->nuevo ? "nuevo" : "cambiado");
	if (!c->nuevo)
		put_fields(to, c);
	put_list(to, a, "RP agregados", &c->rps_agregados, true);
	put_list(to, a, "RP con otra subdelegación", &c->rps_cambiados, true);
	put_list(to, a, "RP quitados", &c->rps_quitados, true);
	put_list(to, a, "representantes agregados", &c->representantes_agregados, false);
	put_list(to, a, "representantes con otros permisos o fechas", &c->representantes_cambiados,
		false);
	put_list(to, a, "representantes terminados", &c->representantes_terminados, false);
	fputs(".\n", to);
}

static void print_sums(const struct padron_sumas *s, FILE *out)
{
	size_t some = s->nuevos + s->cambiados;

	if (some > SHOWN)
		fprintf(out, "… y %zu RFC más con cambios; --json los dice todos.\n", some - SHOWN);
	if (some == 0) {
		fprintf(out, "Sin cambios: %zu RFC %s.\n", s->fichas,
			s->fichas == 1 ? "revisado" : "revisados");
		return;
	}
	fprintf(out, "%zu RFC: %zu %s, %zu %s, %zu sin cambios.\n", s->fichas, s->nuevos,
		s->nuevos == 1 ? "nuevo" : "nuevos", s->cambiados,
		s->cambiados == 1 ? "cambiado" : "cambiados", s->fichas - some);
	fprintf(out, "RP agregados: %zu; con otra subdelegación: %zu; quitados: %zu.\n",
		s->rps_agregados, s->rps_cambiados, s->rps_quitados);
	fprintf(out,
		"Representantes agregados: %zu; con otros permisos o fechas: %zu; terminados: %zu.\n",
		s->representantes_agregados, s->representantes_cambiados,
		s->representantes_terminados);
}

/* ---- for a program ---- */

static void json_list(struct json_line *j, const char *key, const struct padron_lista *l)
{
	if (l->count == 0)
		return;
	json_line_list(j, key);
	for (size_t i = 0; i < l->count; i++)
		json_line_item(j, l->rows[i]);
	json_line_list_end(j);
}

static enum err put_json(struct padron_informe *i, struct arena *a, const struct padron_ficha *f,
	const struct padron_cambios *c)
{
	struct json_line j;

	json_line_begin(&j, a);
	json_line_text(&j, "rfc", f->rfc);
	json_line_text(&j, "resultado", c->nuevo ? "nuevo" : c->alguno ? "cambiado" : "igual");
	if (c->alguno && !c->nuevo) {
		json_line_list(&j, "campos");
		for (unsigned n = 0; n < PADRON_CAMPOS; n++)
			if (c->campos[n])
				json_line_item(&j, padron_campo_word((enum padron_campo)n));
		json_line_list_end(&j);
	}
	json_list(&j, "rps_agregados", &c->rps_agregados);
	json_list(&j, "rps_cambiados", &c->rps_cambiados);
	json_list(&j, "rps_quitados", &c->rps_quitados);
	json_list(&j, "representantes_agregados", &c->representantes_agregados);
	json_list(&j, "representantes_cambiados", &c->representantes_cambiados);
	json_list(&j, "representantes_terminados", &c->representantes_terminados);
	return json_line_end(&j, i->lines);
}

static enum err print_json_sums(const struct padron_sumas *s, struct arena *a, FILE *out)
{
	struct json_line j;

	json_line_begin(&j, a);
	json_line_int(&j, "fichas", (int64_t)s->fichas);
	json_line_int(&j, "nuevos", (int64_t)s->nuevos);
	json_line_int(&j, "cambiados", (int64_t)s->cambiados);
	json_line_int(&j, "iguales", (int64_t)(s->fichas - s->nuevos - s->cambiados));
	json_line_int(&j, "rps_agregados", (int64_t)s->rps_agregados);
	json_line_int(&j, "rps_cambiados", (int64_t)s->rps_cambiados);
	json_line_int(&j, "rps_quitados", (int64_t)s->rps_quitados);
	json_line_int(&j, "representantes_agregados", (int64_t)s->representantes_agregados);
	json_line_int(&j, "representantes_cambiados", (int64_t)s->representantes_cambiados);
	json_line_int(&j, "representantes_terminados", (int64_t)s->representantes_terminados);
	return json_line_end(&j, out);
}

/* ---- both ---- */

enum err padron_informe_uno(struct padron_informe *i, struct arena *a, const struct padron_ficha *f,
	const struct padron_cambios *c)
{
	sum(&i->sumas, c);
	if (i->json)
		return put_json(i, a, f, c);
	put_line(i, a, f, c);
	return OK;
}

enum err padron_informe_print(struct padron_informe *i, struct arena *a, FILE *out)
{
	char piece[4096];
	size_t size;

	if (fflush(i->lines) != 0)
		return file_error(errno);
	rewind(i->lines);
	while ((size = fread(piece, 1, sizeof(piece), i->lines)) != 0)
		fwrite(piece, 1, size, out);
	if (i->json)
		return print_json_sums(&i->sumas, a, out);
	print_sums(&i->sumas, out);
	return OK;
}
