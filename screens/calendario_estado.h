/*
 * What the two sources of Calendario share: its state, what is done (calendario.c) and how it is
 * shown (calendario_pagina.c).
 */
#ifndef SCREENS_CALENDARIO_ESTADO_H
#define SCREENS_CALENDARIO_ESTADO_H

#include "screens/citas.h"
#include "screens/view.h"

struct vista_calendario {
	bool agenda;
	bool todos;
	bool porque;
	int32_t dia;	    /* under the cursor in the month; where the agenda begins */
	size_t index;	    /* the agenda's row under the cursor */
	char fila[96];	    /* which that is; "": the first */
	struct arena arena; /* of what was gathered, and of the file */
	struct citas citas;
	int32_t desde; /* hasta 0: nothing was gathered */
	int32_t hasta;
	uint64_t firma; /* of the copies it was gathered from */
	struct citas_de *de;
	size_t de_count;
	char status[200];
};

/* What is shown, gathered again only where it may be another. ERR_NO_MEMORY. */
enum err calendario_reunir(struct vista_calendario *s, struct model *m) MUST_CHECK;
/* The agenda's row under the cursor; NULL: it is empty. */
size_t calendario_cursor(struct vista_calendario *s);
const struct cita *calendario_actual(struct vista_calendario *s);
/* Of struct view. */
enum err calendario_pagina(
	void *state, struct model *m, struct arena *a, int64_t now, struct page *ret) MUST_CHECK;

#endif
