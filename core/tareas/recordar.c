/*
 * A notification waits to be opened: its media are told again on the days that [avisos] says,
 * without a word of what it holds. Each once; those that fell due while no server was there are
 * one.
 */
#include "core/aviso.h"
#include "core/evidencia.h"
#include "core/medios.h"
#include "core/particular.h"

static enum err tell(
	struct env *env, const char *folio, const struct out_aviso *n, const struct plazo_aviso *p)
{
	enum plantilla sms =
		env->config->recordatorios_sms ? PLANTILLA_recordatorio_aviso_sms : PLANTILLAS;
	const char *last = fecha_text(env->arena, p->dias[2], FECHA_LARGA);
	const struct m_dato datos[] = {{"fecha", last}};
	const char *detalle =
		last != NULL ? arena_printf(env->arena, "Se puede abrir hasta el %s", last) : NULL;

	if (detalle == NULL)
		return ERR_NO_MEMORY;
	enum err e = medios_avisar_acto(
		env, folio, n->rp, PLANTILLA_recordatorio_aviso, sms, datos, COUNT_OF(datos));

	return e == OK ? aviso_anotar(env, folio, SUCESO_RECORDATORIO, detalle, NULL) : e;
}

enum err tarea_recordar(struct tarea *t)
{
	struct env *env = &t->env;
	const char *folio = aviso_folio(t);
	struct out_aviso n;
	struct calendario c;
	struct plazo_aviso p;
	enum err e = aviso_leer(env, folio, &n);

	if (e != OK || aviso_acabado(&n) || n.aviso == 0 || env->now >= n.vence)
		return e == ERR_NOT_FOUND ? OK : e;
	e = particular_read(env, env->titular);
	if (e == OK)
		e = aviso_calendario(env, n.subdelegacion, &c);
	if (e == OK)
		e = aviso_plazo(&c, n.aviso, n.vence, &p);
	if (e != OK)
		return e;
	t->otra = aviso_recordatorio(env->config, &p, env->now);
	/* Is there one that is due, or was this job only early? */
	int64_t due = aviso_recordatorio(env->config, &p, n.aviso - 1);

	return due != 0 && due <= env->now ? tell(env, folio, &n, &p) : OK;
}
