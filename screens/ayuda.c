#include "screens/ayuda.h"

#include <string.h>
#include "base/texto.h"
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

static bool known(enum action a, enum screen s)
{
	return (action_row(a)->where & 1u << s) != 0;
}

/* On more than half of the screens: not what this one is for. */
static bool is_general(enum action a)
{
	unsigned n = 0;

	for (unsigned s = 0; s < SCREEN_COUNT; s++)
		n += known(a, (enum screen)s);
	return n > SCREEN_COUNT / 2;
}

static void keys(struct parrafos *p, enum screen of, bool general)
{
	for (unsigned i = 0; i < ACTION_COUNT; i++) {
		const char *in_use = teclas_of((enum action)i);

		if (known((enum action)i, of) && is_general((enum action)i) == general &&
			in_use[0] != '\0')
			parrafos_pair(p, in_use, "%s", texto(action_row((enum action)i)->help));
	}
}

static void movement(struct parrafos *p)
{
	parrafos_blank(p);
	parrafos_add(p, PAGE_HEADING, _("Moverse"));
	parrafos_pair(p, _("Flechas, j k"), _("un renglón"));
	parrafos_pair(p, _("RePág AvPág"), _("una página; en textos, también Espacio"));
	parrafos_pair(p, _("Ctrl-U Ctrl-D"), _("media página"));
	parrafos_pair(p, _("Inicio Fin, g G"), _("al principio, al final"));
}

static void forms(struct parrafos *p)
{
	parrafos_blank(p);
	parrafos_add(p, PAGE_HEADING, _("Donde se escribe"));
	parrafos_pair(p, _("Tab, Enter"), _("el campo o botón siguiente; Mayús-Tab, el anterior"));
	parrafos_pair(p, _("Tab en una ruta"), _("la completa; otra vez, la siguiente posible"));
	parrafos_pair(p, _("Espacio, flechas"), _("cambian una opción"));
	parrafos_pair(p, _("Ctrl-A Ctrl-E"), _("al principio, al final de lo escrito"));
	parrafos_pair(
		p, _("Ctrl-U Ctrl-K Ctrl-W"), _("borran lo de antes, lo de después, una palabra"));
}

/* What stands behind a day of the month (mes.h), for there is no room beside it. */
static void signs(struct parrafos *p)
{
	parrafos_blank(p);
	parrafos_add(p, PAGE_HEADING, _("Signos del mes"));
	parrafos_pair(p, "*", _("vence algo de una notificación: abrirla o responderla"));
	parrafos_pair(p, "+", _("vence una obligación del mes"));
	parrafos_pair(p, "x", _("día inhábil, además de sábados y domingos"));
	parrafos_pair(p, "[ ]", _("el día señalado; abajo se dice qué hay en él"));
}

static void menus(struct parrafos *p, bool habilitado)
{
	parrafos_blank(p);
	parrafos_add(p, PAGE_HEADING, _("Menús"));
	for (unsigned i = 0; i < SCREEN_COUNT; i++) {
		const struct screen_row *row = screen_row((enum screen)i);

		if (row->key[0] != '\0')
			parrafos_pair(p, row->key, "%s%s", texto(row->name),
				screen_abierta((enum screen)i, habilitado)
					? ""
					: _(" (con el Buzón habilitado)"));
	}
}

/* "por abrir, con plazo": choices as one writes them in a sentence. */
static const char *choices_text(struct parrafos *p, const char *choices)
{
	const char *text = "";

	for (; *choices != '\0'; choices += choices[0] == '|' ? 1 : 0) {
		int size = (int)strcspn(choices, "|");

		text = parrafos_printf(
			p, "%s%s%.*s", text, text[0] != '\0' ? ", " : "", size, choices);
		choices += size;
	}
	return text;
}

/* ":filtrar FILTRO": what its key does, or what it does where it has none, and the choices. */
static void command(struct parrafos *p, enum action a)
{
	const struct action_row *row = action_row(a);
	const struct argument_row *argument = argument_row(row->argument);
	const char *in_use = teclas_of(a);
	const char *choices = choices_text(p, argument->choices);

	parrafos_pair(p,
		parrafos_printf(p, ":%s%s%s", row->command, argument->word[0] != '\0' ? " " : "",
			argument->word),
		"%s%s%s%s", in_use[0] != '\0' ? _("como ") : texto(row->help), in_use,
		choices[0] != '\0' ? _("; admite ") : "", choices);
}

/* Where `:` is known. */
static void commands(struct parrafos *p, enum screen of)
{
	if (!known(ACTION_command, of))
		return;
	parrafos_blank(p);
	parrafos_add(p, PAGE_HEADING, _("Comandos"));
	parrafos_add(p, PAGE_NORMAL,
		_("Con %s se escribe un comando: basta el principio. Tab lo completa; las flechas "
		  "traen los de antes. También el nombre de un menú."),
		teclas_of(ACTION_command));
	for (unsigned i = 0; i < ACTION_COUNT; i++)
		if (known((enum action)i, of) && i != ACTION_command)
			command(p, (enum action)i);
}

static enum err page(void *state, struct model *m, struct arena *a, int64_t now, struct page *ret)
{
	const struct ayuda *s = state;
	struct parrafos p;

	(void)now;
	parrafos_init(&p, a);
	parrafos_add(&p, PAGE_HEADING, _("Teclas en %s"), texto(screen_row(s->of)->name));
	keys(&p, s->of, false);
	if (s->of == SCREEN_calendario)
		signs(&p);
	parrafos_blank(&p);
	parrafos_add(&p, PAGE_HEADING, _("Teclas de casi todas las pantallas"));
	keys(&p, s->of, true);
	movement(&p);
	forms(&p);
	commands(&p, s->of);
	menus(&p, model_habilitado(m));
	parrafos_blank(&p);
	parrafos_add(&p, PAGE_NORMAL,
		_("Mirar una notificación no la abre: abrirla siempre pide tu "
		  "e.firma y antes dice qué fecha tendría."));
	ret->title = _("Ayuda");
	return parrafos_text(&p, ret);
}

const struct view view_ayuda = {
	.screen = SCREEN_ayuda,
	.size = sizeof(struct ayuda),
	.open = open,
	.act = act,
	.page = page,
};
