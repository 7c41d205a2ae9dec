#include "screens/acceso.h"

#include "base/texto.h"
#include "screens/efirma_form.h"
#include "screens/parrafos.h"

struct acceso {
	struct efirma_form form;
	bool entering; /* the e.firma is open; the server is being asked */
};

static struct effect open(
	void *state, struct model *m, const struct effect *from, const struct event *e)
{
	struct acceso *s = state;

	(void)from;
	(void)e;
	efirma_form_open(&s->form, m);
	return effect_of(EFFECT_NONE);
}

/* What was kept from the last time is shown at once; the client enters by itself meanwhile. */
static struct effect unlocked(struct acceso *s, const struct model *m, const struct event *e)
{
	if (e->err != OK) {
		efirma_form_fault(&s->form, e->err, e->key);
		return effect_of(EFFECT_NONE);
	}
	if (m->entrado)
		return effect_to(EFFECT_REPLACE, SCREEN_inicio, NULL);
	/* Also where the form did not ask: Esc cancels. */
	s->form.busy = true;
	s->entering = true;
	return effect_of(EFFECT_ENTER);
}

/* Where Esc leads: to the profile that was in front before this one, if that can be seen. */
static bool goes_back(const struct model *m)
{
	const struct mundo *w = m->mundo;

	return w != NULL && w->anterior < w->count && !mundo_locked(&w->perfiles[w->anterior]);
}

/* What is under way is given up first; only then does Esc leave. */
static struct effect leave(struct acceso *s, const struct model *m)
{
	struct effect before = effect_of(EFFECT_PERFIL);

	if (!s->form.busy && goes_back(m)) {
		before.perfil = m->mundo->anterior;
		return before;
	}
	if (!s->form.busy)
		return effect_of(EFFECT_QUIT);
	s->entering = false;
	efirma_form_fault(&s->form, ERR_CANCELLED, NULL);
	return effect_of(EFFECT_CANCEL);
}

/* The help covered the form: what was under way is not waited for any more. */
static struct effect resumed(struct acceso *s, const struct model *m)
{
	bool entered = s->entering && m->entrado;

	if (s->form.busy)
		efirma_form_fault(&s->form, OK, NULL);
	s->entering = false;
	return entered ? effect_to(EFFECT_REPLACE, SCREEN_inicio, NULL) : effect_of(EFFECT_NONE);
}

static struct effect act(void *state, struct model *m, const struct event *e)
{
	struct acceso *s = state;

	if (e->kind == EVENT_RESUMED)
		return resumed(s, m);
	/* It entered by itself: another profile's e.firma is this one's too. */
	if (e->kind == EVENT_CHANGED_MODEL && m->entrado && m->firma.abierta)
		return effect_to(EFFECT_REPLACE, SCREEN_inicio, NULL);
	if (e->kind == EVENT_UNLOCKING)
		s->form.busy = true;
	if (e->kind == EVENT_UNLOCKED)
		return unlocked(s, m, e);
	if ((e->kind == EVENT_ACTION && e->action == ACTION_back) ||
		(e->kind == EVENT_PRESSED && strcmp(e->key, "regresar") == 0))
		return leave(s, m);
	return efirma_form_act(&s->form, e);
}

static struct effect arrived(void *state, struct model *m, enum route route, enum err err,
	bool pending, const struct event *e)
{
	struct acceso *s = state;

	(void)m;
	(void)route;
	(void)pending;
	(void)e;
	s->entering = false;
	efirma_form_fault(&s->form, err, NULL);
	return err == OK ? effect_to(EFFECT_REPLACE, SCREEN_inicio, NULL) : effect_of(EFFECT_NONE);
}

static enum err page(void *state, struct model *m, struct arena *a, int64_t now, struct page *ret)
{
	const struct acceso *s = state;
	struct parrafos p;
	bool above = s->form.err != OK && s->form.campo == NULL;

	(void)now;
	parrafos_init(&p, a);
	parrafos_add(&p, PAGE_NORMAL,
		_("Entra con tu e.firma. La llave privada no sale de este equipo."));
	if (above)
		parrafos_add(&p, PAGE_WARNING, "%s", err_sentence(s->form.err));
	if (p.failed)
		return ERR_NO_MEMORY;
	ret->title = _("Validación FIEL");
	ret->form.above = p.rows;
	ret->form.above_count = p.count;
	/* Once the line itself has something to tell, it does. */
	if (s->entering && m->linea.fase == FASE_NADA)
		ret->status = _("La validación de la FIEL fue exitosa. Entrando… (Esc cancela)");
	else if (s->form.busy && !s->entering)
		ret->status = _("Abriendo la e.firma… (Esc cancela)");
	return efirma_form_page(
		&s->form, m, a, false, goes_back(m) ? _("Regresar") : _("Salir"), ret);
}

const struct view view_acceso = {
	.screen = SCREEN_acceso,
	.size = sizeof(struct acceso),
	.open = open,
	.act = act,
	.arrived = arrived,
	.page = page,
};
