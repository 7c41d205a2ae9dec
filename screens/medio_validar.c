#include "screens/medio_validar.h"

#include <stdio.h>
#include "base/texto.h"
#include "screens/contacto.h"
#include "screens/medio_acciones.h"
#include "screens/parrafos.h"

#define FIELDS 4

struct medio_validar {
	char folio[MODEL_FOLIO];
	char codigo[CONTACTO_CODIGO + 1];
	bool short_code; /* what was typed are not five digits */
	bool signing;	 /* the dialogue was opened: what came of it is in the model */
	enum err err;	 /* of the last code that was signed */
	struct medio_acciones acciones;
};

static struct effect open(
	void *state, struct model *m, const struct effect *from, const struct event *e)
{
	struct medio_validar *s = state;

	(void)m;
	(void)e;
	(void)snprintf(s->folio, sizeof(s->folio), "%s", from->folio);
	return effect_of(EFFECT_NONE);
}

static bool pending(const struct m_medio *x, int64_t now)
{
	return x != NULL && contacto_estado(x, now) == CONTACTO_EN_PROCESO;
}

/* Why the last code was not taken, as the outbox keeps it. */
static enum err refused(const struct medio_validar *s, const struct model *m)
{
	const struct model_acto *last = model_rechazo(m, ROUTE_ID_medio_validar, s->folio, 0);

	return last != NULL ? last->err : OK;
}

static struct effect validar(struct medio_validar *s, const struct model *m, int64_t now)
{
	struct effect effect = effect_to(EFFECT_OPEN, SCREEN_firmar, NULL);

	s->err = OK;
	s->short_code = strspn(s->codigo, "0123456789") != CONTACTO_CODIGO;
	if (s->short_code || !pending(model_medio(m, s->folio), now))
		return effect_of(EFFECT_NONE);
	if (model_acto(m, ROUTE_ID_medio_validar, s->folio) != NULL) {
		(void)snprintf(s->acciones.status, sizeof(s->acciones.status), "%s",
			_("Ya está firmado y por enviar: no se firma dos veces."));
		return effect_of(EFFECT_NONE);
	}
	s->acciones.acto = (struct acto){.route = ROUTE_ID_medio_validar};
	memcpy(s->acciones.acto.folio, s->folio, sizeof(s->folio));
	memcpy(s->acciones.acto.codigo, s->codigo, sizeof(s->codigo));
	s->signing = true;
	effect.acto = &s->acciones.acto;
	return effect;
}

/* Resending, and the acuse of what was validated meanwhile. */
static struct effect other(
	struct medio_validar *s, struct model *m, const struct event *e, enum action action)
{
	const struct event event = {.kind = EVENT_ACTION, .now = e->now, .action = action};
	struct effect effect = effect_of(EFFECT_NONE);

	s->err = OK;
	(void)medio_acciones_do(&s->acciones, m, model_medio(m, s->folio), &event, &effect);
	return effect;
}

static struct effect pressed(struct medio_validar *s, struct model *m, const struct event *e)
{
	if (strcmp(e->key, "validar") == 0)
		return validar(s, m, e->now);
	if (strcmp(e->key, "reenviar") == 0)
		return other(s, m, e, ACTION_medium_resend);
	if (strcmp(e->key, "acuse") == 0)
		return other(s, m, e, ACTION_receipt_valid);
	return effect_of(EFFECT_BACK);
}

static struct effect act(void *state, struct model *m, const struct event *e)
{
	struct medio_validar *s = state;

	if (e->kind != EVENT_CHANGED_MODEL)
		s->acciones.status[0] = '\0';
	switch (e->kind) {
	case EVENT_CHANGED:
		(void)snprintf(
			s->codigo, sizeof(s->codigo), "%s", e->value != NULL ? e->value : "");
		s->short_code = false;
		s->err = OK;
		break;
	case EVENT_LEFT:
		s->short_code = strcmp(e->key, "codigo") == 0 && s->codigo[0] != '\0' &&
				strspn(s->codigo, "0123456789") != CONTACTO_CODIGO;
		break;
	case EVENT_PRESSED:
		return pressed(s, m, e);
	case EVENT_RESUMED:
		if (s->signing)
			s->err = refused(s, m);
		s->signing = false;
		break;
	case EVENT_ACTION:
		return effect_of(e->action == ACTION_back ? EFFECT_BACK : EFFECT_NONE);
	default:
		break;
	}
	return effect_of(EFFECT_NONE);
}

/* ---- the page ---- */

static void above(struct parrafos *p, const struct model *m, const struct m_medio *x, int64_t now,
	int64_t *ret_until)
{
	bool correo = strcmp(x->mecanismo, CONTACTO_CORREO) == 0;

	if (correo)
		parrafos_add(p, PAGE_NORMAL,
			_("Escribe el código de cinco dígitos que viene en el correo. Seguir el enlace del "
			  "correo hace lo mismo: entonces esta pantalla lo dice sola."));
	else
		parrafos_add(p, PAGE_NORMAL,
			_("Escribe el código de cinco dígitos que viene en el SMS."));
	/* What is nearest to the field is what a small screen shows. */
	contacto_aviso(p, x);
	contacto_plazo(p, m, x, now, ret_until);
	parrafos_pair(p, _("Se envió a"), "%s", x->medio);
}

static enum err form(struct medio_validar *s, struct parrafos *p, struct page *ret)
{
	struct page_field *f = arena_array(p->arena, FIELDS, sizeof(*f));

	if (f == NULL || p->failed)
		return ERR_NO_MEMORY;
	f[0] = (struct page_field){.kind = PAGE_FIELD_TEXT,
		.key = "codigo",
		.label = _("Código de verificación"),
		.value = s->codigo,
		.error = s->short_code ? _("El código lleva cinco dígitos; escríbelo como llegó.")
			 : s->err != OK ? err_sentence(s->err)
					: NULL,
		.required = true,
		.limit = CONTACTO_CODIGO};
	f[1] = (struct page_field){
		.kind = PAGE_FIELD_BUTTON, .key = "validar", .label = _("Validar")};
	f[2] = (struct page_field){.kind = PAGE_FIELD_BUTTON,
		.key = "reenviar",
		.label = _("Reenviar código de verificación")};
	f[3] = (struct page_field){
		.kind = PAGE_FIELD_BUTTON, .key = "regresar", .label = _("Regresar")};
	ret->kind = PAGE_FORM;
	ret->form = (struct page_form){
		.above = p->rows, .above_count = p->count, .fields = f, .count = FIELDS};
	return OK;
}

/* Validated by its link, or past its time, while this stood here: there is nothing to type. */
static enum err closed(struct parrafos *p, const struct m_medio *x, int64_t now, struct page *ret)
{
	struct page_button *list = arena_array(p->arena, 2, sizeof(*list));
	enum contacto_estado e = x != NULL ? contacto_estado(x, now) : CONTACTO_BAJA;
	size_t n = 0;

	if (list == NULL)
		return ERR_NO_MEMORY;
	parrafos_add(p, e == CONTACTO_VALIDADO ? PAGE_DONE : PAGE_WARNING, "%s",
		e == CONTACTO_VALIDADO	? _("Ese medio ya está validado; no hace falta nada más.")
		: e == CONTACTO_VENCIDO ? err_sentence(ERR_MEDIUM_EXPIRED)
					: err_sentence(ERR_MEDIUM_GONE));
	if (x != NULL)
		parrafos_pair(p, _("Medio de Contacto"), "%s", x->medio);
	if (e == CONTACTO_VALIDADO)
		parrafos_pair(p, _("Fecha de Validación"), "%s", parrafos_hora(p, x->validado));
	list[n++] = (struct page_button){_("Aceptar"), "regresar"};
	if (x != NULL && x->acuse_validacion != NULL)
		list[n++] = (struct page_button){_("Ver acuse"), "acuse"};
	ret->kind = PAGE_DIALOG;
	ret->dialog = (struct page_dialog){
		.paragraphs = p->rows, .count = p->count, .buttons = list, .button_count = n};
	return p->failed ? ERR_NO_MEMORY : OK;
}

static enum err page(void *state, struct model *m, struct arena *a, int64_t now, struct page *ret)
{
	struct medio_validar *s = state;
	const struct m_medio *x = model_medio(m, s->folio);
	struct parrafos p;

	parrafos_init(&p, a);
	ret->title = x != NULL && strcmp(x->mecanismo, CONTACTO_CORREO) == 0
			     ? _("Validación de Correo Electrónico")
			     : _("Validación de Celular");
	if (s->acciones.status[0] != '\0')
		ret->status = s->acciones.status;
	if (!pending(x, now))
		return closed(&p, x, now, ret);
	above(&p, m, x, now, &ret->until);
	return form(s, &p, ret);
}

const struct view view_medio_validar = {
	.screen = SCREEN_medio_validar,
	.size = sizeof(struct medio_validar),
	.open = open,
	.act = act,
	.page = page,
};
