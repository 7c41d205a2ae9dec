/* Acuses of contact media (A-09; Lineamientos 5.1, 5.2, 5.8). */
#include "core/acuse_make.h"
#include "core/medio.h"
#include "core/padron.h"

#define ROWS 10
#define FUNDAMENTO "Lineamientos Generales para el uso del Buzón IMSS, regla 5"

/* Rows as they are written; the first failure is remembered. */
struct rows {
	struct env *env;
	struct m_dato list[ROWS];
	size_t count;
	enum err err;
};

static void add(struct rows *r, const char *label, const char *value)
{
	if (value == NULL || r->count == ROWS)
		r->err = r->err != OK ? r->err : ERR_NO_MEMORY;
	else
		r->list[r->count++] = (struct m_dato){.etiqueta = label, .valor = value};
}

const char *medio_acuse_para(struct arena *a, const char *titular, const char *rp)
{
	if (strcmp(rp, MEDIO_RFC) == 0)
		return arena_printf(a, "RFC %s", titular);
	if (strcmp(rp, MEDIO_TODOS) == 0)
		return "Todos los Registros Patronales";
	return arena_printf(a, "Registro Patronal %s", rp);
}

const char *medio_hora(struct env *env, int64_t instant)
{
	const struct zona *zc = zona_centro();
	const struct zona *there = zona_find(env->zona);
	const char *time = hora_text(env->arena, zc, instant, HORA_ACUSE);

	if (time == NULL || there == NULL ||
		zona_civil(there, instant).offset_s == zona_civil(zc, instant).offset_s)
		return time != NULL ? arena_printf(env->arena, "%s (Zona Centro)", time) : NULL;
	const char *local = hora_text(env->arena, there, instant, HORA_ACUSE);

	if (local == NULL)
		return NULL;
	return arena_printf(
		env->arena, "%s (Zona Centro); en el domicilio fiscal, %s", time, local);
}

static void begin(struct rows *r, struct env *env, const struct medio_dicho *d)
{
	const char *rps = NULL;

	*r = (struct rows){.env = env};
	r->err = padron_rps_texto(env, &rps);
	add(r, "Registros Patronales", rps);
	if (d->folio != NULL)
		add(r, MEDIO_ACUSE_FOLIO, d->folio);
	add(r, MEDIO_ACUSE_MECANISMO,
		medio_es_correo(d->mecanismo) ? "Correo Electrónico" : "Teléfono");
	add(r, MEDIO_ACUSE_VALOR, d->valor);
	add(r, MEDIO_ACUSE_PARA, medio_acuse_para(env->arena, env->titular, d->rp));
}

static void add_replaced(struct rows *r, const struct medio_dicho *d)
{
	if (d->sustituido == NULL)
		return;
	add(r, "Medio sustituido", d->sustituido_valor);
	add(r, MEDIO_ACUSE_SUSTITUIDO, d->sustituido);
}

static enum err finish(struct rows *r, const char *tipo, const char *estatus,
	const struct medio_de_oficio *oficio, struct m_acuse *ret)
{
	struct acuse_de de = {.tipo = tipo,
		.fundamento = FUNDAMENTO,
		.estatus = estatus,
		.legal = r->env->now,
		.contenido = r->list,
		.contenido_count = r->count,
		.ambito = ambito_word(AMBITO_MEDIOS)};

	if (r->err != OK)
		return r->err;
	if (oficio != NULL)
		return acuse_automatico(r->env, oficio->group, &de, oficio->evento, ret);
	return acuse_make(r->env, &de, ret);
}

enum err medio_acuse_registro(struct env *env, const struct medio_dicho *d, struct m_acuse *ret)
{
	struct rows r;
	bool mail = medio_es_correo(d->mecanismo);

	begin(&r, env, d);
	add(&r, "Validar a más tardar",
		mail ? medio_hora(env, d->vence)
		     : "72 horas después del envío del mensaje SMS con el código");
	add(&r, "Cómo se valida",
		mail ? "Con el enlace que se envió a ese correo, o con su código de cinco dígitos"
		     : "Con el código de cinco dígitos que se envía a ese número");
	if (d->reemplaza != NULL)
		add(&r, "Al validarse sustituye al medio con folio", d->reemplaza);
	add_replaced(&r, d);
	return finish(&r, MEDIO_TIPO_REGISTRO, "En proceso", NULL, ret);
}

enum err medio_acuse_validacion(struct env *env, const struct medio_dicho *d,
	const struct medio_de_oficio *oficio, struct m_acuse *ret)
{
	struct rows r;

	begin(&r, env, d);
	add(&r, "Validado", medio_hora(env, env->now));
	add_replaced(&r, d);
	return finish(&r, MEDIO_TIPO_VALIDACION, "Validado", oficio, ret);
}

enum err medio_acuse_baja(struct env *env, const struct medio_dicho *d,
	const struct medio_de_oficio *oficio, struct m_acuse *ret)
{
	struct rows r;

	begin(&r, env, d);
	add(&r, "Motivo", d->motivo);
	if (d->vence != 0)
		add(&r, "Se podía validar a más tardar", medio_hora(env, d->vence));
	if (d->bajo_minimo)
		add(&r, "Consecuencia aceptada",
			"Sin un correo y un celular validados el Instituto puede notificar por "
			"estrados");
	return finish(&r, MEDIO_TIPO_BAJA, "Dado de baja", oficio, ret);
}
