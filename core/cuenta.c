#include "core/cuenta.h"

#include "core/activacion.h"
#include "core/legales.h"
#include "core/medios.h"
#include "core/padron.h"
#include "core/padron_vistos.h"
#include "core/representaciones.h"

enum err cuenta_cambio(struct env *env, const char *rfc)
{
	struct in_cuenta_cambio in = {.rfc = rfc};
	int before = 0;
	enum err e = env->contadas != NULL ? padron_vistos_add(env->contadas, rfc, 1, &before) : OK;

	if (e != OK || before != 0)
		return e;
	if (env->news != NULL)
		novedades_add(env->news, NOVEDAD_TITULAR, rfc);
	return store_queue(env->store, QUERY_cuenta_cambio, &in, NULL);
}

enum err cuenta_asegurar(struct env *env)
{
	struct in_particular_asegurar in = {
		.rfc = env->titular, .nombre = env->titular_nombre, .zona = env->zona};

	return q_particular_asegurar(env->store, &in, env->arena, NULL);
}

int64_t cuenta_version(const struct env *env)
{
	return env->cuenta + 1;
}

/* The levels that the signer has here. */
static enum err permits(struct env *env, struct m_cuenta *m)
{
	m->permisos = arena_array(env->arena, AMBITOS, sizeof(*m->permisos));
	if (m->permisos == NULL)
		return ERR_NO_MEMORY;
	for (unsigned i = 0; i < AMBITOS; i++)
		if (env->alcance.nivel[i] != NIVEL_NADA)
			m->permisos[m->permisos_count++] =
				(struct m_permiso){.ambito = ambito_word((enum ambito)i),
					.nivel = nivel_word(env->alcance.nivel[i])};
	return OK;
}

static enum err legal_texts(struct env *env, struct m_cuenta *m)
{
	const struct legal *t = legales_vigente(env->legales, LEGAL_TERMINOS);
	const struct legal *p = legales_vigente(env->legales, LEGAL_PRIVACIDAD);

	m->terminos = t->version;
	m->terminos_sha256 = t->sha256;
	m->privacidad = p->version;
	m->privacidad_sha256 = p->sha256;
	return OK;
}

enum err cuenta_message(struct env *env, const struct m_cuenta **ret)
{
	struct m_cuenta *m = arena_zalloc(env->arena, sizeof(*m));

	if (m == NULL)
		return ERR_NO_MEMORY;
	m->titular = env->titular;
	m->nombre = env->titular_nombre;
	m->zona = env->zona;
	m->estado = env->estado;
	m->padron = env->padron;
	m->habilitado = env->habilitado;
	enum err e = legal_texts(env, m);

	if (e == OK)
		e = permits(env, m);
	if (e == OK)
		e = padron_cuenta(env, m);
	if (e == OK && alcance_en(&env->alcance, AMBITO_MEDIOS) >= NIVEL_LEER)
		e = medios_cuenta(env, m);
	if (e == OK && alcance_en(&env->alcance, AMBITO_ACTIVACION) >= NIVEL_LEER)
		e = activacion_cuenta(env, m);
	if (e == OK)
		e = representaciones_cuenta(env, m);
	if (e == OK)
		*ret = m;
	return e;
}
