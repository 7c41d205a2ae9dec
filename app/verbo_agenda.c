/*
 * `agenda`: what is due, for a person, for a program, and for cron by its exit code. What
 * can't be known is never told as nothing.
 */
#include <stdio.h>
#include <stdlib.h>
#include "app/consulta.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/texto.h"
#include "net/json_line.h"
#include "screens/citas.h"
#include "screens/renglon.h"

#define DIAS 30
#define DIAS_MOST 3660

struct agenda_verbo {
	struct verb_call *v;
	struct consulta *consultas; /* of each profile that could be opened */
	struct citas_de *de;
	size_t count;
	bool unknown; /* something that may be due was not seen */
	int32_t desde;
	int32_t hasta;
	int32_t hoy;
	struct citas citas;
};

static enum err usage(struct verb_call *v, const char *what)
{
	v->detail = what;
	return ERR_USAGE;
}

static enum err read_dates(struct agenda_verbo *g, int64_t now)
{
	struct verb_call *v = g->v;
	const char *dias = v->opt[OPTION_dias];
	char *end = NULL;
	long n = dias != NULL ? strtol(dias, &end, 10) : DIAS;

	if (dias != NULL && (*dias < '0' || *dias > '9' || *end != '\0' || n > DIAS_MOST))
		return usage(v, _("--dias lleva un número, de 0 a 3660"));
	if (dias != NULL && v->opt[OPTION_hasta] != NULL)
		return usage(v, _("--dias y --hasta dicen lo mismo; escribe solo uno"));
	g->hoy = zona_civil(zona_centro(), now).dia;
	g->desde = g->hoy;
	if (v->opt[OPTION_desde] != NULL && fecha_escrita(v->opt[OPTION_desde], &g->desde) != OK)
		return usage(v, _("--desde lleva una fecha, como 2026-12-31 o 31/dic/2026"));
	g->hasta = g->desde + (int32_t)n;
	if (v->opt[OPTION_hasta] != NULL && fecha_escrita(v->opt[OPTION_hasta], &g->hasta) != OK)
		return usage(v, _("--hasta lleva una fecha, como 2026-12-31 o 31/dic/2026"));
	if (g->hasta < g->desde)
		return usage(v, _("--hasta no puede ser antes que --desde"));
	return OK;
}

/* ---- profiles ---- */

/* An earlier profile's e.firma, where it is this one's too: it is asked for once. */
static const struct efirma *known(const struct agenda_verbo *g, const struct perfil *p)
{
	for (size_t i = 0; i < g->count; i++) {
		const struct consulta *c = &g->consultas[i];

		if (strcmp(c->perfil->certificado, p->certificado) == 0 &&
			strcmp(c->perfil->llave, p->llave) == 0 &&
			(strcmp(p->calidad, "propio") != 0 ||
				strcmp(c->efirma->cert.rfc, p->rfc) == 0))
			return c->efirma;
	}
	return NULL;
}

/* A line that is down, or a copy that is old, is told, and the copy speaks for itself. */
static void tell_state(struct agenda_verbo *g, const struct consulta *c)
{
	const char *when = c->model.recibido != 0 ? hora_text(g->v->arena, zona_centro(),
							    c->model.recibido, HORA_DIA)
						  : NULL;

	if (c->linea != OK)
		fprintf(stderr, "%s: %s\n", c->perfil->nombre, err_sentence(c->linea));
	if (consulta_reciente(c))
		return;
	g->unknown = true;
	if (when != NULL)
		fprintf(stderr, _("%s: lo guardado es del %s; puede faltar lo más nuevo.\n"),
			c->perfil->nombre, when);
	else
		fprintf(stderr, _("%s: todavía no se ha recibido nada del servidor.\n"),
			c->perfil->nombre);
}

static enum err add_profile(struct agenda_verbo *g, const struct perfil *p)
{
	struct consulta *c = &g->consultas[g->count];
	const struct efirma *f = known(g, p);
	enum err e = f != NULL ? consulta_open_with(g->v, p, f, c) : consulta_open(g->v, p, c);

	if (e != OK) {
		consulta_close(c);
		return e;
	}
	tell_state(g, c);
	g->de[g->count] = (struct citas_de){.model = &c->model, .rfc = p->rfc, .nombre = p->nombre};
	g->count++;
	return OK;
}

static enum err add_one(struct agenda_verbo *g)
{
	const struct perfil *p = NULL;
	enum err e = sesion_perfil(g->v, &p);

	return e == OK ? add_profile(g, p) : e;
}

/* One that can't be opened keeps the others from nobody, and is not forgotten. */
static enum err add_all(struct agenda_verbo *g, const struct config_app *config)
{
	enum err e = OK;

	for (size_t i = 0; e == OK && i < config->perfiles_count; i++) {
		e = add_profile(g, &config->perfiles[i]);
		if (e == OK || e == ERR_NO_MEMORY)
			continue;
		fprintf(stderr, "%s: %s\n", config->perfiles[i].nombre, err_sentence(e));
		g->unknown = true;
		g->v->detail = NULL;
		e = OK;
	}
	return e;
}

static enum err open_profiles(struct agenda_verbo *g)
{
	struct config_app config = {0};
	bool all = g->v->opt[OPTION_todos] != NULL;
	enum err e = all ? verbs_config(g->v, &config) : OK;

	if (e == OK && all && g->v->opt[OPTION_perfil] != NULL)
		e = usage(g->v, _("--todos son todos los perfiles; quita --perfil"));
	if (e != OK)
		return e;
	size_t most = all ? config.perfiles_count : 1;

	g->consultas = arena_zalloc(g->v->arena, (most + 1) * sizeof(*g->consultas));
	g->de = arena_array(g->v->arena, most + 1, sizeof(*g->de));
	if (g->consultas == NULL || g->de == NULL)
		return ERR_NO_MEMORY;
	return all ? add_all(g, &config) : add_one(g);
}

/* ---- what is printed ---- */

static enum err print_json(struct agenda_verbo *g, struct arena *a, const struct cita *c)
{
	bool own = c->clase == CITA_OBLIGACION;
	const char *dia = fecha_text(a, c->dia, FECHA_ISO);
	const char *antes = c->antes != 0 ? fecha_text(a, c->antes, FECHA_ISO) : NULL;
	const char *regla = own ? fecha_text(a, c->regla, FECHA_ISO) : NULL;
	struct json_line j;

	if (dia == NULL || (c->antes != 0 && antes == NULL) || (own && regla == NULL))
		return ERR_NO_MEMORY;
	json_line_begin(&j, a);
	json_line_text(&j, "dia", dia);
	if (c->instante != 0)
		json_line_int(&j, "instante", c->instante);
	json_line_text(&j, "clase", cita_word(c->clase));
	json_line_text(&j, "que", c->que);
	json_line_text(&j, own ? "periodo" : "oficio", c->tambien);
	json_line_text(&j, "folio", c->folio);
	if (c->de != CITA_DE_TODOS) {
		json_line_text(&j, "perfil", g->de[c->de].nombre);
		json_line_text(&j, "rfc", g->de[c->de].rfc);
	}
	json_line_text(&j, "antes", antes);
	json_line_text(&j, "cambio", c->cambio);
	json_line_text(&j, "regla", regla);
	json_line_text(&j, "prorroga", c->prorroga);
	json_line_text(&j, "fundamento", c->fundamento);
	return json_line_end(&j, stdout);
}

static enum err print_row(struct agenda_verbo *g, struct arena *a, const struct cita *c)
{
	const char *when = c->instante != 0 ? hora_text(a, zona_centro(), c->instante, HORA_LISTA)
					    : fecha_text(a, c->dia, FECHA_LISTA);
	bool own = c->clase == CITA_OBLIGACION;
	const char *antes = c->antes != 0 ? fecha_text(a, c->antes, FECHA_LISTA) : "";

	if (when == NULL || antes == NULL)
		return ERR_NO_MEMORY;
	printf("%s  %s", sesion_cell(a, when, 17),
		sesion_cell(a, texto(cita_nombre(c->clase)), 29));
	if (g->v->opt[OPTION_todos] != NULL)
		printf("  %s",
			sesion_cell(
				a, c->de != CITA_DE_TODOS ? g->de[c->de].nombre : _("todos"), 12));
	printf("  %s%s", c->folio != NULL ? sesion_cell(a, c->folio, 21) : "",
		c->folio != NULL ? "  " : "");
	printf("%s%s%s%s%s%s%s\n", sesion_clean(a, c->que), own && c->tambien != NULL ? " (" : "",
		own ? sesion_clean(a, c->tambien) : "", own && c->tambien != NULL ? ")" : "",
		c->antes != 0 ? _(" (movida; antes ") : "", antes, c->antes != 0 ? ")" : "");
	return OK;
}

static enum err print_all(struct agenda_verbo *g)
{
	bool json = g->v->opt[OPTION_json] != NULL;
	enum err e = OK;

	for (size_t i = 0; e == OK && i < g->citas.count; i++) {
		ARENA(a, 256 << 10);

		e = json ? print_json(g, &a, &g->citas.rows[i])
			 : print_row(g, &a, &g->citas.rows[i]);
	}
	if (g->citas.cortadas)
		fprintf(stderr,
			_("Hay más de %d por vencer: no todo está aquí; acorta los días.\n"),
			CITAS_FILAS);
	return e;
}

static enum err write_ics(struct agenda_verbo *g)
{
	const char *to = g->v->opt[OPTION_ics];
	struct bytes made = {0};
	int64_t now = g->count != 0 ? g->consultas[0].ahora : 0;
	enum err e = citas_ics(g->v->arena, &g->citas, g->de, now, &made);

	if (e != OK)
		return e;
	if (strcmp(to, "-") == 0)
		return fwrite(made.data, 1, made.size, stdout) == made.size ? OK : ERR_IO;
	g->v->detail = to;
	e = file_write(to, made, 0600);
	if (e == OK)
		g->v->detail = NULL;
	return e;
}

/* Where the published calendar ends, or its vacations are not published, dates may move. */
static void tell_horizon(const struct agenda_verbo *g)
{
	int year, month, day;

	fecha_split(g->hasta, &year, &month, &day);
	for (size_t i = 0; i < g->count; i++) {
		const struct calendario *c = model_calendario(&g->consultas[i].model);
		const char *end = c != NULL ? fecha_text(g->v->arena, c->hasta, FECHA_LISTA) : NULL;

		if (c == NULL || end == NULL)
			continue;
		if (g->hasta > c->hasta)
			fprintf(stderr, _("%s: el calendario publicado llega al %s.\n"),
				g->de[i].nombre, end);
		else if (c->vacaciones_hasta < year)
			fprintf(stderr,
				_("%s: las vacaciones de %d no se han publicado; lo de ese año puede "
				  "moverse.\n"),
				g->de[i].nombre, year);
	}
}

/* What was told is what cron hears: something is due, or it can't be known, or nothing. */
static enum err outcome(const struct agenda_verbo *g)
{
	if (g->citas.count != 0 && g->citas.rows[g->citas.count - 1].dia >= g->hoy)
		return ERR_DUE;
	return g->unknown ? ERR_COPY_OLD : OK;
}

static enum err run(struct agenda_verbo *g)
{
	struct verb_call *v = g->v;
	enum err e = open_profiles(g);

	if (e == OK)
		e = citas_reunir(v->arena, g->de, g->count, g->desde, g->hasta, &g->citas);
	if (e != OK)
		return e;
	tell_horizon(g);
	bool only_file = v->opt[OPTION_ics] != NULL && strcmp(v->opt[OPTION_ics], "-") == 0;

	if (!only_file)
		e = print_all(g);
	if (e == OK && v->opt[OPTION_ics] != NULL)
		e = write_ics(g);
	return e == OK ? outcome(g) : e;
}

enum err verbo_agenda(struct verb_call *v)
{
	struct agenda_verbo g = {.v = v};
	struct clock system = clock_system(0);
	enum err e = read_dates(&g, clock_now(&system));

	if (e == OK)
		e = run(&g);
	for (size_t i = 0; i < g.count; i++)
		consulta_close(&g.consultas[i]);
	return e;
}
