#include "core/activacion.h"

#include "ley/plazo_activar.h"

enum err activacion_cuenta(struct env *env, struct m_cuenta *m)
{
	struct in_acuses_activacion in = {.titular = env->titular};
	struct out_acuses_activacion *rows;
	size_t count = 0;

	m->convenio_2020 = env->habilitado != 0 && env->habilitado < plazo_activar_vigor();
	if (alcance_en(&env->alcance, AMBITO_ACTIVACION) < NIVEL_LEER)
		return OK;
	enum err e = q_acuses_activacion_all(env->store, &in, 20, env->arena, &rows, &count);

	if (e != OK)
		return e;
	m->papeles = arena_array(env->arena, count, sizeof(*m->papeles));
	if (m->papeles == NULL)
		return ERR_NO_MEMORY;
	for (size_t i = 0; i < count; i++)
		m->papeles[i] = (struct m_papel){
			.tipo = rows[i].tipo, .fecha = rows[i].elaborado, .folio = rows[i].folio};
	m->papeles_count = count;
	return OK;
}
