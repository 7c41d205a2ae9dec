#include "screens/firmar.h"

#include <stdio.h>
#include "base/texto.h"
#include "screens/acto.h"
#include "screens/efirma_form.h"
#include "screens/parrafos.h"

#define DAY_MS INT64_C(86400000)
#define CLAVE_ROOM ((size_t)4 << 10)

enum paso {
	PASO_VALIDAR,
	PASO_FIRMAR,
	PASO_ENVIANDO,
	PASO_GUARDADO, /* signed, on its way whenever there is a line */
	PASO_HECHO,    /* the server confirmed it */
	PASO_CERRADO,  /* it can't be signed as shown any more */
};

struct firmar {
	const struct acto_clase *clase;
	struct acto acto;
	int64_t expires;
	int64_t firmado; /* when */
	enum paso paso;
	enum err err;
	int64_t dato; /* of that refusal */
	struct efirma_form form;
};

/* What the profile's calidad does not reach is said before it is signed, not by the server. */
static enum err in_reach(const struct firmar *s, const struct model *m)
{
	const struct route_row *row = route_row(s->acto.route);

	if (!model_representa(m) || s->acto.titular[0] != '\0')
		return OK;
	if ((row->who & ROUTE_REPRESENTANTE) == 0)
		return ERR_NOT_YOURS;
	return row->scope >= AMBITOS || model_nivel(m, row->scope) >= row->level ? OK
										 : ERR_NO_SCOPE;
}

/* Is what was shown still true? Sets until when the act may arrive. */
static enum err still_true(struct firmar *s, struct model *m, int64_t now)
{
	s->dato = 0;
	s->expires = now + DAY_MS;
	return s->clase->sigue != NULL ? s->clase->sigue(&s->acto, m, now, &s->expires) : OK;
}

/* ---- what became of one that was signed ---- */

/* What it is about, as the outbox knows it; borrows from `s` and the arena. NULL: no memory. */
static const char *clave(const struct firmar *s, struct arena *a, union peticion *rq)
{
	s->clase->pide(&s->acto, rq);
	return s->clase->clave(a, rq);
}

/* It waits for the line; NULL: it does not. */
static const struct model_acto *kept(const struct firmar *s, const struct model *m)
{
	ARENA(a, CLAVE_ROOM);
	union peticion rq;
	const char *about = clave(s, &a, &rq);

	return about != NULL ? model_acto(m, s->acto.route, about) : NULL;
}

/* It was refused since it was signed here; NULL: it was not. */
static const struct model_acto *refused(const struct firmar *s, const struct model *m)
{
	ARENA(a, CLAVE_ROOM);
	union peticion rq;
	const char *about = clave(s, &a, &rq);

	return about != NULL && kept(s, m) == NULL
		       ? model_rechazo(m, s->acto.route, about, s->firmado)
		       : NULL;
}

/* Signed before and still on its way: it is not signed twice. */
static bool on_its_way(struct firmar *s, const struct model *m, int64_t now)
{
	const struct model_acto *acto = kept(s, m);

	if (acto == NULL)
		return false;
	s->paso = PASO_GUARDADO;
	s->err = OK;
	s->firmado = now;
	s->expires = acto->cuando;
	return true;
}

/* Can the same be signed again, or is what was shown past? */
static enum paso after(const struct firmar *s, enum err err)
{
	return err == ERR_EXPIRED_ACT || (s->clase->cierra != NULL && s->clase->cierra(err))
		       ? PASO_CERRADO
		       : PASO_FIRMAR;
}

/* ---- steps ---- */

/* Only what can still be signed as shown goes on; the rest is closed with its reason. */
static void validar(struct firmar *s, struct model *m, int64_t now)
{
	if (on_its_way(s, m, now))
		return;
	s->err = in_reach(s, m);
	if (s->err == OK)
		s->err = still_true(s, m, now);
	s->paso = s->err == OK ? PASO_FIRMAR : PASO_CERRADO;
	if (s->err == OK && (now > m->firma.hasta || now < m->firma.desde)) {
		s->err = now > m->firma.hasta ? ERR_CERT_EXPIRED : ERR_CERT_NOT_YET;
		s->paso = PASO_CERRADO;
	}
}

static struct effect open(
	void *state, struct model *m, const struct effect *from, const struct event *e)
{
	struct firmar *s = state;

	s->acto = *from->acto;
	s->clase = acto_clase(s->acto.route);
	s->err = in_reach(s, m);
	if (s->err != OK)
		s->paso = PASO_CERRADO;
	else if (!on_its_way(s, m, e->now) && s->clase->directo && m->firma.abierta)
		validar(s, m, e->now);
	efirma_form_open(&s->form, m);
	return effect_of(EFFECT_NONE);
}

static struct effect firmar(struct firmar *s, struct model *m, int64_t now)
{
	struct effect call = effect_of(EFFECT_CALL);

	if (!m->firma.abierta) {
		s->paso = PASO_VALIDAR;
		return effect_of(EFFECT_NONE);
	}
	validar(s, m, now);
	if (s->paso != PASO_FIRMAR)
		return effect_of(EFFECT_NONE);
	s->paso = PASO_ENVIANDO;
	s->firmado = now;
	call.route = s->acto.route;
	s->clase->pide(&s->acto, &call.request);
	call.expires = s->expires;
	return call;
}

/* Signed and kept: what it was made from is no draft any more. */
static struct effect forget_draft(const struct firmar *s)
{
	struct effect keep = effect_to(EFFECT_KEEP, SCREEN_acceso, s->clase->borrador);

	keep.text = "";
	return s->clase->borrador != NULL ? keep : effect_of(EFFECT_NONE);
}

static struct effect leave(struct firmar *s)
{
	struct effect back = effect_of(EFFECT_BACK);

	if (s->form.busy) {
		efirma_form_fault(&s->form, ERR_CANCELLED, NULL);
		return effect_of(EFFECT_CANCEL);
	}
	if (s->paso != PASO_ENVIANDO && s->paso != PASO_GUARDADO && s->paso != PASO_HECHO)
		return back;
	/* Signed already: leaving does not undo it, and what it was made from is past. */
	if (s->clase->borrador != NULL)
		back = forget_draft(s);
	back.levels = s->clase->niveles;
	return back;
}

/* Who does not want to wait is told what was done and what was not; the answer is still taken. */
static struct effect give_up(struct firmar *s)
{
	if (s->paso != PASO_ENVIANDO)
		return leave(s);
	s->paso = PASO_GUARDADO;
	return forget_draft(s);
}

static struct effect receipt(const struct firmar *s, const struct model *m)
{
	struct effect acuse = effect_to(EFFECT_REPLACE, SCREEN_acuse, m->ultimo_acuse);

	acuse.levels = s->clase->niveles;
	return acuse;
}

static struct effect next(const struct firmar *s, struct model *m)
{
	struct effect effect = effect_of(EFFECT_NONE);

	if (s->clase->luego != NULL)
		(void)s->clase->luego(&s->acto, m, &effect);
	return effect;
}

static struct effect unlocked(struct firmar *s, struct model *m, const struct event *e)
{
	efirma_form_fault(&s->form, e->err, e->key);
	if (e->err == OK)
		validar(s, m, e->now);
	return effect_of(EFFECT_NONE);
}

/* Something covered the dialogue (help, the lock): what became of the act is in the model. */
static struct effect resumed(struct firmar *s, const struct model *m)
{
	const struct model_acto *no;

	if (s->form.busy)
		efirma_form_fault(&s->form, OK, NULL);
	if (s->paso != PASO_ENVIANDO)
		return effect_of(EFFECT_NONE);
	no = refused(s, m);
	if (no != NULL) {
		s->err = no->err;
		s->paso = after(s, no->err);
		return effect_of(EFFECT_NONE);
	}
	if (kept(s, m) == NULL && s->clase->hecho == NULL)
		return leave(s);
	s->paso = kept(s, m) != NULL ? PASO_GUARDADO : PASO_HECHO;
	return forget_draft(s);
}

static struct effect act(void *state, struct model *m, const struct event *e)
{
	struct firmar *s = state;

	if (e->kind == EVENT_RESUMED)
		return resumed(s, m);
	if (e->kind == EVENT_UNLOCKED)
		return unlocked(s, m, e);
	if (e->kind == EVENT_ACTION && e->action == ACTION_back)
		return give_up(s);
	if (e->kind == EVENT_PRESSED) {
		if (strcmp(e->key, "regresar") == 0)
			return give_up(s);
		if (strcmp(e->key, "firmar") == 0 && s->paso == PASO_FIRMAR)
			return firmar(s, m, e->now);
		if (strcmp(e->key, "acuse") == 0 && s->paso == PASO_HECHO)
			return receipt(s, m);
		if (strcmp(e->key, "luego") == 0 && s->paso == PASO_HECHO)
			return next(s, m);
		if (strcmp(e->key, "validar") == 0 && s->paso == PASO_VALIDAR && m->firma.abierta) {
			validar(s, m, e->now);
			return effect_of(EFFECT_NONE);
		}
	}
	return s->paso == PASO_VALIDAR && !m->firma.abierta ? efirma_form_act(&s->form, e)
							    : effect_of(EFFECT_NONE);
}

static struct effect arrived(void *state, struct model *m, enum route route, enum err err,
	bool pending, const struct event *e)
{
	struct firmar *s = state;

	(void)route;
	s->err = err;
	s->dato = e->dato;
	if (pending) {
		s->paso = PASO_GUARDADO;
		return forget_draft(s);
	}
	if (err != OK) {
		s->paso = after(s, err);
		return effect_of(EFFECT_NONE);
	}
	if (s->clase->hecho != NULL) {
		s->paso = PASO_HECHO;
		return forget_draft(s);
	}
	return receipt(s, m);
}

static void what(struct parrafos *p, const struct firmar *s, struct model *m)
{
	const struct model_firma *f = &m->firma;

	s->clase->que(p, &s->acto, m);
	if (s->acto.titular[0] != '\0')
		parrafos_pair(p, _("En nombre de"), "%s", s->acto.titular);
	else if (m->entrado && strcmp(m->e.titular, f->rfc) != 0)
		parrafos_pair(p, _("En nombre de"), "%s, %s", m->e.titular, m->e.nombre);
	if (f->desde != 0) {
		parrafos_pair(p, _("RFC"), "%s, %s", f->rfc, f->nombre);
		parrafos_pair(p, _("Certificado"), "%s", f->serie);
	}
}

/* The outbox got it through meanwhile. */
static bool confirmed(const struct firmar *s, struct model *m, struct arena *a)
{
	return s->clase->consta != NULL && s->clase->consta(&s->acto, m, a);
}

/* What came of it, before anything else: on a small screen the rest is below the fold. */
static void outcome(
	struct parrafos *p, const struct firmar *s, struct model *m, const struct model_acto *no)
{
	const char *more = s->clase->detalle != NULL && s->err != OK
				   ? s->clase->detalle(p, s->err, s->dato)
				   : NULL;

	more = more != NULL ? more : "";
	if (no != NULL)
		parrafos_add(p, PAGE_WARNING, _("Se firmó, y el servidor no lo admitió: %s"),
			err_sentence(no->err));
	else if (s->paso == PASO_GUARDADO && confirmed(s, m, p->arena))
		parrafos_add(
			p, PAGE_NORMAL, _("Firmado, y el servidor ya lo confirmó; hay acuse."));
	else if (s->paso == PASO_GUARDADO)
		parrafos_add(p, PAGE_WARNING,
			_("Firmado y guardado; el servidor no lo ha confirmado todavía. Se envía "
			  "solo en cuanto haya conexión: no hace falta firmar otra vez. La fecha de "
			  "recepción es la de cuando llegue."));
	else if (s->err != OK)
		parrafos_add(p, PAGE_WARNING, "%s%s%s", err_sentence(s->err),
			more[0] != '\0' ? " " : "", more);
	if (s->paso == PASO_CERRADO && (s->err == ERR_NO_SCOPE || s->err == ERR_NOT_YOURS))
		parrafos_pair(p, _("Su titular"), "%s, %s", m->e.titular, m->e.nombre);
}

static void state_of(struct parrafos *p, const struct firmar *s)
{
	if (s->paso == PASO_FIRMAR && s->err == OK)
		parrafos_add(p, PAGE_NORMAL, _("La validación de la FIEL fue exitosa"));
	if (s->paso == PASO_FIRMAR || s->paso == PASO_ENVIANDO || s->paso == PASO_GUARDADO)
		parrafos_pair(p, _("La firma vale hasta"),
			_("%s; si llega después, no surte efecto"), parrafos_hora(p, s->expires));
}

static const char *sending(struct parrafos *p, const struct firmar *s)
{
	int at = zona_civil(zona_centro(), s->firmado).ms / 1000;

	return parrafos_printf(p, _("Firmado. Enviando desde %02d:%02d:%02d… (Esc: seguirá solo)"),
		at / 3600, at / 60 % 60, at % 60);
}

#define BUTTONS 3

static size_t buttons(const struct firmar *s, struct model *m, struct page_button *to)
{
	struct effect unused;
	const char *luego = NULL;
	const struct acto_clase *c = s->clase;
	bool past = s->paso == PASO_GUARDADO || s->paso == PASO_HECHO;
	size_t n = 0;

	to[n++] = (struct page_button){past			  ? _("Aceptar")
				       : s->paso == PASO_ENVIANDO ? _("No esperar")
				       : c->regresar != NULL	  ? _(c->regresar)
								  : _("Regresar"),
		"regresar"};
	if (s->paso == PASO_FIRMAR)
		to[n++] = (struct page_button){
			c->boton != NULL ? _(c->boton) : _("Firmar"), "firmar"};
	if (s->paso == PASO_VALIDAR)
		to[n++] = (struct page_button){_("Validar"), "validar"};
	if (s->paso == PASO_HECHO && route_row(s->acto.route)->acuse)
		to[n++] = (struct page_button){_("Ver acuse"), "acuse"};
	if (s->paso == PASO_HECHO && c->luego != NULL)
		luego = c->luego(&s->acto, m, &unused);
	if (luego != NULL)
		to[n++] = (struct page_button){luego, "luego"};
	return n;
}

static enum err dialog(
	const struct firmar *s, struct model *m, struct parrafos *p, struct page *ret)
{
	struct page_button *list = arena_array(p->arena, BUTTONS, sizeof(*list));

	if (list == NULL || p->failed)
		return ERR_NO_MEMORY;
	ret->kind = PAGE_DIALOG;
	ret->dialog = (struct page_dialog){.paragraphs = p->rows,
		.count = p->count,
		.buttons = list,
		.button_count = buttons(s, m, list)};
	if (s->paso == PASO_ENVIANDO)
		ret->status = sending(p, s);
	return p->failed ? ERR_NO_MEMORY : OK;
}

static enum err page(void *state, struct model *m, struct arena *a, int64_t now, struct page *ret)
{
	struct firmar *s = state;
	const struct model_acto *no;
	struct parrafos p;

	parrafos_init(&p, a);
	ret->title = s->clase->titulo != NULL ? _(s->clase->titulo) : _("Firma con e.firma");
	if (s->paso == PASO_HECHO) {
		s->clase->hecho(&p, &s->acto, m, now);
		return dialog(s, m, &p, ret);
	}
	no = s->paso == PASO_GUARDADO ? refused(s, m) : NULL;
	outcome(&p, s, m, no);
	if (s->clase->acepta != NULL)
		s->clase->acepta(&p, &s->acto, m);
	if (no == NULL)
		state_of(&p, s);
	what(&p, s, m);
	if (s->paso != PASO_VALIDAR || m->firma.abierta)
		return dialog(s, m, &p, ret);
	if (s->form.err != OK && s->form.campo == NULL)
		parrafos_add(&p, PAGE_WARNING, "%s", err_sentence(s->form.err));
	if (p.failed)
		return ERR_NO_MEMORY;
	ret->form.above = p.rows;
	ret->form.above_count = p.count;
	if (s->form.busy)
		ret->status = _("Abriendo la e.firma… (Esc cancela)");
	return efirma_form_page(&s->form, m, a, false, _("Regresar"), ret);
}

const struct view view_firmar = {
	.screen = SCREEN_firmar,
	.size = sizeof(struct firmar),
	.open = open,
	.act = act,
	.arrived = arrived,
	.page = page,
};
