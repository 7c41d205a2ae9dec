/*
 * The evidence of a notification's life (wire.md, Evidence): to whom it may be known, the titular
 * or who reads their notifications, and to the functionary who issued it.
 */
#include <string.h>
#include "core/aviso.h"
#include "core/evidencia.h"
#include "core/rules/rules.h"

#define EVENTOS 500

struct quien {
	bool instituto; /* who issued it */
	bool notificada;
};

static enum err who_asks(struct env *env, const char *folio, struct quien *ret)
{
	struct in_notificacion in = {.folio = folio, .titular = env->titular};
	struct out_notificacion n;
	enum err e = q_notificacion(env->store, &in, env->arena, &n);

	if (e != OK)
		return e;
	ret->instituto = route_who_of(env->calidad) == ROUTE_FUNCIONARIO;
	ret->notificada = aviso_se_conoce(n.vence, n.abierta, n.forma, env->now);
	if (ret->instituto)
		return n.firmante != NULL && strcmp(n.firmante, env->signer->rfc) == 0
			       ? OK
			       : ERR_NOT_FOUND;
	return aviso_visible(n.aviso, n.avisada, n.forma, env->now) ? OK : ERR_NOT_FOUND;
}

/*
 * Who issued it and with what proof is told with the document: an acuse of its issue says what it
 * is about.
 */
static struct m_evento shown(const struct quien *q, const struct out_eventos *row)
{
	bool all = q->instituto || q->notificada ||
		   strcmp(row->suceso, evidencia_word(SUCESO_EMITIDA)) != 0;

	return (struct m_evento){.instante = row->instante,
		.suceso = row->suceso,
		.actor = row->actor,
		.detalle = all ? row->detalle : NULL,
		.prueba = all ? row->prueba : NULL};
}

enum err rule_historia(struct env *env, const struct m_historia_pedir *rq, struct m_historia *ret)
{
	struct in_eventos in = {.folio = rq->folio, .titular = env->titular};
	struct out_eventos *rows;
	struct quien q = {0};
	size_t count = 0;
	enum err e = who_asks(env, rq->folio, &q);

	if (e == OK)
		e = q_eventos_all(env->store, &in, EVENTOS, env->arena, &rows, &count);
	if (e != OK)
		return e;
	struct m_evento *list = arena_array(env->arena, count, sizeof(*list));

	if (list == NULL)
		return ERR_NO_MEMORY;
	for (size_t i = 0; i < count; i++)
		list[i] = shown(&q, &rows[i]);
	*ret = (struct m_historia){.folio = rq->folio, .eventos = list, .eventos_count = count};
	return OK;
}
