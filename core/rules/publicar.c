/*
 * Mis comunicados and Mis documentos (Lineamientos 8; R-5): what the Institute publishes to one, to
 * a list, or to everybody. What is published for everybody is one row.
 */
#include "core/acuse_make.h"
#include "core/publicaciones.h"
#include "core/oficios.h"
#include "core/rules/rules.h"
#include "core/subidas.h"
#include "crypto/rfc.h"
#include "ley/rp.h"

#define FUNDAMENTO "Lineamientos Generales para el uso del Buzón IMSS, regla 8"

struct publicacion {
	struct env *env;
	const struct m_publicar *rq;
	const struct funcionario *funcionario;
	const char *cadena; /* NULL: no file */
	const char *folio;
	int64_t bytes;
};

static enum err refuse(struct env *env, const char *campo)
{
	env->campo = campo;
	return ERR_BAD_FIELD;
}

static enum err check_shape(struct env *env, const struct m_publicar *rq)
{
	bool comunicado = strcmp(rq->clase, "comunicado") == 0;
	bool file = rq->sha256 != NULL;

	if (!comunicado && strcmp(rq->clase, "documento") != 0)
		return refuse(env, "clase");
	if (comunicado && !file && rq->texto == NULL)
		return refuse(env, "texto");
	if (!comunicado && !file)
		return refuse(env, "sha256");
	if (file && rq->fecha == NULL)
		return refuse(env, "fecha");
	if (file && rq->firma.size == 0)
		return refuse(env, "firma");
	return rq->todos == (rq->para_count == 0) ? OK : refuse(env, "para");
}

/* In the padrón, with that Registro Patronal; nobody twice. `i`: which of the list. */
static enum err check_recipient(struct publicacion *p, size_t i, const char **ret_rp)
{
	struct env *env = p->env;
	const struct m_destinatario *to = &p->rq->para[i];
	struct in_particular in = {.rfc = to->rfc};
	struct out_particular row;
	struct in_medio_rps rps = {.rfc = to->rfc};
	struct out_medio_rps has = {0};
	enum err e = rfc_kind(to->rfc) != RFC_NONE ? OK : ERR_BAD_FIELD;

	for (size_t k = 0; e == OK && k < i; k++)
		if (strcmp(p->rq->para[k].rfc, to->rfc) == 0)
			e = ERR_BAD_FIELD;
	if (e == OK && to->rp != NULL)
		e = rp_normalize(env->arena, to->rp, ret_rp);
	if (e == OK)
		e = q_particular(env->store, &in, env->arena, &row);
	if (e == ERR_NOT_FOUND)
		e = ERR_NOT_REGISTERED;
	rps.rp = *ret_rp;
	if (e == OK && *ret_rp != NULL)
		e = q_medio_rps(env->store, &rps, env->arena, &has);
	if (e == OK && *ret_rp != NULL && has.cuantos == 0)
		e = ERR_NO_SUCH_RP;
	if (e != OK && err_http(e) < 500) {
		env->campo = "para";
		env->dato = (int64_t)i + 1;
	}
	return e;
}

static enum err check(struct publicacion *p)
{
	struct env *env = p->env;
	const struct m_publicar *rq = p->rq;
	struct documento d = {.oficio = rq->titulo,
		.sha256 = rq->sha256,
		.rfc = rq->para_count == 1 ? rq->para[0].rfc : DOCUMENTO_PARA_VARIOS,
		.fecha = rq->fecha};
	enum err e = oficios_facultad(env, FACULTAD_PUBLICAR, &p->funcionario);

	if (e == OK)
		e = check_shape(env, rq);
	return e == OK && rq->sha256 != NULL ? oficios_firma(env, &d, rq->firma, &p->cadena) : e;
}

/* The same file is one `archivo`, of whoever published it. */
static enum err put_file(struct publicacion *p)
{
	struct env *env = p->env;
	const struct m_publicar *rq = p->rq;

	if (rq->sha256 == NULL)
		return OK;
	enum err e = subida_usar(env, env->signer->rfc, rq->sha256, p->folio, p->cadena, rq->firma,
		env->signer->der, &p->bytes);

	if (e == ERR_NO_UPLOAD)
		env->campo = "sha256";
	return e;
}

static enum err put(struct publicacion *p, const char *const *rps)
{
	struct env *env = p->env;
	const struct m_publicar *rq = p->rq;
	static const struct m_destinatario todos = {.rfc = PUBLICACION_TODOS};
	struct m_destinatario *para = arena_array(env->arena, rq->para_count + 1, sizeof(*para));
	enum err e = para != NULL ? put_file(p) : ERR_NO_MEMORY;
	struct in_publicacion_poner in = {.folio = p->folio,
		.clase = rq->clase,
		.tipo = rq->tipo,
		.titulo = rq->titulo,
		.firmante = env->signer->rfc,
		.funcionario = p->funcionario->nombre,
		.publicada = env->now,
		.archivo = rq->sha256 != NULL ? p->folio : NULL,
		.sha256 = rq->sha256,
		.bytes = p->bytes,
		.texto = rq->texto};

	if (e != OK || rq->todos)
		return e == OK ? publicaciones_poner(env, &in, &todos, 1) : e;
	for (size_t i = 0; i < rq->para_count; i++)
		para[i] = (struct m_destinatario){.rfc = rq->para[i].rfc, .rp = rps[i]};
	return publicaciones_poner(env, &in, para, rq->para_count);
}

static enum err make_acuse(const struct publicacion *p, struct m_acuse *ret)
{
	const struct m_publicar *rq = p->rq;
	struct oficios_hoja h = {.env = p->env};

	oficios_dato(&h, "Clase", rq->clase);
	oficios_dato(&h, "Tipo", rq->tipo);
	oficios_dato(&h, OFICIOS_TITULO, rq->titulo);
	oficios_dato(&h, ACUSE_SHA256_DEL_DOCUMENTO, rq->sha256);
	oficios_dato(&h, "Servidor público que firma", p->funcionario->nombre);
	oficios_dato(&h, "Cargo", p->funcionario->cargo);
	if (rq->todos)
		oficios_dato(&h, OFICIOS_PARA, "Todos los particulares");
	else if (rq->para_count == 1)
		oficios_dato(&h, OFICIOS_PARA, rq->para[0].rfc);
	else
		oficios_hecho(&h, OFICIOS_PARA,
			arena_printf(
				p->env->arena, "%zu RFC, los que dice lo firmado", rq->para_count));
	return oficios_acuse(&h, OFICIOS_ACUSE_PUBLICACION, FUNDAMENTO, "Publicado", ret);
}

enum err rule_publicar(struct env *env, const struct m_publicar *rq, struct m_acuse *ret)
{
	struct publicacion p = {.env = env, .rq = rq};
	const char **rps = arena_zalloc(env->arena, (rq->para_count + 1) * sizeof(*rps));
	struct m_acuse acuse;
	enum err e = rps != NULL ? check(&p) : ERR_NO_MEMORY;

	for (size_t i = 0; e == OK && i < rq->para_count; i++)
		e = check_recipient(&p, i, &rps[i]);
	if (e == OK)
		e = make_acuse(&p, &acuse);
	if (e != OK)
		return e;
	p.folio = acuse.folio;
	e = put(&p, rps);
	if (e == OK)
		*ret = acuse;
	return e;
}
