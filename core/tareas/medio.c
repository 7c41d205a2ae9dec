/*
 * Nobody validated a medium in its 72 hours: its registration is cancelled, with an acuse of
 * nobody's act, and the media that are validated are told (Lineamientos 5.2). The key: RFC, blank,
 * folio.
 */
#include "core/cuenta.h"
#include "core/medio.h"
#include "core/medios.h"
#include "core/particular.h"
#include "core/tarea.h"

static enum err tell(struct env *env, const struct out_medio *m)
{
	const struct m_dato datos[] = {{"medio", m->valor}, {"fecha", medio_hora(env, env->now)}};

	if (datos[1].valor == NULL)
		return ERR_NO_MEMORY;
	return medios_avisar(
		env, NULL, PLANTILLA_medio_vencido, PLANTILLAS, datos, COUNT_OF(datos));
}

static enum err cancel(struct tarea *t, const struct out_medio *m)
{
	struct env *env = &t->env;
	struct m_acuse acuse;
	struct medio_de_oficio oficio = {.group = t->group,
		.evento = arena_printf(env->arena,
			"{\"evento\":\"medio-vencido\",\"folio\":\"%s\",\"vence\":%lld}", m->folio,
			(long long)m->vence)};
	const struct medio_dicho d = {.folio = m->folio,
		.mecanismo = m->mecanismo,
		.valor = m->valor,
		.rp = m->rp,
		.vence = m->vence,
		.motivo = "No se validó en 72 horas"};
	enum err e =
		oficio.evento != NULL ? medio_acuse_baja(env, &d, &oficio, &acuse) : ERR_NO_MEMORY;

	if (e != OK)
		return e;
	struct in_medio_baja in = {.baja = env->now,
		.acuse = acuse.folio,
		.motivo = MEDIO_VENCIDO,
		.folio = m->folio,
		.titular = env->titular};

	e = store_change(env->store, QUERY_medio_baja, &in);
	if (e == OK)
		e = tell(env, m);
	return e == OK ? cuenta_cambio(env, env->titular) : e;
}

enum err tarea_medio(struct tarea *t)
{
	struct env *env = &t->env;
	const char *blank = strchr(t->clave, ' ');
	struct in_medio in = {.folio = blank != NULL ? blank + 1 : "", .titular = env->titular};
	struct out_medio m;
	enum err e = q_medio(env->store, &in, env->arena, &m);

	if (e != OK)
		return e == ERR_NOT_FOUND ? OK : e;
	/* Validated, removed, replaced; or this is not its time. */
	if (m.baja != 0 || m.validado != 0 || m.vence == 0)
		return OK;
	if (env->now < medio_cancela(m.vence)) {
		t->otra = medio_cancela(m.vence);
		return OK;
	}
	e = particular_read(env, env->titular);
	return e == OK ? cancel(t, &m) : e;
}
