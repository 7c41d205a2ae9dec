#include "screens/bloqueo.h"

#include "base/texto.h"
#include "screens/efirma_form.h"
#include "screens/parrafos.h"

struct bloqueo {
	struct efirma_form form;
};

static struct effect open(
	void *state, struct model *m, const struct effect *from, const struct event *e)
{
	struct bloqueo *s = state;

	(void)from;
	(void)e;
	efirma_form_open(&s->form, m);
	return effect_of(EFFECT_NONE);
}

static struct effect act(void *state, struct model *m, const struct event *e)
{
	struct bloqueo *s = state;

	(void)m;
	if (e->kind == EVENT_UNLOCKED && e->err == OK)
		return effect_of(EFFECT_BACK);
	if (e->kind == EVENT_UNLOCKED)
		efirma_form_fault(&s->form, e->err, e->key);
	else if (e->kind == EVENT_PRESSED && strcmp(e->key, "regresar") == 0)
		return effect_of(EFFECT_QUIT);
	else if (e->kind == EVENT_ACTION && e->action == ACTION_back && s->form.busy) {
		efirma_form_fault(&s->form, ERR_CANCELLED, NULL);
		return effect_of(EFFECT_CANCEL);
	}
	return efirma_form_act(&s->form, e);
}

/* Only the password is asked for: neither the RFC nor the paths tell whose mail this is. */
static enum err page(void *state, struct model *m, struct arena *a, int64_t now, struct page *ret)
{
	const struct bloqueo *s = state;
	struct parrafos p;

	(void)now;
	parrafos_init(&p, a);
	parrafos_add(&p, PAGE_NORMAL,
		_("Bloqueado: la e.firma se olvidó. Escribe la contraseña para seguir donde "
		  "estabas."));
	if (s->form.err != OK && s->form.campo != NULL &&
		strcmp(s->form.campo, EFIRMA_FORM_SECRET) != 0)
		parrafos_add(&p, PAGE_WARNING, "%s", err_sentence(s->form.err));
	if (p.failed)
		return ERR_NO_MEMORY;
	enum err err = efirma_form_page(&s->form, m, a, true, _("Salir"), ret);

	if (err != OK)
		return err;
	ret->title = _("Bloqueado");
	ret->status = s->form.busy ? _("Abriendo la e.firma… (Esc cancela)") : _("Bloqueado");
	ret->form.above = p.rows;
	ret->form.above_count = p.count;
	ret->form.fields += 3;
	ret->form.count -= 3;
	return OK;
}

const struct view view_bloqueo = {
	.screen = SCREEN_bloqueo,
	.size = sizeof(struct bloqueo),
	.open = open,
	.act = act,
	.page = page,
};
