/*
 * Mis comunicados and Mis documentos (L-8, R-5, R-4.1): one list, shown twice. The state is the
 * screen's; its functions are those of struct view.
 */
#ifndef SCREENS_PUBLICACIONES_H
#define SCREENS_PUBLICACIONES_H

#include "screens/marcas.h"
#include "screens/view.h"

struct publicaciones {
	enum cartelera_clase clase;
	char folio[MODEL_FOLIO]; /* under the cursor; "": the first */
	size_t index;		 /* where it stood last */
	char search[128];
	bool filtering; /* what the prompt that is open asks for; else it searches */
	struct marcas marcas;
	struct arena bulk; /* of the effect's folios */
	char status[200];
};

struct effect publicaciones_open(
	struct publicaciones *s, struct model *m, enum cartelera_clase clase);
struct effect publicaciones_act(void *state, struct model *m, const struct event *e);
enum err publicaciones_page(
	void *state, struct model *m, struct arena *a, int64_t now, struct page *ret) MUST_CHECK;
void publicaciones_close(void *state);

#endif
