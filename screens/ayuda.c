#include "screens/ayuda.h"

#include "screens/parrafos.h"
#include "screens/teclas.h"

struct ayuda {
	enum screen of;
};

static struct effect open(
	void *state, struct model *m, const struct effect *from, const struct event *e)
{
	(void)m;
	(void)e;
	((struct ayuda *)state)->of = from->of;
	return effect_of(EFFECT_NONE);
}

static struct effect act(void *state, struct model *m, const struct event *e)
{
	(void)state;
	(void)m;
	return effect_of(
		e->kind == EVENT_ACTION && e->action == ACTION_back ? EFFECT_BACK : EFFECT_NONE);
}

static void menu(struct parrafos *p)
{
	parrafos_blank(p);
	parrafos_add(p, PAGE_HEADING, "Menús");
	for (unsigned i = 0; i < SCREEN_COUNT; i++) {
		const struct screen_row *row = screen_row((enum screen)i);

		if (row->key[0] != '\0')
			parrafos_pair(p, row->key, "%s", row->name);
	}
}

static void movement(struct parrafos *p)
{
	parrafos_blank(p);
	parrafos_add(p, PAGE_HEADING, "Moverse");
	parrafos_pair(p, "Flechas, j k", "un renglón");
	parrafos_pair(p, "RePág AvPág", "una página");
	parrafos_pair(p, "Inicio Fin, g G", "al principio, al final");
	parrafos_pair(p, "Tab", "en formularios, el campo o botón siguiente; completa rutas");
}

static enum err page(void *state, struct model *m, struct arena *a, int64_t now, struct page *ret)
{
	const struct ayuda *s = state;
	struct parrafos p;

	(void)m;
	(void)now;
	parrafos_init(&p, a);
	parrafos_add(&p, PAGE_HEADING, "Teclas en %s", screen_row(s->of)->name);
	for (unsigned i = 0; i < ACTION_COUNT; i++) {
		const struct action_row *row = action_row((enum action)i);

		if ((row->where & 1u << s->of) != 0)
			parrafos_pair(&p, teclas_of((enum action)i), "%s", row->help);
	}
	movement(&p);
	menu(&p);
	parrafos_blank(&p);
	parrafos_add(&p, PAGE_NORMAL,
		"Mirar una notificación no la abre: abrirla siempre pide tu "
		"e.firma y antes dice qué fecha tendría.");
	ret->title = "Ayuda";
	return parrafos_text(&p, ret);
}

const struct view view_ayuda = {
	.screen = SCREEN_ayuda,
	.size = sizeof(struct ayuda),
	.open = open,
	.act = act,
	.page = page,
};
