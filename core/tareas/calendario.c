/*
 * A calendar was published: open terms that were counted by an older one are counted again. One job
 * looks for whose they are, a page at a time (its key: the RFC that it goes on behind), and makes
 * one a titular, which counts under that mailbox's lock. A term never becomes shorter, and what is
 * concluded stays as it is. Whoever dies in between is gone on for from the rows.
 *
 * A server that had not heard of a version yet may have counted by the older one after its rows
 * were looked through: so it is looked again, every minute at first, then every hour.
 */
#include "base/log.h"
#include "core/avisos.h"
#include "core/calendarios.h"
#include "core/evidencia.h"
#include "core/particular.h"
#include "core/tarea.h"
#include "ley/plazo.h"

/* Rows of a page; queries.def has the same numbers. */
#define TITULARES 100
#define FILAS 50
#define RECIENTE_MS 600000
#define MINUTO_MS 60000
#define HORA_MS 3600000
/* Of a notification's cambio (messages.def). */
#define CAMBIO_BYTES 300

/* The version that is in force in the store is this env's, whatever was heard of it by now. */
static enum err catch_up(struct tarea *t)
{
	struct in_calendario_version in = {0};
	struct out_calendario_version row;
	enum err e = q_calendario_version(t->env.store, &in, t->env.arena, &row);

	if (e == OK && row.version != t->env.calendario->version) {
		e = calendarios_refresh(t->server->calendarios, t->env.store);
		serve_env(t->server, &t->env);
	}
	return e == OK && row.version != t->env.calendario->version ? ERR_UNAVAILABLE : e;
}

/* ---- whose they are ---- */

static enum err spread(struct tarea *t, const char *after)
{
	struct in_recuento_titulares in = {
		.titular = after, .calendario = t->env.calendario->version};
	struct out_recuento_titulares *rows;
	size_t count = 0;
	enum err e =
		q_recuento_titulares_all(t->env.store, &in, TITULARES, t->env.arena, &rows, &count);

	for (size_t i = 0; e == OK && i < count; i++)
		e = tarea_poner(
			t->env.store, t->env.news, TAREA_recuento, rows[i].titular, t->env.now);
	if (e == OK && count == TITULARES)
		e = tarea_poner(t->env.store, t->env.news, TAREA_calendario,
			rows[count - 1].titular, t->env.now);
	return e;
}

enum err tarea_calendario(struct tarea *t)
{
	bool whole = strcmp(t->clave, CALENDARIOS_TODOS) == 0;
	enum err e = catch_up(t);

	if (e != OK || t->env.calendario->version == 0)
		return e;
	bool recent = t->env.now < t->env.publicado->publicado + RECIENTE_MS;

	if (whole)
		t->otra = t->env.now + (recent ? MINUTO_MS : HORA_MS);
	return spread(t, whole ? "" : t->clave);
}

enum err tarea_calendario_siembra(struct tarea *t)
{
	return t->env.calendario->version != 0
		       ? tarea_asegurar(t->env.store, t->env.news, TAREA_calendario,
				 CALENDARIOS_TODOS, t->env.now)
		       : OK;
}

/* ---- one titular's ---- */

/*
 * Its aviso and its lapse by this calendar; as they were where that can't be said, or where it
 * would lapse sooner.
 */
static enum err count_again(
	struct env *env, const struct out_recuento_filas *row, struct plazo_aviso *ret)
{
	struct calendario there;
	struct plazo_aviso counted;
	enum err e = calendario_para(
		env->arena, env->calendario, env->estado, row->subdelegacion, &there);

	*ret = (struct plazo_aviso){.aviso = row->aviso, .vence = row->vence};
	if (e == OK)
		e = plazo_de_aviso(&there, row->aviso, &counted);
	if (e == ERR_HORIZON) {
		log_write(LOG_WARN, "calendario", "%s: its term is past the calendar's horizon",
			row->folio);
		return OK;
	}
	if (e == OK && counted.vence > row->vence)
		*ret = counted;
	return e;
}

static const char *day_text(struct env *env, int64_t instant)
{
	return fecha_text(env->arena, zona_civil(zona_centro(), instant).dia, FECHA_LISTA);
}

/* Cut where it is long. */
static const char *cut(char *text)
{
	size_t size = text != NULL ? strlen(text) : 0;

	if (size <= CAMBIO_BYTES)
		return text;
	for (size = CAMBIO_BYTES - sizeof("…") + 1; ((unsigned char)text[size] & 0xc0) == 0x80;)
		size--;
	memcpy(text + size, "…", sizeof("…"));
	return text;
}

/* "vencía el 18/nov/2026, ahora el 19/nov/2026: acuerdo ...", as its event says it. */
static const char *change_text(struct env *env, int64_t before, int64_t now, const char *why)
{
	const char *from = day_text(env, before);
	const char *to = day_text(env, now);

	return from != NULL && to != NULL ? cut(arena_printf(env->arena,
						    "vencía el %s, ahora el %s: %s", from, to, why))
					  : NULL;
}

static enum err move(
	struct env *env, const struct out_recuento_filas *row, const struct plazo_aviso *p)
{
	const char *why = env->calendario->fuente != NULL ? env->calendario->fuente : "";
	struct in_recuento_mueve in = {.calendario = env->calendario->version,
		.vence = p->vence,
		/* The row has both dates beside it: only why. */
		.cambio = cut(arena_strdup(env->arena, why)),
		.cambio_desde = env->now,
		.titular = env->titular,
		.folio = row->folio,
		.aviso = p->aviso};
	const struct evidencia ev = {.folio = row->folio,
		.suceso = SUCESO_CALENDARIO,
		.actor = EVIDENCIA_BUZON,
		.detalle = change_text(env, row->vence, p->vence, why)};

	if (in.cambio == NULL || ev.detalle == NULL)
		return ERR_NO_MEMORY;
	enum err e = store_change(env->store, QUERY_recuento_mueve, &in);

	if (e == OK)
		e = evidencia_poner(env, &ev);
	if (e == OK)
		e = aviso_mover(env, row->folio, p->vence);
	if (e == OK)
		novedades_add(env->news, NOVEDAD_TITULAR, env->titular);
	return e;
}

static enum err recount(struct env *env, const struct out_recuento_filas *row)
{
	struct in_recuento_igual same = {.calendario = env->calendario->version,
		.folio = row->folio,
		.titular = env->titular};
	struct plazo_aviso p;
	enum err e = count_again(env, row, &p);

	if (e != OK)
		return e;
	return p.vence == row->vence ? store_change(env->store, QUERY_recuento_igual, &same)
				     : move(env, row, &p);
}

enum err tarea_recuento(struct tarea *t)
{
	struct env *env = &t->env;
	struct out_recuento_filas *rows;
	size_t count = 0;
	enum err e = catch_up(t);

	if (e == OK)
		e = particular_read(env, env->titular);
	struct in_recuento_filas in = {
		.titular = env->titular, .calendario = env->calendario->version};

	if (e == OK)
		e = q_recuento_filas_all(env->store, &in, FILAS, env->arena, &rows, &count);
	for (size_t i = 0; e == OK && i < count; i++)
		e = recount(env, &rows[i]);
	/* All of a page is of this version now, so the next one is another. */
	if (e == OK && count == FILAS)
		t->otra = env->now;
	return e;
}
