/*
 * `buzond tareas`: what the server will do by itself, what failed and why, and a way back for what
 * was given up.
 */
#include <inttypes.h>
#include <string.h>
#include "base/utf8.h"
#include "core/store/store_guard.h"
#include "core/tarea.h"
#include "core/verbos.h"
#include "ley/zona.h"
#include "net/json_line.h"

/* queries.def has the same number. */
#define SHOWN 200
#define KINDS 1000

struct work {
	struct verbo *v;
	const struct args_tareas *args;
	struct store *store;
	struct out_tareas_cuenta *kinds;
	size_t kinds_count;
	struct out_tareas *jobs;
	size_t jobs_count;
};

static const char *when(struct verbo *v, int64_t instant)
{
	const char *text = hora_text(v->arena, zona_centro(), instant, HORA_CADENA);

	return text != NULL ? text : "?";
}

static const char *what_of(const char *clase)
{
	for (size_t i = 0; i < TAREA_CLASES; i++)
		if (strcmp(tarea_filas[i].clase, clase) == 0)
			return tarea_filas[i].que;
	return "De otra versión de buzond";
}

/* ---- for a person ---- */

static void print_kind(struct verbo *v, const struct out_tareas_cuenta *k)
{
	fprintf(v->out, "%s: %s.\n  pendientes: %" PRId64, k->clase, what_of(k->clase),
		k->pendientes);
	if (k->pendientes != 0)
		fprintf(v->out, "; la próxima, %s", when(v, k->proxima));
	if (k->con_fallo != 0)
		fprintf(v->out, "; con fallos: %" PRId64, k->con_fallo);
	if (k->todas != k->pendientes)
		fprintf(v->out, "; abandonadas: %" PRId64, k->todas - k->pendientes);
	fputc('\n', v->out);
}

/* A key is whatever its kind made it. */
static const char *clean(struct verbo *v, const char *clave)
{
	const char *text = utf8_clean(v->arena, clave);

	return text != NULL ? text : "?";
}

static void print_job(struct verbo *v, const struct out_tareas *j)
{
	fprintf(v->out, "%s %s %s", j->vence == 0 ? "abandonada" : when(v, j->vence), j->clase,
		clean(v, j->clave));
	if (j->intentos != 0)
		fprintf(v->out, " (falló %" PRId64 " %s: %s)", j->intentos,
			j->intentos == 1 ? "vez" : "veces", j->fallo != NULL ? j->fallo : "?");
	fputc('\n', v->out);
}

static void print_all(const struct work *w)
{
	struct verbo *v = w->v;
	int64_t all = 0;

	if (w->kinds_count == 0)
		fputs("No hay tareas pendientes.\n", v->out);
	for (size_t i = 0; i < w->kinds_count; i++) {
		print_kind(v, &w->kinds[i]);
		all += w->kinds[i].todas;
	}
	if (w->jobs_count != 0)
		fputc('\n', v->out);
	for (size_t i = 0; i < w->jobs_count; i++)
		print_job(v, &w->jobs[i]);
	if (all > SHOWN)
		fprintf(v->out, "Se muestran %d de %" PRId64 " tareas.\n", SHOWN, all);
}

/* ---- for a program ---- */

static void put_kind(struct json_line *j, const struct out_tareas_cuenta *k)
{
	json_line_object(j);
	json_line_text(j, "clase", k->clase);
	json_line_int(j, "pendientes", k->pendientes);
	json_line_int(j, "con_fallo", k->con_fallo);
	json_line_int(j, "abandonadas", k->todas - k->pendientes);
	if (k->pendientes != 0)
		json_line_int(j, "proxima", k->proxima);
	json_line_object_end(j);
}

static void put_job(struct json_line *j, const struct out_tareas *row)
{
	json_line_object(j);
	json_line_text(j, "clase", row->clase);
	json_line_text(j, "clave", row->clave);
	if (row->vence != 0)
		json_line_int(j, "vence", row->vence);
	json_line_int(j, "intentos", row->intentos);
	json_line_text(j, "fallo", row->fallo);
	json_line_bool(j, "abandonada", row->vence == 0);
	json_line_object_end(j);
}

static enum err print_json(const struct work *w)
{
	struct json_line j;

	json_line_begin(&j, w->v->arena);
	json_line_list(&j, "clases");
	for (size_t i = 0; i < w->kinds_count; i++)
		put_kind(&j, &w->kinds[i]);
	json_line_list_end(&j);
	json_line_list(&j, "tareas");
	for (size_t i = 0; i < w->jobs_count; i++)
		put_job(&j, &w->jobs[i]);
	json_line_list_end(&j);
	return json_line_end(&j, w->v->out);
}

static enum err show(struct work *w)
{
	struct in_tareas all = {0};
	struct in_tareas_cuenta of_all = {0};
	enum err e = q_tareas_cuenta_all(
		w->store, &of_all, KINDS, w->v->arena, &w->kinds, &w->kinds_count);

	if (e == OK)
		e = q_tareas_all(w->store, &all, SHOWN, w->v->arena, &w->jobs, &w->jobs_count);
	if (e != OK || w->args->json)
		return e == OK ? print_json(w) : e;
	print_all(w);
	return OK;
}

/* ---- due again ---- */

static enum err resume(struct work *w, bool *ret_found)
{
	struct in_tarea_reanudar in = {
		.vence = w->v->now, .clase = w->args->clase, .clave = w->args->clave};
	struct novedades news = {0};
	long changes = 0;
	enum err e = store_begin(w->store);

	novedades_tarea(&news, w->v->now);
	if (e == OK)
		e = store_queue(w->store, QUERY_tarea_reanudar, &in, &changes);
	if (e == OK)
		e = store_tell(w->store, &news);
	if (e == OK)
		e = store_commit(w->store);
	else
		store_rollback(w->store);
	*ret_found = changes == 1;
	return e;
}

static enum err resume_and_say(struct work *w)
{
	const struct args_tareas *args = w->args;
	bool found = false;
	enum err e = resume(w, &found);

	if (e != OK)
		return e;
	if (!found)
		return verbo_fallo(w->v, ERR_NOT_FOUND,
			"No hay una tarea abandonada de clase «%s» con esa clave; consulta buzond "
			"tareas.",
			args->clase);
	fprintf(w->v->out, "Se reanudó la tarea de clase %s; un servidor la hará en seguida.\n",
		args->clase);
	return OK;
}

static enum err check_args(const struct work *w)
{
	const struct args_tareas *args = w->args;
	bool one = args->clase != NULL && args->clave != NULL;

	if (args->reanudar && (!one || args->json))
		return verbo_fallo(w->v, ERR_USAGE,
			"Con --reanudar escribe --clase y --clave de la tarea, y nada más; consulta "
			"buzond tareas.");
	if (!args->reanudar && (args->clase != NULL || args->clave != NULL))
		return verbo_fallo(w->v, ERR_USAGE,
			"--clase y --clave sólo van con --reanudar; agrégala o quítalas.");
	return OK;
}

enum err verbo_tareas(struct verbo *v, const struct args_tareas *args)
{
	AUTO(store_guard) g = NULL;
	AUTO(store) s = NULL;
	struct work w = {.v = v, .args = args};
	struct config c;
	enum err e = check_args(&w);

	if (e == OK)
		e = verbo_configuracion(v, args->config, &c);
	if (e == OK)
		e = store_guard_use(c.almacen, &g);
	if (e == OK)
		e = store_open(c.almacen, DB_WRITE, &s);
	w.store = s;
	if (e != OK)
		return e;
	return args->reanudar ? resume_and_say(&w) : show(&w);
}
