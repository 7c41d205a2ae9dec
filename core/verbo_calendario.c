/*
 * `buzond calendario`: the días inhábiles and obligations that are published (R-2, CFF 12): shown,
 * a file checked against them, a new version published.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "base/file.h"
#include "core/calendarios.h"
#include "core/ical.h"
#include "core/publicado_poner.h"
#include "core/store/store_guard.h"
#include "core/verbos.h"
#include "net/json_line.h"

/* What the wire carries (messages.def, calendario). */
#define ACUERDO_BYTES 300

struct work {
	struct verbo *v;
	const struct args_calendario *args;
	struct config config;
	struct store_guard *guard;
	struct store *store;
	struct calendario_publicado vigente;
	struct bytes texto; /* of the file that was given */
	struct calendario_publicado nuevo;
	int64_t abiertos; /* terms that are open, or are still to be counted again */
};

/* ---- the store ---- */

static enum err open_store(struct work *w, bool write)
{
	enum err e = verbo_configuracion(w->v, w->args->config, &w->config);

	if (e == OK && !write)
		return verbo_almacen(w->v, &w->config, &w->store);
	if (e == OK)
		e = store_guard_use(w->config.almacen, &w->guard);
	return e == OK ? store_open(w->config.almacen, DB_WRITE, &w->store) : e;
}

static enum err read_in_force(struct work *w, struct arena *a)
{
	return calendarios_vigente_en(w->store, a, &w->vigente, &w->v->mensaje);
}

/* Terms that run; `version` 0: all, else those that an older one counted. */
static enum err count_open(struct work *w, int64_t version)
{
	struct in_recuento_cuantos in = {
		.ahora = w->v->now, .calendario = version != 0 ? version : INT64_MAX};
	struct out_recuento_cuantos row;
	enum err e = q_recuento_cuantos(w->store, &in, w->v->arena, &row);

	if (e == OK)
		w->abiertos = row.cuantos;
	return e;
}

/* ---- what is in force ---- */

static const char *day(struct work *w, int32_t dia)
{
	const char *text = fecha_text(w->v->arena, dia, FECHA_DIA);

	return text != NULL ? text : "";
}

static const char *day_of(struct work *w, const char *iso)
{
	int32_t dia = 0;

	return fecha_parse(iso, &dia) == OK ? day(w, dia) : iso;
}

static void print_day(struct work *w, const char *before, const struct inhabil *row)
{
	fprintf(w->v->out, "%s%s  %s%s%s%s%s\n", before, day(w, row->dia), row->motivo,
		row->declarado ? " (declarado)" : "", row->ambito != NULL ? " [" : "",
		row->ambito != NULL ? row->ambito : "", row->ambito != NULL ? "]" : "");
}

static void print_head(struct work *w)
{
	const struct calendario *c = &w->vigente.c;
	FILE *out = w->v->out;

	if (c->version == 0)
		fputs("En vigor: el de este programa; no se ha publicado ninguno.\n", out);
	else
		fprintf(out, "En vigor: versión %" PRId64 ", publicada el %s\n%s\n", c->version,
			verbo_instante(w->v, w->vigente.publicado), c->fuente);
	fprintf(out, "Del %s al %s; después no se calcula ningún plazo.\n", day(w, c->desde),
		day(w, c->hasta));
	if (c->vacaciones_hasta != 0)
		fprintf(out, "Vacaciones generales publicadas hasta %d.\n", c->vacaciones_hasta);
	else
		fputs("No hay vacaciones generales publicadas.\n", out);
	if (c->version != 0 && w->abiertos != 0)
		fprintf(out, "Plazos abiertos que faltan por recalcular: %" PRId64 ".\n",
			w->abiertos);
}

static enum err read_year(struct work *w, int *ret)
{
	const char *text = w->args->anio;
	int month = 0;
	int dom = 0;

	if (text == NULL) {
		fecha_split(zona_civil(zona_centro(), w->v->now).dia, ret, &month, &dom);
		return OK;
	}
	if (strlen(text) != 4 || strspn(text, "0123456789") != 4)
		return verbo_fallo(w->v, ERR_BAD_FIELD, "--anio se escribe como 2027.");
	*ret = (int)strtol(text, NULL, 10);
	return OK;
}

static void print_year(struct work *w, int year)
{
	const struct calendario_publicado *p = &w->vigente;
	char prefix[8];

	snprintf(prefix, sizeof(prefix), "%04d-", year);
	fprintf(w->v->out, "\nDías inhábiles de %d, además de sábados y domingos:\n", year);
	for (size_t i = 0; i < p->c.count; i++)
		if (p->c.rows[i].dia >= fecha_of(year, 1, 1) &&
			p->c.rows[i].dia <= fecha_of(year, 12, 31))
			print_day(w, "  ", &p->c.rows[i]);
	fprintf(w->v->out, "\nObligaciones que vencen en %d:\n", year);
	for (size_t i = 0; i < p->obligacion_count; i++) {
		const struct m_obligacion *o = &p->obligaciones[i];

		if (strncmp(o->vence, prefix, 5) == 0)
			fprintf(w->v->out, "  %s  %s%s%s\n", day_of(w, o->vence), o->nombre,
				o->periodo != NULL ? ": " : "",
				o->periodo != NULL ? o->periodo : "");
	}
}

static void json_day(struct work *w, struct json_line *j, const struct inhabil *row)
{
	json_line_object(j);
	json_line_text(j, "fecha", fecha_text(w->v->arena, row->dia, FECHA_ISO));
	json_line_text(j, "motivo", row->motivo);
	json_line_text(j, "ambito", row->ambito);
	json_line_text(j, "clase", row->declarado ? "declarado" : "ley");
	json_line_object_end(j);
}

static enum err json_in_force(struct work *w)
{
	const struct calendario_publicado *p = &w->vigente;
	struct json_line j;

	json_line_begin(&j, w->v->arena);
	json_line_int(&j, "version", p->c.version);
	json_line_text(&j, "fuente", p->c.fuente);
	if (p->publicado != 0)
		json_line_int(&j, "publicado", p->publicado);
	json_line_text(&j, "desde", fecha_text(w->v->arena, p->c.desde, FECHA_ISO));
	json_line_text(&j, "hasta", fecha_text(w->v->arena, p->c.hasta, FECHA_ISO));
	if (p->c.vacaciones_hasta != 0)
		json_line_int(&j, "vacaciones_hasta", p->c.vacaciones_hasta);
	json_line_int(&j, "por_recalcular", p->c.version != 0 ? w->abiertos : 0);
	json_line_list(&j, "inhabiles");
	for (size_t i = 0; i < p->c.count; i++)
		json_day(w, &j, &p->c.rows[i]);
	json_line_list_end(&j);
	json_line_list(&j, "obligaciones");
	for (size_t i = 0; i < p->obligacion_count; i++) {
		json_line_object(&j);
		json_line_message(&j, &message_obligacion, &p->obligaciones[i]);
		json_line_object_end(&j);
	}
	json_line_list_end(&j);
	return json_line_end(&j, w->v->out);
}

/* As it was published, for who edits it. */
static enum err print_ics(struct work *w)
{
	struct in_calendario_vigente in = {0};
	struct out_calendario_vigente row;
	struct bytes text = {0};
	enum err e = q_calendario_vigente(w->store, &in, w->v->arena, &row);

	if (e == OK)
		text = row.ics;
	else if (e == ERR_NOT_FOUND)
		e = publicados_texto(w->v->arena, PUBLICADO_CALENDARIO, &text);
	if (e == OK)
		fwrite(text.data, 1, text.size, w->v->out);
	return e;
}

static enum err show(struct work *w)
{
	int year = 0;
	enum err e = read_year(w, &year);

	if (e == OK)
		e = open_store(w, false);
	if (e == OK && w->args->ics)
		return print_ics(w);
	if (e == OK)
		e = read_in_force(w, w->v->arena);
	if (e == OK)
		e = count_open(w, w->vigente.c.version);
	if (e != OK)
		return e;
	if (w->args->json)
		return json_in_force(w);
	print_head(w);
	print_year(w, year);
	return OK;
}

/* ---- another one ---- */

static enum err read_file(struct work *w, const char *path)
{
	enum err e = file_read(w->v->arena, path, ICAL_BYTES, &w->texto);

	if (e == ERR_NO_MEMORY)
		return e;
	if (e == ERR_TOO_LARGE)
		return verbo_fallo(w->v, ERR_BAD_CALENDAR,
			"%s pasa de %d KiB; repite con RRULE en lugar de un evento por día.", path,
			ICAL_BYTES / 1024);
	if (e != OK)
		return verbo_fallo(w->v, ERR_NO_FILE, "No se pudo leer %s; revisa la ruta.", path);
	return calendarios_leer(w->v->arena, w->texto, &w->nuevo, &w->v->mensaje);
}

/* It must reach as far as the one in force on both sides: open terms rest on those days. */
static enum err check_span(struct work *w)
{
	const struct calendario *had = &w->vigente.c;
	const struct calendario *now = &w->nuevo.c;

	if (now->desde <= had->desde && now->hasta >= had->hasta)
		return OK;
	return verbo_fallo(w->v, ERR_BAD_CALENDAR,
		"El calendario va del %s al %s y el que está en vigor del %s al %s; agrega lo que "
		"falta y corrige X-BUZON-DESDE o X-BUZON-HASTA.",
		day(w, now->desde), day(w, now->hasta), day(w, had->desde), day(w, had->hasta));
}

static bool same_row(const struct inhabil *l, const struct inhabil *r)
{
	return l->dia == r->dia &&
	       (l->ambito == NULL || r->ambito == NULL ? l->ambito == r->ambito
						       : strcmp(l->ambito, r->ambito) == 0);
}

static bool has(const struct calendario *c, const struct inhabil *row)
{
	for (size_t i = 0; i < c->count; i++)
		if (same_row(&c->rows[i], row))
			return true;
	return false;
}

/* Days of `c` that are not in `other`; how many. */
static size_t print_more(struct work *w, const char *before, const struct calendario *c,
	const struct calendario *other)
{
	size_t n = 0;

	for (size_t i = 0; i < c->count; i++) {
		if (has(other, &c->rows[i]) || (i > 0 && same_row(&c->rows[i - 1], &c->rows[i])))
			continue;
		if (!w->args->json)
			print_day(w, before, &c->rows[i]);
		n++;
	}
	return n;
}

static enum err tell_changes(struct work *w, const char *key, int64_t version)
{
	size_t more = print_more(w, "+ ", &w->nuevo.c, &w->vigente.c);
	size_t less = print_more(w, "- ", &w->vigente.c, &w->nuevo.c);
	struct json_line j;

	if (w->args->json) {
		json_line_begin(&j, w->v->arena);
		json_line_bool(&j, key, true);
		if (version != 0)
			json_line_int(&j, "version", version);
		json_line_int(&j, "agregados", (int64_t)more);
		json_line_int(&j, "quitados", (int64_t)less);
		json_line_int(&j, "abiertos", w->abiertos);
		return json_line_end(&j, w->v->out);
	}
	fprintf(w->v->out, "Días inhábiles que se agregan: %zu; que se quitan: %zu.\n", more, less);
	if (version == 0)
		fprintf(w->v->out,
			"Sin problemas. Plazos abiertos que se recalcularían: %" PRId64
			". No se publicó nada (--revisar).\n",
			w->abiertos);
	else
		fprintf(w->v->out,
			"Publicado: versión %" PRId64
			". Plazos abiertos que se recalculan: %" PRId64 "; ninguno se acorta.\n",
			version, w->abiertos);
	return OK;
}

static enum err check(struct work *w)
{
	enum err e = open_store(w, false);

	if (e == OK)
		e = read_file(w, w->args->revisar);
	if (e == OK)
		e = read_in_force(w, w->v->arena);
	if (e == OK)
		e = check_span(w);
	if (e == OK)
		e = count_open(w, 0);
	return e == OK ? tell_changes(w, "revisado", 0) : e;
}

/* Inside the transaction: against what is in force then. */
static enum err text_of(void *ctx, struct arena *a, struct bytes *ret)
{
	struct work *w = ctx;
	enum err e = read_in_force(w, w->v->arena);

	(void)a;
	if (e == OK)
		e = check_span(w);
	if (e == OK)
		e = count_open(w, 0);
	*ret = w->texto;
	return e;
}

static enum err publish(struct work *w)
{
	const char *acuerdo = w->args->acuerdo;
	int64_t version = 0;
	enum err e = acuerdo != NULL
			     ? verbo_texto(w->v, "--acuerdo", acuerdo, ACUERDO_BYTES)
			     : verbo_fallo(w->v, ERR_USAGE,
				       "Falta --acuerdo TEXTO: el acuerdo que publica esos días, "
				       "como lo leerán los particulares.");

	if (e == OK)
		e = read_file(w, w->args->publicar);
	if (e == OK)
		e = open_store(w, true);
	if (e != OK)
		return e;
	const struct publicado_nuevo n = {.store = w->store,
		.which = PUBLICADO_CALENDARIO,
		.now = w->v->now,
		.acuerdo = acuerdo,
		.texto = text_of,
		.ctx = w};

	e = publicado_poner(&n, &version);
	if (e == ERR_BUSY)
		return verbo_fallo(w->v, e,
			"Otros están escribiendo en el almacén; inténtalo en unos segundos. No se "
			"publicó nada.");
	return e == OK ? tell_changes(w, "publicado", version) : e;
}

/* ---- the example ---- */

/* Ours, and what an operator adds; refused as it stands, so that nobody publishes it by mistake. */
static enum err print_example(struct work *w)
{
	static const char end[] = "END:VCALENDAR\r\n";
	static const char more[] =
		"BEGIN:VEVENT\r\nUID:vacaciones-2026-2@ejemplo\r\n"
		"DTSTART;VALUE=DATE:20261221\r\nDTEND;VALUE=DATE:20270106\r\n"
		"SUMMARY:EJEMPLO: segundo periodo de vacaciones generales de 2026\r\n"
		"DESCRIPTION:EJEMPLO: acuerdo y fecha de publicación en el DOF\r\n"
		"CATEGORIES:INHABIL,declarado\r\nEND:VEVENT\r\n"
		"BEGIN:VEVENT\r\nUID:cierre-2026-09@ejemplo\r\n"
		"DTSTART;VALUE=DATE:20260921\r\n"
		"SUMMARY:EJEMPLO: suspensión de labores en Jalisco\r\n"
		"DESCRIPTION:EJEMPLO: acuerdo que la declara\r\n"
		"CATEGORIES:INHABIL,declarado,estado:JAL\r\nEND:VEVENT\r\n";
	struct bytes text;
	enum err e = publicados_texto(w->v->arena, PUBLICADO_CALENDARIO, &text);

	if (e != OK)
		return e;
	fwrite(text.data, 1, text.size - (sizeof(end) - 1), w->v->out);
	fputs(more, w->v->out);
	fputs(end, w->v->out);
	return OK;
}

/* ---- the verb ---- */

static enum err run(struct work *w)
{
	const struct args_calendario *args = w->args;
	int asked = (args->revisar != NULL) + (args->publicar != NULL) + args->ejemplo + args->ics;

	if (asked > 1 || (args->acuerdo != NULL && args->publicar == NULL))
		return verbo_fallo(w->v, ERR_USAGE,
			"--revisar, --publicar con --acuerdo, --ics y --ejemplo van cada una sola; "
			"consulta buzond calendario --ayuda.");
	if (args->ejemplo)
		return print_example(w);
	if (args->revisar != NULL)
		return check(w);
	return args->publicar != NULL ? publish(w) : show(w);
}

enum err verbo_calendario(struct verbo *v, const struct args_calendario *args)
{
	struct work w = {.v = v, .args = args};
	enum err e = run(&w);

	if (w.store != NULL)
		store_close(w.store);
	if (w.guard != NULL)
		store_guard_drop(w.guard);
	return e;
}
