#include "screens/razones.h"

#include <stdio.h>
#include "base/texto.h"
#include "screens/expediente.h"

struct razones {
	char folio[MODEL_FOLIO];
};

static struct effect open(
	void *state, struct model *m, const struct effect *from, const struct event *e)
{
	struct razones *s = state;

	(void)m;
	(void)e;
	(void)snprintf(s->folio, sizeof(s->folio), "%s", from->folio);
	return effect_of(EFFECT_NONE);
}

static struct effect act(void *state, struct model *m, const struct event *e)
{
	(void)state;
	(void)m;
	if (e->kind != EVENT_ACTION)
		return effect_of(EFFECT_NONE);
	switch (e->action) {
	/* The key that opened it closes it: nobody signs what they don't see. */
	case ACTION_reasons:
	case ACTION_back:
		return effect_of(EFFECT_BACK);
	case ACTION_refresh:
		return effect_of(EFFECT_SYNC);
	default:
		return effect_of(EFFECT_NONE);
	}
}

static void steps(struct parrafos *p, const struct calendario *c, const struct zona *domicilio,
	const struct efectos *e, int64_t opened)
{
	struct derivacion d = {.arena = p->arena};
	struct derivacion_linea *lines = NULL;
	size_t count = 0;
	enum err err = efectos_derivar(c, domicilio, e, opened, &d);
	enum err text = derivacion_texto(p->arena, &d, domicilio, &lines, &count);

	p->failed = p->failed || text != OK || err == ERR_NO_MEMORY;
	for (size_t i = 0; text == OK && i < count; i++)
		if (lines[i].nivel == 0)
			parrafos_add(p, PAGE_NORMAL, "%s", lines[i].texto);
		else
			parrafos_add(p, PAGE_MUTED, "    %s", lines[i].texto);
	/* What could be counted stands there; from where the calendar ends nothing is guessed. */
	if (err == ERR_HORIZON)
		parrafos_add(p, PAGE_WARNING, "%s", err_sentence(ERR_HORIZON));
}

void razones_parrafos(struct parrafos *p, const struct calendario *c, const struct zona *domicilio,
	const struct efectos *e, int64_t now)
{
	if (e->estado == EFECTOS_RETIRADA) {
		parrafos_add(p, PAGE_NORMAL, "%s", err_sentence(ERR_WITHDRAWN));
		return;
	}
	if (e->estado == EFECTOS_CAMBIA) {
		parrafos_add(p, PAGE_HEADING, _("Si la abres ahora"));
		steps(p, c, domicilio, e, now);
		parrafos_blank(p);
	}
	parrafos_add(p, PAGE_HEADING, "%s",
		e->estado == EFECTOS_NOTIFICADA ? _("Cómo se contó") : _("Si no la abres"));
	steps(p, c, domicilio, e, e->abierta);
}

static enum err page(void *state, struct model *m, struct arena *a, int64_t now, struct page *ret)
{
	struct razones *s = state;
	struct calendario c;
	struct efectos e;
	struct fila row;
	struct parrafos p;
	enum err err = tabla_find(&m->tabla, a, s->folio, &row);

	parrafos_init(&p, a);
	ret->title = _("Por qué esas fechas");
	if (err != OK) {
		parrafos_add(&p, PAGE_WARNING, "%s",
			err_sentence(m->tabla.err != OK ? m->tabla.err : ERR_NOT_FOUND));
		return parrafos_text(&p, ret);
	}
	parrafos_pair(&p, _("Folio"), "%s", row.m.folio);
	parrafos_pair(&p, _("Documento"), "%s", row.m.documento);
	expediente_cambio(&p, m, &row.m);
	err = model_calendario_de(m, a, &row.m, &c);
	if (err == OK)
		err = efectos_de(a, m, &row, now, &e);
	if (err != OK) {
		parrafos_add(&p, PAGE_WARNING, "%s", err_sentence(err));
		return err == ERR_NO_MEMORY ? err : parrafos_text(&p, ret);
	}
	parrafos_blank(&p);
	razones_parrafos(&p, &c, model_domicilio(m), &e, now);
	parrafos_blank(&p);
	expediente_calendario(&p, m, &e);
	return parrafos_text(&p, ret);
}

const struct view view_razones = {
	.screen = SCREEN_razones,
	.size = sizeof(struct razones),
	.open = open,
	.act = act,
	.page = page,
};
