/*
 * Reading an opened document, or the file of a publication (L-8), by parts (Lineamientos 7.7, 7.9):
 * with each part comes the public servant's signature over the document's cadena. Before a
 * notification is notified nothing is told. Which menu it is of is known only here.
 */
#include "core/aviso.h"
#include "core/publicaciones.h"
#include "core/rules/rules.h"

/* Its bytes are asked for only when they may be told. */
enum err ahead_documento(struct env *env, const struct m_documento_pedir *rq)
{
	struct in_notificacion in = {.folio = rq->folio, .titular = env->titular};

	return store_ahead(env->store, QUERY_notificacion, &in);
}

/* Bytes of `sha256` that lie under `folio` in the part of `lugar`. */
static enum err part_of(struct env *env, const struct m_documento_pedir *rq, const char *folio,
	const char *lugar, const char *sha256, struct m_documento *ret)
{
	/* SQL counts characters and bytes from 1. */
	struct in_archivo_parte at = {.desde = rq->desde + 1, .folio = folio, .titular = lugar};
	struct out_archivo_parte part;
	enum err e = q_archivo_parte(env->store, &at, env->arena, &part);

	if (e != OK)
		return e == ERR_NOT_FOUND ? ERR_STORE : e;
	if (rq->desde > part.bytes) {
		env->campo = "desde";
		return ERR_BAD_FIELD;
	}
	*ret = (struct m_documento){.folio = rq->folio,
		.sha256 = sha256,
		.total = part.bytes,
		.desde = rq->desde,
		.datos = part.datos,
		.cadena = part.cadena,
		.firma = part.firma,
		.certificado = part.certificado};
	return OK;
}

static enum err of_publication(
	struct env *env, const struct m_documento_pedir *rq, struct m_documento *ret)
{
	struct out_publicacion_archivo p;
	enum err e = publicaciones_archivo(env, rq->folio, &p);

	return e == OK ? part_of(env, rq, p.archivo, p.firmante, p.sha256, ret) : e;
}

enum err rule_documento(
	struct env *env, const struct m_documento_pedir *rq, struct m_documento *ret)
{
	struct in_notificacion in = {.folio = rq->folio, .titular = env->titular};
	bool menu = alcance_en(&env->alcance, AMBITO_NOTIFICACIONES) >= NIVEL_LEER;
	struct out_notificacion n;
	enum err e = q_notificacion(env->store, &in, env->arena, &n);

	if (e == ERR_NOT_FOUND) {
		e = of_publication(env, rq, ret);
		/* Who may read no notifications does not learn that it is none. */
		return e == ERR_NOT_FOUND && !menu ? ERR_NO_SCOPE : e;
	}
	if (e != OK)
		return e;
	if (!menu)
		return ERR_NO_SCOPE;
	if (!aviso_visible(n.aviso, n.avisada, n.forma, env->now))
		return ERR_NOT_FOUND;
	if (!aviso_se_conoce(n.vence, n.abierta, n.forma, env->now))
		return ERR_NOT_OPENED;
	return part_of(env, rq, rq->folio, env->titular, n.archivo, ret);
}
