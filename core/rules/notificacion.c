/*
 * Opening a notification (Lineamientos 7.4-7.6): the signature is the acuse of receipt. The civil
 * date that the person accepted on the effect sheet must be the legal one, or nothing happens.
 */
#include "core/acuse_make.h"
#include "core/rules/rules.h"
#include "ley/plazo.h"

static enum err legal_instant(
	struct env *env, const struct out_notificacion *n, const char *accepted, int64_t *ret_legal)
{
	struct plazo_aviso aviso;
	struct plazo_efecto efecto;
	int32_t dia;

	if (fecha_parse(accepted, &dia) != OK) {
		env->campo = "fecha_legal";
		return ERR_BAD_FIELD;
	}
	enum err e = plazo_de_aviso(env->calendario, n->aviso, &aviso);

	/* What the aviso said when it was sent stands, whatever calendar was published later. */
	aviso.vence = n->vence;
	if (e == OK)
		e = plazo_de_apertura(
			env->calendario, &aviso, env->now, (int)n->plazo_dias, &efecto);
	if (e != OK)
		return e;
	if (efecto.dia != dia) {
		env->campo = "fecha_legal";
		env->dato = efecto.notificada;
		return ERR_EFFECT_CHANGED;
	}
	*ret_legal = efecto.notificada;
	return OK;
}

static enum err make_acuse(struct env *env, const struct m_notificacion_abrir *rq,
	const struct out_notificacion *n, int64_t legal, struct m_acuse *ret)
{
	const struct zona *zc = zona_centro();
	const struct m_dato contenido[] = {
		{ACUSE_FOLIO_DEL_AVISO, rq->folio},
		{ACUSE_OFICIO, n->oficio},
		{ACUSE_DOCUMENTO, n->documento},
		{"Servidor público que firma", n->funcionario},
		{ACUSE_SHA256_DEL_DOCUMENTO, n->archivo},
		{"Fecha del aviso", hora_text(env->arena, zc, n->aviso, HORA_ACUSE)},
		{"Abierta", hora_text(env->arena, zc, env->now, HORA_ACUSE)},
		{"Fecha y hora de notificación", hora_text(env->arena, zc, legal, HORA_ACUSE)},
	};
	struct acuse_de de = {.tipo = "Acuse de notificación",
		.fundamento = "Código Fiscal de la Federación, artículo 135; Lineamientos "
			      "Generales para el "
			      "uso del Buzón IMSS, regla 7",
		.estatus = "Notificada",
		.legal = legal,
		.contenido = contenido,
		.contenido_count = COUNT_OF(contenido)};

	for (size_t i = 0; i < COUNT_OF(contenido); i++)
		if (contenido[i].valor == NULL)
			return ERR_NO_MEMORY;
	return acuse_make(env, &de, ret);
}

/* Older than what the acts before it in the group did: notificacion_abierta looks again. */
enum err ahead_notificacion_abrir(struct env *env, const struct m_notificacion_abrir *rq)
{
	struct in_notificacion in = {.folio = rq->folio, .titular = env->titular};

	return store_ahead(env->store, QUERY_notificacion, &in);
}

enum err rule_notificacion_abrir(
	struct env *env, const struct m_notificacion_abrir *rq, struct m_acuse *ret)
{
	struct in_notificacion in = {.folio = rq->folio, .titular = env->titular};
	struct out_notificacion n;
	int64_t legal;
	struct m_acuse acuse;
	enum err e = q_notificacion(env->store, &in, env->arena, &n);

	if (e != OK)
		return e;
	/* An aviso held to the next window has not been sent yet. */
	if (n.aviso > env->now)
		return ERR_NOT_FOUND;
	if (n.abierta != 0)
		return ERR_ALREADY_OPENED;
	e = legal_instant(env, &n, rq->fecha_legal, &legal);
	if (e == OK)
		e = make_acuse(env, rq, &n, legal, &acuse);
	if (e != OK)
		return e;
	struct in_notificacion_abierta up = {.abierta = env->now,
		.notificada = legal,
		.acuse = acuse.folio,
		.folio = rq->folio,
		.titular = env->titular};

	e = store_change(env->store, QUERY_notificacion_abierta, &up);
	if (e == OK)
		*ret = acuse;
	return e;
}
