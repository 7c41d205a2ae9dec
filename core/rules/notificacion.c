/*
 * Opening a notification (Lineamientos 7.4-7.6): the signature is the acuse of receipt. The civil
 * date that the person accepted on the effect sheet must be the legal one, or nothing happens.
 *
 * What is received up to the very instant of the lapse is in time, whichever comes first to this
 * mailbox, the act or the job of the lapse: there is one outcome and one acuse.
 */
#include "core/aviso.h"
#include "core/evidencia.h"
#include "core/rules/rules.h"

struct apertura {
	const struct m_notificacion_abrir *rq;
	const struct out_notificacion *n;
	struct calendario calendario;
	struct plazo_aviso plazo;
	int64_t legal;
};

static enum err legal_instant(struct env *env, struct apertura *x)
{
	struct plazo_efecto efecto;
	int32_t dia;

	if (fecha_parse(x->rq->fecha_legal, &dia) != OK) {
		env->campo = "fecha_legal";
		return ERR_BAD_FIELD;
	}
	enum err e = aviso_calendario(env, x->n->subdelegacion, &x->calendario);

	if (e == OK)
		e = aviso_plazo(&x->calendario, x->n->aviso, x->n->vence, &x->plazo);
	if (e == OK)
		e = plazo_de_apertura(
			&x->calendario, &x->plazo, env->now, (int)x->n->plazo_dias, &efecto);
	if (e != OK)
		return e;
	if (efecto.dia != dia) {
		env->campo = "fecha_legal";
		env->dato = efecto.notificada;
		return ERR_EFFECT_CHANGED;
	}
	x->legal = efecto.notificada;
	return OK;
}

static enum err make_acuse(struct env *env, const struct apertura *x, struct m_acuse *ret)
{
	const struct aviso_dicho d = {.folio = x->rq->folio,
		.oficio = x->n->oficio,
		.documento = x->n->documento,
		.funcionario = x->n->funcionario,
		.sha256 = x->n->archivo,
		.aviso = x->n->aviso,
		.abierta = env->now,
		.plazo_dias = (int)x->n->plazo_dias,
		.legal = x->legal};
	struct acuse_de de;
	enum err e = aviso_acuse(env, &x->calendario, &x->plazo, &d, &de);

	return e == OK ? acuse_make(env, &de, ret) : e;
}

/* Can it be opened, received at env->now? */
static enum err check(const struct env *env, const struct out_notificacion *n)
{
	if (!aviso_visible(n->aviso, n->avisada, n->forma, env->now))
		return ERR_NOT_FOUND;
	if (n->abierta != 0)
		return ERR_ALREADY_OPENED;
	if (n->forma != NULL && strcmp(n->forma, AVISO_RETIRADA) == 0)
		return ERR_WITHDRAWN;
	if (n->forma != NULL || n->notificada != 0 || env->now > n->vence)
		return ERR_ALREADY_NOTIFIED;
	return OK;
}

static enum err keep(struct env *env, const struct apertura *x, const char *acuse)
{
	struct in_notificacion_abierta up = {.abierta = env->now,
		.notificada = x->legal,
		.acuse = acuse,
		.folio = x->rq->folio,
		.titular = env->titular};
	const struct evidencia ev = {
		.folio = x->rq->folio, .suceso = SUCESO_ABIERTA, .prueba = acuse};
	enum err e = store_change(env->store, QUERY_notificacion_abierta, &up);

	return e == OK ? evidencia_poner(env, &ev) : e;
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
	struct apertura x = {.rq = rq, .n = &n};
	struct m_acuse acuse;
	enum err e = q_notificacion(env->store, &in, env->arena, &n);

	if (e == OK)
		e = check(env, &n);
	if (e == OK)
		e = legal_instant(env, &x);
	if (e == OK)
		e = make_acuse(env, &x, &acuse);
	if (e == OK)
		e = keep(env, &x, acuse.folio);
	if (e == OK)
		*ret = acuse;
	return e;
}
