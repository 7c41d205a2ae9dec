#include "screens/publicacion.h"

#include <stdio.h>
#include "base/texto.h"
#include "screens/parrafos.h"

#define ROW_BYTES ((size_t)512 << 10) /* a row with its text, decoded */

struct vista_publicacion {
	char folio[MODEL_FOLIO];
	const char *status;
};

static enum err find(
	struct vista_publicacion *s, struct model *m, struct arena *a, struct publicacion *ret)
{
	return cartelera_find(&m->comunicados, a, s->folio, ret);
}

static struct effect open(
	void *state, struct model *m, const struct effect *from, const struct event *e)
{
	struct vista_publicacion *s = state;
	ARENA(a, ROW_BYTES);
	struct publicacion row;

	(void)e;
	(void)snprintf(s->folio, sizeof(s->folio), "%s", from->folio);
	if (find(s, m, &a, &row) != OK || row.leida)
		return effect_of(EFFECT_NONE);
	return effect_to(EFFECT_SEEN, SCREEN_publicacion, s->folio);
}

static struct effect file(struct vista_publicacion *s, struct model *m)
{
	ARENA(a, ROW_BYTES);
	struct publicacion row;

	if (find(s, m, &a, &row) == OK && row.m.sha256 != NULL)
		return effect_to(EFFECT_OPEN, SCREEN_documento, s->folio);
	s->status = _("No tiene archivo: arriba está todo lo que dice.");
	return effect_of(EFFECT_NONE);
}

static struct effect act(void *state, struct model *m, const struct event *e)
{
	struct vista_publicacion *s = state;
	struct effect copy = effect_of(EFFECT_COPY);

	if (e->kind != EVENT_ACTION)
		return effect_of(EFFECT_NONE);
	s->status = NULL;
	switch (e->action) {
	case ACTION_file:
		return file(s, m);
	case ACTION_copy:
		copy.text = s->folio;
		return copy;
	case ACTION_refresh:
		return effect_of(EFFECT_SYNC);
	case ACTION_lock:
		return effect_of(EFFECT_LOCK);
	case ACTION_back:
		return effect_of(EFFECT_BACK);
	default:
		return effect_of(EFFECT_NONE);
	}
}

static void header(struct parrafos *p, const struct m_publicacion *m)
{
	parrafos_add(p, PAGE_HEADING, "%s", m->titulo);
	parrafos_pair(p, _("Tipo"), "%s", m->tipo);
	parrafos_pair(p, _("Publicado"), "%s", parrafos_hora(p, m->publicada));
	if (m->funcionario != NULL)
		parrafos_pair(p, _("Lo publicó"), "%s", m->funcionario);
	parrafos_pair(p, _("Para"), "%s",
		m->todos	? _("todos los particulares")
		: m->rp != NULL ? parrafos_printf(p, _("tu Registro Patronal %s"), m->rp)
				: _("este RFC"));
	parrafos_pair(p, _("Folio"), "%s", m->folio);
}

static void body(struct parrafos *p, const struct m_publicacion *m)
{
	if (m->texto != NULL) {
		parrafos_blank(p);
		parrafos_add(p, PAGE_NORMAL, "%s", m->texto);
	}
	if (m->sha256 == NULL)
		return;
	parrafos_blank(p);
	parrafos_pair(p, _("Archivo"),
		_("PDF de %lld KB; Enter lo trae, comprueba su firma y lo muestra"),
		(long long)((m->bytes + 1023) / 1024));
	parrafos_pair(p, "SHA-256", "%s", m->sha256);
}

static enum err page(void *state, struct model *m, struct arena *a, int64_t now, struct page *ret)
{
	struct vista_publicacion *s = state;
	struct publicacion row;
	struct parrafos p;

	(void)now;
	parrafos_init(&p, a);
	ret->title = _("Publicación");
	ret->status = s->status;
	if (find(s, m, a, &row) != OK) {
		parrafos_add(&p, PAGE_WARNING, "%s", err_sentence(ERR_NOT_FOUND));
		ret->mute[0] = "archivo";
		return parrafos_text(&p, ret);
	}
	ret->title = cartelera_clase(row.m.clase) == CARTELERA_DOCUMENTOS ? _("Documento publicado")
									  : _("Comunicado");
	if (row.m.sha256 == NULL)
		ret->mute[0] = "archivo";
	header(&p, &row.m);
	body(&p, &row.m);
	return parrafos_text(&p, ret);
}

const struct view view_publicacion = {
	.screen = SCREEN_publicacion,
	.size = sizeof(struct vista_publicacion),
	.open = open,
	.act = act,
	.page = page,
};
