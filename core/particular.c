#include "core/particular.h"

#include "ley/plazo_activar.h"

enum err particular_read(struct env *env, const char *nombre)
{
	struct in_particular in = {.rfc = env->titular};
	struct out_particular row = {0};
	enum err e = q_particular(env->store, &in, env->arena, &row);

	if (e != OK && e != ERR_NOT_FOUND)
		return e;
	env->registrado = e == OK;
	env->titular_nombre = e == OK ? row.nombre : nombre;
	env->zona = e == OK ? row.zona : ZONA_CENTRO;
	env->habilitado = row.habilitado;
	env->inscrito = row.inscrito;
	env->padron = row.padron != 0;
	env->estado = row.estado;
	env->cuenta = row.cuenta;
	return OK;
}

enum err particular_plazo(struct env *env, int64_t inscrito, int64_t *ret)
{
	struct calendario there;
	enum err e = calendario_para(env->arena, env->calendario, env->estado, NULL, &there);

	*ret = e == OK ? plazo_activar(&there, inscrito) : 0;
	return e;
}
