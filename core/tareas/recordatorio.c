/*
 * The 180 days to enable a Buzón run (transitorio primero; L-T1), its media are validated and the
 * terms are not signed: those media are told, 30, 7 and 1 days before the last one. The key: the
 * RFC.
 */
#include <inttypes.h>
#include "core/medios.h"
#include "core/particular.h"
#include "core/tarea.h"
#include "ley/plazo_activar.h"

static enum err tell(struct env *env, int64_t plazo)
{
	int32_t last = zona_civil(zona_centro(), plazo).dia;
	const struct m_dato datos[] = {
		{"dias", arena_printf(env->arena, "%" PRId32, plazo_activar_dias(plazo, env->now))},
		{"fecha", fecha_text(env->arena, last, FECHA_LARGA)},
	};

	if (datos[0].valor == NULL || datos[1].valor == NULL)
		return ERR_NO_MEMORY;
	return medios_avisar(
		env, NULL, PLANTILLA_recordatorio_activar, PLANTILLAS, datos, COUNT_OF(datos));
}

enum err tarea_recordatorio(struct tarea *t)
{
	struct env *env = &t->env;
	int64_t plazo = 0;
	enum err e = particular_read(env, env->titular);

	if (e == OK && env->habilitado == 0)
		e = particular_plazo(env, env->inscrito, &plazo);
	if (e != OK)
		return e;
	/* Enabled, or the padrón says otherwise by now; or a server was away for too long. */
	if (plazo == 0 || env->now > plazo)
		return OK;
	t->otra = plazo_activar_aviso(plazo, env->now);
	return tell(env, plazo);
}
