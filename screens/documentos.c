#include "screens/documentos.h"

#include "screens/publicaciones.h"

static struct effect open(
	void *state, struct model *m, const struct effect *from, const struct event *e)
{
	(void)from;
	(void)e;
	return publicaciones_open(state, m, CARTELERA_DOCUMENTOS);
}

const struct view view_documentos = {
	.screen = SCREEN_documentos,
	.size = sizeof(struct publicaciones),
	.open = open,
	.act = publicaciones_act,
	.page = publicaciones_page,
	.close = publicaciones_close,
};
