/*
 * The published calendar as each row is counted on: the días inhábiles of everywhere, of the
 * domicile's state and of the row's subdelegación (calendario_para). A view is made once.
 */
#ifndef SCREENS_VISTAS_H
#define SCREENS_VISTAS_H

#include "ley/calendario.h"

struct vista;

struct vistas {
	struct arena *arena;
	const struct calendario *c; /* as published; NULL: none is known */
	const char *estado;	    /* three letters; NULL: not known */
	struct vista *first;
};

/* Borrows all three. `c` may be NULL. */
void vistas_init(struct vistas *v, struct arena *a, const struct calendario *c, const char *estado);
/* *ret is NULL where there is no calendar. ERR_NO_MEMORY. */
enum err vistas_de(
	struct vistas *v, const char *subdelegacion, const struct calendario **ret) MUST_CHECK;

#endif
