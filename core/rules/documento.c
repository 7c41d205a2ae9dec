/*
 * Reading an opened document, by parts (Lineamientos 7.7, 7.9): with each part comes the public
 * servant's signature over the document's cadena. Before it is notified nothing is told. The same
 * for the file of a publicación (8), which is there from its publication on.
 */
#include "core/oficios.h"
#include "core/rules/rules.h"

/* Its bytes are asked for only when they may be told. */
enum err ahead_documento(struct env *env, const struct m_documento_pedir *rq)
{
	struct in_oficio in = {.folio = rq->folio, .titular = env->titular};

	return store_ahead(env->store, QUERY_oficio, &in);
}

/* `dueno`: whose the file is, a notification's titular or who published it. */
static enum err read_part(struct env *env, const struct m_documento_pedir *rq, const char *dueno,
	const char *sha256, struct m_documento *ret)
{
	struct out_archivo_parte part;
	/* SQL counts characters and bytes from 1. */
	struct in_archivo_parte at = {.desde = rq->desde + 1, .folio = rq->folio, .titular = dueno};
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

static enum err read_published(
	struct env *env, const struct m_documento_pedir *rq, struct m_documento *ret)
{
	struct in_publicacion in = {.folio = rq->folio, .titular = env->titular};
	struct out_publicacion p;
	enum err e = q_publicacion(env->store, &in, env->arena, &p);

	if (e == OK && p.archivo == NULL)
		e = ERR_NOT_FOUND;
	return e == OK ? read_part(env, rq, p.firmante, p.sha256, ret) : e;
}

enum err rule_documento(
	struct env *env, const struct m_documento_pedir *rq, struct m_documento *ret)
{
	struct in_oficio in = {.folio = rq->folio, .titular = env->titular};
	struct out_oficio n;
	enum err e = q_oficio(env->store, &in, env->arena, &n);

	if (e == ERR_NOT_FOUND)
		return read_published(env, rq, ret);
	if (e != OK)
		return e;
	if (oficios_se_conoce(&n, env->now))
		return read_part(env, rq, env->titular, n.archivo, ret);
	/* What has had no aviso is not there. */
	return n.aviso == 0 || n.aviso > env->now ? ERR_NOT_FOUND : ERR_NOT_OPENED;
}
