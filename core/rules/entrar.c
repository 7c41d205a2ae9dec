/*
 * Entering (Lineamientos 4.2; A-01): the certificate is known from now on, and this device's
 * reading key works for at most 12 h and never past the certificate.
 */
#include "core/rules/rules.h"
#include "core/tarea.h"

#define LECTURA_MS (12 * INT64_C(3600000))
/* By then what OCSP said of this very act is stored. */
#define OCSP_MS 60000

static enum err keep_certificate(struct env *env)
{
	const struct signer *s = env->signer;
	struct in_certificado_poner in = {.huella = s->huella,
		.der = s->der,
		.cadena = s->emisor,
		.emisor = s->emisor,
		.n = s->n,
		.e = s->e,
		.rfc = s->rfc,
		.nombre = s->nombre,
		.serie = s->serie,
		.desde = s->desde,
		.hasta = s->hasta};

	return s->nuevo ? q_certificado_poner(env->store, &in, env->arena, NULL) : OK;
}

/* Whoever others named before they came (core/representaciones.h) is known by name from now on. */
static enum err keep_name(struct env *env)
{
	struct in_particular_nombrar in = {.nombre = env->signer->nombre, .rfc = env->signer->rfc};

	return store_queue(env->store, QUERY_particular_nombrar, &in, NULL);
}

/* The key ends by itself; while it is there its certificate is looked after. */
static enum err put_jobs(struct env *env, const char *llave, int64_t vence)
{
	enum err e = tarea_poner(env->store, env->news, TAREA_lectura, llave, vence);

	if (e != OK || env->config->ocsp == NULL)
		return e;
	return tarea_asegurar(
		env->store, env->news, TAREA_ocsp, env->signer->huella, env->now + OCSP_MS);
}

enum err rule_entrar(struct env *env, const struct m_entrar *rq, struct m_entrado *ret)
{
	int64_t vence = env->now + LECTURA_MS;
	const char *llave;

	if (rq->llave_lectura.size != 32) {
		env->campo = "llave_lectura";
		return ERR_BAD_FIELD;
	}
	if (vence > env->signer->hasta)
		vence = env->signer->hasta;
	enum err e = key_id_ed25519(env->arena, rq->llave_lectura, &llave);

	if (e == OK)
		e = keep_certificate(env);
	if (e == OK)
		e = keep_name(env);
	if (e != OK)
		return e;
	struct in_lectura_poner in = {.llave = llave,
		.publica = rq->llave_lectura,
		.huella = env->signer->huella,
		.vence = vence};

	e = q_lectura_poner(env->store, &in, env->arena, NULL);
	if (e == OK)
		e = put_jobs(env, llave, vence);
	if (e != OK)
		return e;
	*ret = (struct m_entrado){.titular = env->titular,
		.nombre = env->titular_nombre,
		.firmante = env->signer->rfc,
		.zona = env->zona,
		.ahora = env->now,
		.lectura_vence = vence,
		.certificado_vence = env->signer->hasta,
		.version = rq->version < RULES_VERSION ? rq->version : RULES_VERSION,
		.habilitado = env->habilitado != 0,
		.prueba = env->prueba};
	return OK;
}
