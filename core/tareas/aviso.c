/*
 * The aviso of a notification goes out, inside the window (Lineamientos 7.2, 7.3): a message to
 * every validated medium of the RFC and, where the act names a Registro Patronal, to that one's. To
 * whom it can't go there is no aviso and no term: estrados are proposed (7.8).
 */
#include "core/aviso.h"
#include "core/evidencia.h"
#include "core/medio.h"
#include "core/envio.h"
#include "core/particular.h"

/* An RFC's, an RP's and those of all RPs; five mails and a mobile each. */
#define MEDIOS_MAX 100

struct salida {
	struct tarea *t;
	const char *folio;
	const struct out_aviso *n;
	const struct m_dato *datos;
	size_t datos_count;
	const char *told[3 * MEDIOS_MAX]; /* addresses that have one */
	size_t told_count;
};

static bool was_told(const struct salida *s, const char *clave)
{
	for (size_t i = 0; i < s->told_count; i++)
		if (strcmp(s->told[i], clave) == 0)
			return true;
	return false;
}

static enum err send(struct salida *s, const struct out_medios_activos *m)
{
	const struct envio_de de = {.plantilla = medio_es_correo(m->mecanismo)
							 ? PLANTILLA_aviso_correo
							 : PLANTILLA_aviso_sms,
		.medio = m->folio,
		.acto = s->folio,
		.destino = m->valor,
		.datos = s->datos,
		.datos_count = s->datos_count};

	if (m->validado == 0 || was_told(s, m->clave))
		return OK;
	s->told[s->told_count++] = m->clave;
	return envio_poner(&s->t->env, &de);
}

static enum err read_media(
	struct env *env, const char *rp, struct out_medios_activos **ret, size_t *ret_count)
{
	struct in_medios_activos in = {.titular = env->titular, .rp = rp};

	return q_medios_activos_all(env->store, &in, MEDIOS_MAX, env->arena, ret, ret_count);
}

static enum err send_all(struct salida *s, const struct out_medios_activos *rows, size_t count)
{
	enum err e = OK;

	for (size_t i = 0; e == OK && i < count; i++)
		e = send(s, &rows[i]);
	return e;
}

static enum err send_to_rp(struct salida *s, const char *rp)
{
	struct out_medios_activos *rows;
	size_t count = 0;
	enum err e = read_media(&s->t->env, rp, &rows, &count);

	return e == OK ? send_all(s, rows, count) : e;
}

/* Why there can be no aviso; NULL: there can. */
static const char *obstacle(
	const struct env *env, const struct out_medios_activos *rows, size_t count)
{
	bool correo = false;
	bool celular = false;

	for (size_t i = 0; i < count; i++) {
		bool es_correo = medio_es_correo(rows[i].mecanismo);

		correo = correo || (rows[i].validado != 0 && es_correo);
		celular = celular || (rows[i].validado != 0 && !es_correo);
	}
	if (env->habilitado == 0)
		return "El Buzón no está habilitado";
	if (!correo && !celular)
		return "No hay correo ni celular validados";
	if (!correo)
		return "No hay un correo validado";
	return celular ? NULL : "No hay un celular validado";
}

static enum err without(struct salida *s, const char *why)
{
	struct env *env = &s->t->env;
	enum err e = aviso_anotar(env, s->folio, SUCESO_SIN_AVISO, why, NULL);

	return e == OK ? aviso_proponer(env, s->folio, s->n, why) : e;
}

static enum err go_out(struct salida *s)
{
	struct env *env = &s->t->env;
	struct out_medios_activos *rows;
	size_t count = 0;
	enum err e = read_media(env, MEDIO_RFC, &rows, &count);
	const char *why = e == OK ? obstacle(env, rows, count) : NULL;

	if (e != OK || why != NULL)
		return e != OK ? e : without(s, why);
	e = send_all(s, rows, count);
	if (e != OK || s->n->rp == NULL)
		return e;
	e = send_to_rp(s, s->n->rp);
	return e == OK ? send_to_rp(s, MEDIO_TODOS) : e;
}

/* The last day to open it, were it taken now: what is taken later has a later one. */
static enum err tell(
	struct tarea *t, const char *folio, const struct out_aviso *n, const struct calendario *c)
{
	struct plazo_aviso p;
	enum err e = plazo_de_aviso(c, t->env.now, &p);

	if (e != OK)
		return e;
	const struct m_dato datos[] = {{"fecha", fecha_text(t->env.arena, p.dias[2], FECHA_LARGA)}};
	struct salida s = {.t = t, .folio = folio, .n = n, .datos = datos, .datos_count = 1};

	return datos[0].valor != NULL ? go_out(&s) : ERR_NO_MEMORY;
}

enum err tarea_aviso(struct tarea *t)
{
	struct env *env = &t->env;
	const char *folio = aviso_folio(t);
	struct out_aviso n;
	struct calendario c;
	int64_t opens = 0;
	enum err e = aviso_leer(env, folio, &n);

	if (e != OK || aviso_acabado(&n) || n.aviso != 0)
		return e == ERR_NOT_FOUND ? OK : e;
	e = particular_read(env, env->titular);
	if (e == OK)
		e = aviso_calendario(env, n.subdelegacion, &c);
	if (e == OK)
		e = plazo_en_ventana(&c, n.sale > env->now ? n.sale : env->now, &opens);
	if (e != OK)
		return e;
	/* No server was there while the window was open, or a clock was set back. */
	if (opens > env->now) {
		t->otra = opens;
		return OK;
	}
	return tell(t, folio, &n, &c);
}
