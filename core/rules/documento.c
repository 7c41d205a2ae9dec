/*
 * Reading an opened document, by parts (Lineamientos 7.7, 7.9): with each part comes the public
 * servant's signature over the document's cadena. Before it is notified nothing is told.
 */
#include "core/aviso.h"
#include "core/rules/rules.h"

/* Its bytes are asked for only when they may be told. */
enum err ahead_documento(struct env *env, const struct m_documento_pedir *rq)
{
	struct in_notificacion in = {.folio = rq->folio, .titular = env->titular};

	return store_ahead(env->store, QUERY_notificacion, &in);
}

/* Opened, notified otherwise, or its term is over, whether that is written already or not. */
static bool is_notified(const struct out_notificacion *n, int64_t now)
{
	if (n->forma != NULL && strcmp(n->forma, AVISO_RETIRADA) == 0)
		return false;
	return n->abierta != 0 || (n->notificada != 0 && n->notificada <= now) ||
	       (n->vence != 0 && n->vence <= now);
}

enum err rule_documento(
	struct env *env, const struct m_documento_pedir *rq, struct m_documento *ret)
{
	struct in_notificacion in = {.folio = rq->folio, .titular = env->titular};
	struct out_notificacion n;
	struct out_archivo_parte part;
	enum err e = q_notificacion(env->store, &in, env->arena, &n);

	if (e != OK)
		return e;
	if (!aviso_visible(n.aviso, n.avisada, n.forma, env->now))
		return ERR_NOT_FOUND;
	if (!is_notified(&n, env->now))
		return ERR_NOT_OPENED;
	/* SQL counts characters and bytes from 1. */
	struct in_archivo_parte at = {
		.desde = rq->desde + 1, .folio = rq->folio, .titular = env->titular};

	e = q_archivo_parte(env->store, &at, env->arena, &part);
	if (e != OK)
		return e == ERR_NOT_FOUND ? ERR_STORE : e;
	if (rq->desde > part.bytes) {
		env->campo = "desde";
		return ERR_BAD_FIELD;
	}
	*ret = (struct m_documento){.folio = rq->folio,
		.sha256 = n.archivo,
		.total = part.bytes,
		.desde = rq->desde,
		.datos = part.datos,
		.cadena = part.cadena,
		.firma = part.firma,
		.certificado = part.certificado};
	return OK;
}
