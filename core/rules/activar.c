/*
 * The terms are accepted with the e.firma and the Buzón is enabled (Lineamientos 5.3; A-12): what
 * is signed names version and SHA-256 of the texts that are in force, or nothing happens.
 */
#include "core/activacion.h"
#include "core/acuse_make.h"
#include "core/cuenta.h"
#include "core/legales.h"
#include "core/medio.h"
#include "core/medios.h"
#include "core/padron.h"
#include "core/rules/rules.h"

/* At least one e-mail and the mobile of the RFC itself (Lineamientos 5.1, 5.2). */
static enum err check_media(struct env *env)
{
	struct in_medios_activos in = {.titular = env->titular, .rp = MEDIO_RFC};
	struct out_medios_activos *rows;
	size_t count = 0;
	bool mail = false;
	bool mobile = false;
	enum err e = q_medios_activos_all(env->store, &in, 100, env->arena, &rows, &count);

	for (size_t i = 0; e == OK && i < count; i++) {
		bool is_mail = medio_es_correo(rows[i].mecanismo);

		mail = mail || (is_mail && rows[i].validado != 0);
		mobile = mobile || (!is_mail && rows[i].validado != 0);
	}
	return e == OK && !(mail && mobile) ? ERR_NOT_READY : e;
}

static bool in_force(struct env *env, enum legal_cual cual, const char *version, const char *sha256)
{
	const struct legal *l = legales_vigente(env->legales, cual);

	return strcmp(l->version, version) == 0 && strcmp(l->sha256, sha256) == 0;
}

static enum err make_acuse(struct env *env, const struct m_activar *rq, struct m_acuse *ret)
{
	const char *rps = NULL;
	enum err e = padron_rps_texto(env, &rps);
	const struct m_dato contenido[] = {
		{"Registros Patronales", rps},
		{"Términos y condiciones, versión", rq->terminos},
		{"Términos y condiciones, SHA-256", rq->terminos_sha256},
		{"Aviso de privacidad, versión", rq->privacidad},
		{"Aviso de privacidad, SHA-256", rq->privacidad_sha256},
		{"Habilitado", medio_hora(env, env->now)},
	};
	struct acuse_de de = {.tipo = ACTIVACION_TIPO,
		.fundamento = "Lineamientos Generales para el uso del Buzón IMSS, regla 5.3",
		.estatus = "Habilitado",
		.legal = env->now,
		.contenido = contenido,
		.contenido_count = COUNT_OF(contenido)};

	if (e == OK && contenido[COUNT_OF(contenido) - 1].valor == NULL)
		e = ERR_NO_MEMORY;
	return e == OK ? acuse_make(env, &de, ret) : e;
}

static enum err enable(struct env *env, const char *folio)
{
	struct in_particular_habilitar up = {.habilitado = env->now, .rfc = env->titular};
	const struct m_dato datos[] = {{"fecha", medio_hora(env, env->now)}, {"folio", folio}};
	enum err e = datos[0].valor != NULL ? cuenta_asegurar(env) : ERR_NO_MEMORY;

	if (e == OK)
		e = store_change(env->store, QUERY_particular_habilitar, &up);
	if (e == OK)
		e = medios_avisar(
			env, NULL, PLANTILLA_activado, PLANTILLAS, datos, COUNT_OF(datos));
	return e == OK ? cuenta_cambio(env, env->titular) : e;
}

enum err rule_activar(struct env *env, const struct m_activar *rq, struct m_acuse *ret)
{
	struct m_acuse acuse;

	if (env->habilitado != 0)
		return ERR_ALREADY_ENABLED;
	enum err e = check_media(env);

	if (e == OK &&
		!(in_force(env, LEGAL_TERMINOS, rq->terminos, rq->terminos_sha256) &&
			in_force(env, LEGAL_PRIVACIDAD, rq->privacidad, rq->privacidad_sha256)))
		e = ERR_TERMS_CHANGED;
	if (e == OK)
		e = make_acuse(env, rq, &acuse);
	if (e == OK)
		e = enable(env, acuse.folio);
	if (e == OK)
		*ret = acuse;
	return e;
}
