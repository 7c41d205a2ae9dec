#include "screens/vistas.h"

#include <string.h>

#define OF_SUBDELEGACION "subdelegacion:"

struct vista {
	const char *subdelegacion; /* NULL: of those that have no days of their own */
	struct calendario c;
	struct vista *next;
};

void vistas_init(struct vistas *v, struct arena *a, const struct calendario *c, const char *estado)
{
	*v = (struct vistas){.arena = a, .c = c, .estado = estado};
}

/* Most have none: one view serves all of those. */
static bool has_days(const struct calendario *c, const char *subdelegacion)
{
	const size_t size = strlen(OF_SUBDELEGACION);

	for (size_t i = 0; subdelegacion != NULL && i < c->count; i++) {
		const char *ambito = c->rows[i].ambito;

		if (ambito != NULL && strncmp(ambito, OF_SUBDELEGACION, size) == 0 &&
			strcmp(ambito + size, subdelegacion) == 0)
			return true;
	}
	return false;
}

static bool same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

enum err vistas_de(struct vistas *v, const char *subdelegacion, const struct calendario **ret)
{
	struct vista *made;

	if (v->c == NULL) {
		*ret = NULL;
		return OK;
	}
	const char *of = has_days(v->c, subdelegacion) ? subdelegacion : NULL;

	for (made = v->first; made != NULL && !same(made->subdelegacion, of);)
		made = made->next;
	if (made == NULL) {
		made = arena_zalloc(v->arena, sizeof(*made));
		if (made == NULL)
			return ERR_NO_MEMORY;
		made->subdelegacion = of != NULL ? arena_strdup(v->arena, of) : NULL;
		if (of != NULL && made->subdelegacion == NULL)
			return ERR_NO_MEMORY;
		enum err err = calendario_para(v->arena, v->c, v->estado, of, &made->c);

		if (err != OK)
			return err;
		made->next = v->first;
		v->first = made;
	}
	*ret = &made->c;
	return OK;
}
