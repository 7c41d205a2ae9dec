#include "core/publicado_mensaje.h"

#include "core/calendarios.h"

static uint32_t mix(uint32_t h, int64_t value)
{
	for (int i = 0; i < 8; i++)
		h = (h ^ (uint32_t)(value >> 8 * i & 0xff)) * 16777619u;
	return h;
}

static uint32_t mix_text(uint32_t h, const char *text)
{
	for (; text != NULL && *text != '\0'; text++)
		h = (h ^ (unsigned char)*text) * 16777619u;
	return h;
}

/*
 * A version of the store is one text for ever; ours, version 0, is the program's. The days and
 * dates are in it for a store that was restored and published in again.
 */
uint32_t publicado_huella(const struct env *env)
{
	const struct calendario *c = env->calendario;
	uint32_t h = mix_text(2166136261u, BUZON_VERSION);

	h = mix(mix(mix(h, c->version), c->desde), c->hasta);
	h = mix_text(h, c->fuente);
	for (size_t i = 0; i < c->count; i++)
		h = (h ^ (uint32_t)c->rows[i].dia) * 16777619u;
	h = mix(h, env->catalogo->version);
	for (size_t i = 0; i < env->catalogo->tipos_count; i++)
		h = mix(h, env->catalogo->tipos[i].disponible);
	return h;
}

static enum err put_days(struct env *env, struct m_calendario *m)
{
	const struct calendario *c = env->calendario;

	m->inhabiles = arena_array(env->arena, c->count, sizeof(*m->inhabiles));
	if (m->inhabiles == NULL)
		return ERR_NO_MEMORY;
	for (size_t i = 0; i < c->count; i++) {
		struct m_inhabil *d = &m->inhabiles[m->inhabiles_count++];

		*d = (struct m_inhabil){.fecha = fecha_text(env->arena, c->rows[i].dia, FECHA_ISO),
			.motivo = c->rows[i].motivo,
			.ambito = c->rows[i].ambito,
			.clase = c->rows[i].declarado ? "declarado" : NULL};
		if (d->fecha == NULL)
			return ERR_NO_MEMORY;
	}
	return OK;
}

enum err publicado_mensaje(struct env *env, const struct m_calendario **ret)
{
	const struct calendario_publicado *p = env->publicado;
	struct m_calendario *m = arena_zalloc(env->arena, sizeof(*m));

	if (m == NULL)
		return ERR_NO_MEMORY;
	*m = (struct m_calendario){.desde = fecha_text(env->arena, p->c.desde, FECHA_ISO),
		.hasta = fecha_text(env->arena, p->c.hasta, FECHA_ISO),
		.version = p->c.version,
		.fuente = p->c.fuente,
		.vacaciones_hasta = p->c.vacaciones_hasta,
		.obligaciones = (struct m_obligacion *)(uintptr_t)p->obligaciones,
		.obligaciones_count = p->obligacion_count};
	if (m->desde == NULL || m->hasta == NULL)
		return ERR_NO_MEMORY;
	*ret = m;
	return put_days(env, m);
}
