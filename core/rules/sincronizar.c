/*
 * What changed in a mailbox since a cursor. The cursor is opaque to clients: the last change, the
 * instant of that answer, what is published for all (calendar, catalogue) and the cuenta they have,
 * and how far they were told of what was published for them (core/publicaciones.h). The instant
 * matters because two things change a row without any act: an aviso held to the next window is due
 * (Lineamientos 7.3), and a lapse notifies (7.5).
 */
#include <inttypes.h>
#include <stdio.h>
#include "core/aviso.h"
#include "core/cuenta.h"
#include "core/publicaciones.h"
#include "core/publicado_mensaje.h"
#include "core/rules/rules.h"

/* Rows of one answer; queries.def has the same number. */
#define PAGE 200

/*
 * Who may open it, or it is notified: its document may be known. Whoever may only read or prepare
 * is told that there is a notification, never what is claimed in it.
 */
static bool may_know(const struct env *env, bool notificada)
{
	return notificada || alcance_en(&env->alcance, AMBITO_NOTIFICACIONES) >= NIVEL_ABRIR;
}

/* Notified on the fourth day without any act (7.5). */
static bool lapsed(const struct env *env, const struct out_notificaciones_desde *row)
{
	return row->abierta == 0 && row->notificada == 0 && row->forma == NULL && row->vence != 0 &&
	       row->vence <= env->now;
}

static struct m_notificacion shown(
	const struct env *env, const struct out_notificaciones_desde *row)
{
	bool by_lapse = lapsed(env, row);
	/* Before its job has written it, too (core/tareas/plazo.c). */
	int64_t notificada = by_lapse ? row->vence : row->notificada;
	bool told = aviso_se_conoce(row->vence, row->abierta, row->forma, env->now);

	return (struct m_notificacion){.folio = row->folio,
		.oficio = row->oficio,
		.tipo = row->tipo,
		.documento = row->documento,
		.rp = row->rp,
		.subdelegacion = row->subdelegacion,
		.funcionario = row->funcionario,
		.cargo = row->cargo,
		.periodo = may_know(env, told) ? row->periodo : NULL,
		.importe = may_know(env, told) ? row->importe : NULL,
		.plazo_dias = row->plazo_dias,
		.aviso = row->aviso,
		.vence = row->vence,
		.abierta = row->abierta,
		.notificada = notificada,
		.acuse = row->acuse,
		/* Nothing of an unnotified document is told, its size and hash included. */
		.bytes = told ? row->bytes : 0,
		.sha256 = told ? row->archivo : NULL,
		.emision = told && row->firmante != NULL ? row->folio : NULL,
		.forma = by_lapse ? AVISO_AUTOMATICA : row->forma,
		.motivo = row->motivo,
		.vence_antes = row->vence_antes,
		.cambio = row->cambio,
		.cambio_desde = row->cambio_desde};
}

struct cursor {
	int64_t seq;
	int64_t visto;
	uint32_t publicado;
	int64_t cuenta;
	struct publicaciones_cursor publicaciones;
};

static bool read_cursor(const char *text, struct cursor *ret)
{
	int end = 0;

	*ret = (struct cursor){0};
	if (text == NULL)
		return true;
	/* Three parts: of a client that was last told before there was a cuenta. */
	int got = sscanf(text, "%15" SCNd64 ".%15" SCNd64 ".%8" SCNx32 "%n.%15" SCNd64 "%n",
		&ret->seq, &ret->visto, &ret->publicado, &end, &ret->cuenta, &end);

	return got >= 3 && ret->seq >= 0 && ret->visto >= 0 && ret->cuenta >= 0 &&
	       publicaciones_read_cursor(text + end, &ret->publicaciones);
}

static struct in_notificaciones_desde rows_since(const struct env *env, const struct cursor *had)
{
	return (struct in_notificaciones_desde){
		.titular = env->titular, .seq = had->seq, .visto = had->visto, .ahora = env->now};
}

enum err ahead_sincronizar(struct env *env, const struct m_sincronizar *rq)
{
	struct cursor had;
	bool good = read_cursor(rq->cursor, &had);
	struct in_notificaciones_desde in = rows_since(env, &had);

	enum err e = good ? store_ahead(env->store, QUERY_notificaciones_desde, &in) : OK;

	return e == OK && good ? publicaciones_ahead(env, &had.publicaciones) : e;
}

/* Only of an enabled Buzón (Lineamientos 5.2), and to whom that menu was opened. */
static bool may_see(const struct env *env)
{
	return env->habilitado != 0 &&
	       alcance_en(&env->alcance, AMBITO_NOTIFICACIONES) >= NIVEL_LEER;
}

/*
 * A whole page may end before the rows that the cursor had passed: then it goes back to its last
 * row, and what comes after it is sent again rather than lost.
 */
static const char *next_cursor(struct env *env, const struct cursor *had,
	const struct out_notificaciones_desde *rows, size_t count, uint32_t publicado)
{
	int64_t last = count != 0 ? rows[count - 1].seq : had->seq;
	int64_t seen = env->now;

	if (count < PAGE && last < had->seq)
		last = had->seq;
	/* What time changes meanwhile would be missed: whoever may see again begins anew. */
	if (!may_see(env))
		last = seen = 0;
	const char *told = publicaciones_write_cursor(env->arena, &had->publicaciones);

	if (told == NULL)
		return NULL;
	return arena_printf(env->arena, "%" PRId64 ".%" PRId64 ".%" PRIx32 ".%" PRId64 "%s", last,
		seen, publicado, cuenta_version(env), told);
}

enum err rule_sincronizar(
	struct env *env, const struct m_sincronizar *rq, struct m_sincronizado *ret)
{
	struct out_notificaciones_desde *rows = NULL;
	size_t count = 0;
	struct cursor had;
	uint32_t publicado = publicado_huella(env);

	if (!read_cursor(rq->cursor, &had)) {
		env->campo = "cursor";
		return ERR_BAD_FIELD;
	}
	struct in_notificaciones_desde in = rows_since(env, &had);
	enum err e = may_see(env) ? q_notificaciones_desde_all(
					    env->store, &in, PAGE, env->arena, &rows, &count)
				  : OK;

	if (e == OK && had.publicado != publicado) {
		ret->catalogo = env->catalogo;
		e = publicado_mensaje(env, &ret->calendario);
	}
	if (e == OK && had.cuenta != cuenta_version(env))
		e = cuenta_message(env, &ret->cuenta);
	if (e != OK)
		return e;
	struct m_notificacion *list = arena_array(env->arena, count, sizeof(*list));

	if (list == NULL)
		return ERR_NO_MEMORY;
	for (size_t i = 0; i < count; i++)
		list[i] = shown(env, &rows[i]);
	ret->notificaciones = list;
	ret->notificaciones_count = count;
	ret->ahora = env->now;
	ret->mas = count == PAGE;
	e = publicaciones_desde(env, &had.publicaciones, ret, &had.publicaciones);
	if (e == OK)
		ret->cursor = next_cursor(env, &had, rows, count, publicado);
	return e == OK && ret->cursor == NULL ? ERR_NO_MEMORY : e;
}
