/*
 * Files that were uploaded and that nobody used are forgotten (core/subidas.h): one job for all,
 * some at a time, so that thousands that end together hold nobody up.
 */
#include "core/subidas.h"
#include "core/tarea.h"

#define CADA_MS 3600000
/* As many as one look finds (queries.def). */
#define MUCHAS 100

static enum err forget(struct tarea *t, const struct out_subidas_vencidas *u)
{
	struct env *env = &t->env;
	struct in_subida_olvidar in = {.direccion = u->direccion, .ahora = env->now};
	struct in_subida_partes_quitar parts = {.direccion = u->direccion};
	struct in_subida_cuota_sumar less = {.dueno = u->dueno, .archivos = -1};
	struct out_subida_olvidar row;
	enum err e = q_subida_olvidar(env->store, &in, env->arena, &row);

	if (e != OK)
		return e == ERR_NOT_FOUND ? OK : e;
	less.bytes = -row.bytes;
	e = q_subida_partes_quitar(env->store, &parts, env->arena, NULL);
	return e == OK ? q_subida_cuota_sumar(env->store, &less, env->arena, NULL) : e;
}

enum err tarea_subida(struct tarea *t)
{
	struct env *env = &t->env;
	struct in_subidas_vencidas in = {.ahora = env->now};
	struct out_subidas_vencidas *rows;
	size_t count;
	enum err e = q_subidas_vencidas_all(env->store, &in, MUCHAS, env->arena, &rows, &count);

	for (size_t i = 0; e == OK && i < count; i++)
		e = forget(t, &rows[i]);
	if (e == OK)
		t->otra = env->now + (count == MUCHAS ? 0 : CADA_MS);
	return e;
}

enum err tarea_subida_siembra(struct tarea *t)
{
	return tarea_asegurar(
		t->env.store, t->env.news, TAREA_subida, "todas", t->env.now + CADA_MS);
}
