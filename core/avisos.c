#include "core/avisos.h"

#include <stdlib.h>
#include <string.h>
#include "core/aviso.h"
#include "core/evidencia.h"
#include "core/medio.h"
#include "core/particular.h"

enum err aviso_leer(struct env *env, const char *folio, struct out_aviso *ret)
{
	struct in_aviso in = {.folio = folio, .titular = env->titular};

	return q_aviso(env->store, &in, env->arena, ret);
}

bool aviso_acabado(const struct out_aviso *n)
{
	return n->abierta != 0 || n->notificada != 0 || n->forma != NULL;
}

bool aviso_visible(int64_t aviso, int64_t avisada, const char *forma, int64_t now)
{
	if (forma != NULL)
		return strcmp(forma, AVISO_RETIRADA) != 0 || avisada != 0 || aviso != 0;
	return aviso != 0 && aviso <= now;
}

bool aviso_se_conoce(int64_t vence, int64_t abierta, const char *forma, int64_t now)
{
	if (forma != NULL)
		return strcmp(forma, AVISO_RETIRADA) != 0;
	return abierta != 0 || (vence != 0 && vence <= now);
}

/* ---- dates ---- */

enum err aviso_calendario(struct env *env, const char *subdelegacion, struct calendario *ret)
{
	return calendario_para(env->arena, env->calendario, env->estado, subdelegacion, ret);
}

enum err aviso_plazo(
	const struct calendario *c, int64_t aviso, int64_t vence, struct plazo_aviso *ret)
{
	enum err e = plazo_de_aviso(c, aviso, ret);

	if (e != OK)
		return e;
	ret->vence = vence;
	ret->cuarto = zona_civil(zona_centro(), vence).dia;
	return OK;
}

static int64_t earlier_behind(int64_t best, int64_t at, int64_t after)
{
	return at > after && (best == 0 || at < best) ? at : best;
}

int64_t aviso_recordatorio(const struct config *c, const struct plazo_aviso *p, int64_t after)
{
	static const char *const standard[] = {"1", "3"};
	const char *const *days = c->recordatorios_count != 0 ? c->recordatorios : standard;
	size_t count = c->recordatorios_count != 0 ? c->recordatorios_count : COUNT_OF(standard);
	int64_t next = 0;

	for (size_t i = 0; i < count; i++) {
		long n = strtol(days[i], NULL, 10);

		if (n >= 1 && n <= (long)COUNT_OF(p->dias))
			next = earlier_behind(next, plazo_abre(p->dias[n - 1]), after);
	}
	return next < p->vence ? next : 0;
}

/* ---- jobs ---- */

enum err aviso_tarea(struct env *env, enum tarea_clase clase, const char *folio, int64_t vence)
{
	const char *clave = arena_printf(env->arena, "%s %s", env->titular, folio);

	return clave != NULL ? tarea_poner(env->store, env->news, clase, clave, vence)
			     : ERR_NO_MEMORY;
}

const char *aviso_folio(const struct tarea *t)
{
	const char *blank = strchr(t->clave, ' ');

	return blank != NULL ? blank + 1 : "";
}

enum err aviso_anotar(struct env *env, const char *folio, unsigned suceso, const char *detalle,
	const char *prueba)
{
	const struct evidencia ev = {.folio = folio,
		.suceso = (enum suceso)suceso,
		.actor = EVIDENCIA_BUZON,
		.detalle = detalle,
		.prueba = prueba};

	return evidencia_poner(env, &ev);
}

static enum err note_held(struct env *env, const char *folio, int64_t until)
{
	const char *when = hora_text(env->arena, zona_centro(), until, HORA_ACUSE);
	const char *detalle = when != NULL ? arena_printf(env->arena, "Sale el %s", when) : NULL;

	return detalle != NULL ? aviso_anotar(env, folio, SUCESO_RETENIDA, detalle, NULL)
			       : ERR_NO_MEMORY;
}

enum err aviso_programar(struct env *env, const char *folio, int64_t sale)
{
	struct in_aviso_sale in = {.sale = sale, .folio = folio, .titular = env->titular};
	enum err e = store_change(env->store, QUERY_aviso_sale, &in);

	if (e == OK && sale > env->now)
		e = note_held(env, folio, sale);
	return e == OK ? aviso_tarea(env, TAREA_aviso, folio, sale) : e;
}

/* ---- it stands ---- */

enum err aviso_mostrar(struct env *env, const char *folio, int64_t aviso, int64_t vence)
{
	const char *when = hora_text(env->arena, zona_centro(), vence, HORA_ACUSE);
	const struct evidencia ev = {.folio = folio,
		.instante = aviso,
		.suceso = SUCESO_PUESTA,
		.actor = EVIDENCIA_BUZON,
		.detalle = when != NULL ? arena_printf(env->arena, "Vence el %s", when) : NULL};

	if (ev.detalle == NULL)
		return ERR_NO_MEMORY;
	if (env->news != NULL)
		novedades_add(env->news, NOVEDAD_TITULAR, env->titular);
	return evidencia_poner(env, &ev);
}

static enum err put_term(struct env *env, const char *folio, const struct plazo_aviso *p)
{
	int64_t reminder = aviso_recordatorio(env->config, p, env->now);
	enum err e = aviso_tarea(env, TAREA_plazo, folio, p->vence + AVISO_EN_CAMINO_MS);

	return e == OK && reminder != 0 ? aviso_tarea(env, TAREA_recordar, folio, reminder) : e;
}

enum err aviso_poner(struct env *env, const char *folio, const struct out_aviso *n, int64_t ready,
	int64_t *ret_aviso)
{
	struct calendario c;
	struct plazo_aviso p;
	enum err e = aviso_calendario(env, n->subdelegacion, &c);

	if (e == OK)
		e = plazo_de_aviso(&c, ready, &p);
	if (e != OK)
		return e;
	struct in_aviso_puesta in = {.aviso = p.aviso,
		.vence = p.vence,
		.calendario = env->calendario->version,
		.titular = env->titular,
		.folio = folio};

	e = store_change(env->store, QUERY_aviso_puesta, &in);
	if (e == OK)
		e = put_term(env, folio, &p);
	if (e == OK)
		e = p.aviso > env->now ? note_held(env, folio, p.aviso)
				       : aviso_mostrar(env, folio, p.aviso, p.vence);
	if (e == OK)
		*ret_aviso = p.aviso;
	return e;
}

enum err aviso_dar_por_enviado(struct env *env, const char *folio, int64_t aviso)
{
	struct out_aviso n;
	enum err e = aviso_leer(env, folio, &n);

	if (e == OK)
		e = aviso_poner(env, folio, &n, aviso, &aviso);
	return e == OK && aviso > env->now ? aviso_tarea(env, TAREA_puesta, folio, aviso) : e;
}

enum err aviso_mover(struct env *env, const char *folio, int64_t vence)
{
	struct out_aviso n;
	struct calendario c;
	struct plazo_aviso p;
	enum err e = aviso_leer(env, folio, &n);

	if (e != OK || aviso_acabado(&n) || n.aviso == 0)
		return e;
	e = aviso_calendario(env, n.subdelegacion, &c);
	if (e == OK)
		e = aviso_plazo(&c, n.aviso, vence, &p);
	return e == OK ? put_term(env, folio, &p) : e;
}

enum err aviso_quitar(struct env *env, const char *folio)
{
	struct in_aviso_envios_quitar in = {
		.ahora = env->now, .acto = folio, .titular = env->titular};

	return store_queue(env->store, QUERY_aviso_envios_quitar, &in, NULL);
}

/* ---- what becomes of its messages ---- */

enum err aviso_proponer(
	struct env *env, const char *folio, const struct out_aviso *n, const char *motivo)
{
	struct in_aviso_proponer in = {
		.propuesta = motivo, .desde = env->now, .folio = folio, .titular = env->titular};

	if (n->propuesta != NULL || aviso_acabado(n))
		return OK;
	enum err e = store_change(env->store, QUERY_aviso_proponer, &in);

	return e == OK ? aviso_anotar(env, folio, SUCESO_PROPUESTA, motivo, NULL) : e;
}

struct mensaje_de {
	const char *acto;
	const char *envio;
	bool sms;
	enum aviso_noticia que;
	const char *detalle;
};

/* Who says so is the carrier, by its code. */
static enum err note_message(struct env *env, const struct mensaje_de *m, int64_t instante)
{
	static const enum suceso sucesos[] = {[AVISO_ACEPTADO] = SUCESO_AVISO_ENVIADO,
		[AVISO_FALLIDO] = SUCESO_AVISO_FALLIDO,
		[AVISO_REBOTADO] = SUCESO_AVISO_REBOTADO};
	const struct evidencia ev = {.folio = m->acto,
		.instante = instante,
		.suceso = sucesos[m->que],
		.actor = m->sms ? "sms" : "correo",
		.detalle = m->detalle,
		.prueba = m->envio};

	return evidencia_poner(env, &ev);
}

/* The later of the two kinds, once both were accepted; else 0. */
static int64_t ready_at(const struct out_aviso *n)
{
	if (n->correo == 0 || n->celular == 0)
		return 0;
	return n->correo > n->celular ? n->correo : n->celular;
}

static enum err accepted(
	struct env *env, const struct mensaje_de *m, struct out_aviso *n, int64_t instante)
{
	int64_t *kind = m->sms ? &n->celular : &n->correo;
	struct in_aviso_aceptado in = {.correo = m->sms ? 0 : instante,
		.celular = m->sms ? instante : 0,
		.folio = m->acto,
		.titular = env->titular};

	if (*kind != 0)
		return OK;
	*kind = instante;
	enum err e = store_change(env->store, QUERY_aviso_aceptado, &in);

	return e == OK && ready_at(n) != 0 && n->aviso == 0 && !aviso_acabado(n)
		       ? aviso_tarea(env, TAREA_puesta, m->acto, ready_at(n))
		       : e;
}

/* None of its kind can arrive any more: whether it is notified otherwise is for a person to say. */
static enum err failed(
	struct env *env, const struct mensaje_de *m, const struct out_aviso *n, int64_t alive)
{
	static const char *const reasons[2][2] = {
		{"El aviso no se pudo entregar a ningún correo validado",
			"El aviso no se pudo entregar al celular validado"},
		{"El aviso volvió de todos los correos validados",
			"El aviso volvió del celular validado"},
	};

	return alive == 0 ? aviso_proponer(env, m->acto, n,
				    reasons[m->que == AVISO_REBOTADO ? 1 : 0][m->sms ? 1 : 0])
			  : OK;
}

enum err aviso_noticia(struct env *env, const char *acto, const char *envio, const char *via,
	enum aviso_noticia que, int64_t instante, const char *detalle)
{
	const struct mensaje_de m = {.acto = acto,
		.envio = envio,
		.sms = strcmp(via, "sms") == 0,
		.que = que,
		.detalle = detalle};
	struct in_aviso_envio in = {.id = envio, .titular = env->titular};
	struct out_aviso_envio of;
	struct out_aviso n;

	if (acto == NULL)
		return OK;
	enum err e = aviso_leer(env, acto, &n);

	/* Of no notification that is here. */
	if (e != OK)
		return e == ERR_NOT_FOUND ? OK : e;
	e = note_message(env, &m, instante);
	if (e == OK)
		e = q_aviso_envio(env->store, &in, env->arena, &of);
	if (e != OK || strcmp(of.rp, MEDIO_RFC) != 0)
		return e;
	return que == AVISO_ACEPTADO ? accepted(env, &m, &n, instante)
				     : failed(env, &m, &n, of.vivos);
}
