/*
 * Nobody opened it in its three días hábiles: notified on the fourth at 09:30, whenever this comes
 * to be written, with an automatic acuse (Lineamientos 7.5). An opening that was received in time
 * is done first: this is due a little later.
 */
#include <inttypes.h>
#include "core/aviso.h"
#include "core/evidencia.h"
#include "core/medios.h"
#include "core/particular.h"

/* Counting it again takes less: the job of that puts this one anew where the term moved. */
#define RECUENTO_MS 5000

static enum err make_acuse(
	struct tarea *t, const char *folio, const struct out_aviso *n, struct m_acuse *ret)
{
	struct env *env = &t->env;
	struct calendario c;
	struct plazo_aviso p;
	struct acuse_de de;
	const char *evento = arena_printf(env->arena,
		"{\"evento\":\"plazo-vencido\",\"folio\":\"%s\",\"vence\":%" PRId64 "}", folio,
		n->vence);
	const struct aviso_dicho d = {.folio = folio,
		.oficio = n->oficio,
		.documento = n->documento,
		.funcionario = n->funcionario,
		.sha256 = n->archivo,
		.aviso = n->aviso,
		.plazo_dias = (int)n->plazo_dias,
		.legal = n->vence};
	enum err e = evento != NULL ? aviso_calendario(env, n->subdelegacion, &c) : ERR_NO_MEMORY;

	if (e == OK)
		e = aviso_plazo(&c, n->aviso, n->vence, &p);
	if (e == OK)
		e = aviso_acuse(env, &c, &p, &d, &de);
	if (e != OK)
		return e;
	de.ambito = ambito_word(AMBITO_NOTIFICACIONES);
	return acuse_automatico(env, t->group, &de, evento, ret);
}

static enum err keep(struct env *env, const char *folio, int64_t vence, const char *acuse)
{
	struct in_aviso_vencida in = {
		.acuse = acuse, .titular = env->titular, .folio = folio, .vence = vence};
	const struct evidencia ev = {.folio = folio,
		.instante = vence,
		.suceso = SUCESO_VENCIDA,
		.actor = EVIDENCIA_BUZON,
		.prueba = acuse};
	enum err e = store_change(env->store, QUERY_aviso_vencida, &in);

	novedades_add(env->news, NOVEDAD_TITULAR, env->titular);
	return e == OK ? evidencia_poner(env, &ev) : e;
}

static enum err tell(struct env *env, const char *folio, const struct out_aviso *n)
{
	const struct m_dato datos[] = {
		{"fecha", hora_text(env->arena, zona_centro(), n->vence, HORA_ACUSE)}};

	return datos[0].valor != NULL ? medios_avisar_acto(env, folio, n->rp, PLANTILLA_notificada,
						PLANTILLAS, datos, COUNT_OF(datos))
				      : ERR_NO_MEMORY;
}

/*
 * A calendar that was published before its instant, and by which it was not counted yet: that goes
 * first, or it would be notified on a day that had been declared inhábil.
 */
static enum err is_to_be_counted(struct env *env, const char *folio, bool *ret)
{
	struct in_recuento_falta in = {.folio = folio, .titular = env->titular};
	struct out_recuento_falta row;
	enum err e = q_recuento_falta(env->store, &in, env->arena, &row);

	*ret = e == OK && row.cuantas != 0;
	return *ret ? tarea_asegurar(env->store, env->news, TAREA_recuento, env->titular, env->now)
		    : e;
}

enum err tarea_plazo(struct tarea *t)
{
	struct env *env = &t->env;
	const char *folio = aviso_folio(t);
	struct out_aviso n;
	struct m_acuse acuse;
	bool first = false;
	enum err e = aviso_leer(env, folio, &n);

	if (e != OK || aviso_acabado(&n) || n.vence == 0)
		return e == ERR_NOT_FOUND ? OK : e;
	if (env->now < n.vence + AVISO_EN_CAMINO_MS) {
		t->otra = n.vence + AVISO_EN_CAMINO_MS;
		return OK;
	}
	e = is_to_be_counted(env, folio, &first);
	if (e == OK && first)
		t->otra = env->now + RECUENTO_MS;
	if (e != OK || first)
		return e;
	e = particular_read(env, env->titular);
	if (e == OK)
		e = make_acuse(t, folio, &n, &acuse);
	if (e == OK)
		e = keep(env, folio, n.vence, acuse.folio);
	return e == OK ? tell(env, folio, &n) : e;
}
