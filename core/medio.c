#include "core/medio.h"

#include "core/cuenta.h"
#include "core/medios.h"
#include "core/particular.h"
#include "core/tarea.h"
#include "ley/plazo_activar.h"

bool medio_es_correo(const char *mecanismo)
{
	return strcmp(mecanismo, MEDIO_CORREO) == 0;
}

enum err medio_pendiente(const struct out_medio *m, int64_t now)
{
	bool lapsed = m->validado == 0 && m->vence != 0 && now > m->vence;

	if (m->baja != 0)
		return m->motivo != NULL && strcmp(m->motivo, MEDIO_VENCIDO) == 0
			       ? ERR_MEDIUM_EXPIRED
			       : ERR_MEDIUM_GONE;
	if (m->validado != 0)
		return ERR_ALREADY_VALID;
	return lapsed ? ERR_MEDIUM_EXPIRED : OK;
}

/* ---- messages ---- */

static enum err too_many(struct env *env, int64_t until)
{
	env->dato = until;
	return ERR_TOO_MANY_SENT;
}

enum err medio_cuota(struct env *env, const char *clave, bool again, int64_t *ret_quedan)
{
	const struct zona *zc = zona_centro();
	int32_t today = zona_civil(zc, env->now).dia;
	struct envio_cuantos n;
	enum err e = envio_cuantos(env, clave, zona_instant(zc, today, 0), &n);

	if (e != OK)
		return e;
	if (n.del_titular >= MEDIO_ENVIOS || n.todos >= MEDIO_ENVIOS_TODOS ||
		n.a_todos >= MEDIO_ENVIOS_RFC)
		return too_many(env, zona_instant(zc, today + 1, 0));
	if (again && n.ultimo != 0 && env->now < n.ultimo + MEDIO_ENTRE_MS)
		return too_many(env, n.ultimo + MEDIO_ENTRE_MS);
	*ret_quedan = MEDIO_ENVIOS - 1 - n.del_titular;
	return OK;
}

static enum err mandar_correo(
	struct env *env, struct envio_de *de, const struct medio_secreto *s, int64_t vence)
{
	const struct m_dato datos[] = {
		{"enlace", arena_printf(env->arena, "%s/c/%s", env->config->direccion, s->enlace)},
		{"codigo", s->codigo},
		{"vence", medio_hora(env, vence)},
	};

	if (datos[0].valor == NULL || datos[2].valor == NULL)
		return ERR_NO_MEMORY;
	de->plantilla = PLANTILLA_validacion_correo;
	de->datos = datos;
	de->datos_count = COUNT_OF(datos);
	return envio_poner(env, de);
}

enum err medio_mandar(
	struct env *env, const struct medio_destino *to, const struct medio_secreto *s)
{
	const struct m_dato codigo = {"codigo", s->codigo};
	struct envio_de de = {.plantilla = PLANTILLA_validacion_sms,
		.medio = to->folio,
		.destino = to->valor,
		.cupo = to->clave,
		.datos = &codigo,
		.datos_count = 1};

	return medio_es_correo(to->mecanismo) ? mandar_correo(env, &de, s, to->vence)
					      : envio_poner(env, &de);
}

int64_t medio_cancela(int64_t vence)
{
	return vence + MEDIO_EN_CAMINO_MS + 1;
}

enum err medio_vigilar(struct env *env, const char *folio, int64_t vence)
{
	const char *clave = arena_printf(env->arena, "%s %s", env->titular, folio);

	if (clave == NULL)
		return ERR_NO_MEMORY;
	return tarea_poner(env->store, env->news, TAREA_medio, clave, medio_cancela(vence));
}

/* ---- validated ---- */

/* What it takes the place of, where that is still there. */
static enum err find_replaced(
	struct env *env, const struct out_medio *m, struct out_medio *ret, bool *ret_found)
{
	struct in_medio in = {.folio = m->reemplaza, .titular = env->titular};
	enum err e =
		m->reemplaza != NULL ? q_medio(env->store, &in, env->arena, ret) : ERR_NOT_FOUND;

	*ret_found = e == OK && ret->baja == 0;
	return e == ERR_NOT_FOUND ? OK : e;
}

static enum err tell_validated(struct env *env, const struct out_medio *m)
{
	const struct m_dato fecha = {"fecha", medio_hora(env, env->now)};
	struct envio_de de = {.plantilla = medio_es_correo(m->mecanismo) ? PLANTILLA_validado_correo
									 : PLANTILLA_validado_sms,
		.medio = m->folio,
		.destino = m->valor,
		.datos = &fecha,
		.datos_count = 1};

	return fecha.valor != NULL ? envio_poner(env, &de) : ERR_NO_MEMORY;
}

static enum err end_replaced(struct env *env, const struct out_medio *old, const char *acuse)
{
	struct in_medio_baja in = {.baja = env->now,
		.acuse = acuse,
		.motivo = MEDIO_SUSTITUIDO,
		.folio = old->folio,
		.titular = env->titular,
		.validado = old->validado};
	enum err e = store_change(env->store, QUERY_medio_baja, &in);

	return e == OK ? medios_avisar_baja(env, old->valor) : e;
}

/* Who has media and not yet signed the terms is reminded of the term (transitorio primero). */
static enum err remind(struct env *env)
{
	int64_t plazo = 0;
	enum err e = env->habilitado == 0 ? particular_plazo(env, env->inscrito, &plazo) : OK;
	int64_t at = plazo != 0 ? plazo_activar_aviso(plazo, env->now) : 0;

	if (e != OK || at == 0)
		return e;
	return tarea_asegurar(env->store, env->news, TAREA_recordatorio, env->titular, at);
}

enum err medio_validar(struct env *env, const struct out_medio *m,
	const struct medio_de_oficio *oficio, struct m_acuse *ret)
{
	struct out_medio old;
	bool replaces = false;
	struct m_acuse acuse;
	enum err e = find_replaced(env, m, &old, &replaces);

	if (e != OK)
		return e;
	struct medio_dicho d = {.folio = m->folio,
		.mecanismo = m->mecanismo,
		.valor = m->valor,
		.rp = m->rp,
		.sustituido = replaces ? old.folio : NULL,
		.sustituido_valor = replaces ? old.valor : NULL};

	e = medio_acuse_validacion(env, &d, oficio, &acuse);
	if (e != OK)
		return e;
	struct in_medio_validado up = {.validado = env->now,
		.acuse = acuse.folio,
		.folio = m->folio,
		.titular = env->titular,
		.codigo = m->codigo,
		.fallos = m->fallos};

	e = store_change(env->store, QUERY_medio_validado, &up);
	if (e == OK && replaces)
		e = end_replaced(env, &old, acuse.folio);
	if (e == OK)
		e = tell_validated(env, m);
	if (e == OK)
		e = remind(env);
	if (e == OK)
		e = cuenta_cambio(env, env->titular);
	if (e == OK)
		*ret = acuse;
	return e;
}
