/*
 * Budgets that servers share (core/budget.h): a bucket that is full again says nothing.
 */
#include "core/tarea.h"

/* A bucket fills in a minute; twice that, for clocks that differ. */
#define LLENO_MS 120000
#define CADA_MS 3600000

enum err tarea_presupuesto(struct tarea *t)
{
	struct in_presupuesto_olvidar in = {.antes = t->env.now - LLENO_MS};

	t->otra = t->env.now + CADA_MS;
	return q_presupuesto_olvidar(t->env.store, &in, t->env.arena, NULL);
}

enum err tarea_presupuesto_siembra(struct tarea *t)
{
	return tarea_asegurar(
		t->env.store, t->env.news, TAREA_presupuesto, "todos", t->env.now + CADA_MS);
}
