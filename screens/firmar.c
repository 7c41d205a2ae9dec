#include "screens/firmar.h"

#include <stdio.h>
#include "base/texto.h"
#include "screens/efectos.h"
#include "screens/efirma_form.h"
#include "screens/parrafos.h"

#define ROW_BYTES ((size_t)64 << 10) /* a row of the list, decoded */

enum paso {
	PASO_VALIDAR,
	PASO_FIRMAR,
	PASO_ENVIANDO,
	PASO_GUARDADO, /* signed, on its way whenever there is a line */
	PASO_CERRADO,  /* it can't be signed as shown any more */
};

struct firmar {
	char folio[MODEL_FOLIO];
	char fecha[16];
	int64_t expires;
	int64_t firmado; /* when */
	enum paso paso;
	enum err err;
	struct efirma_form form;
};

static struct effect open(
	void *state, struct model *m, const struct effect *from, const struct event *e)
{
	struct firmar *s = state;

	(void)e;
	(void)snprintf(s->folio, sizeof(s->folio), "%s", from->folio);
	(void)snprintf(s->fecha, sizeof(s->fecha), "%s", from->fecha);
	efirma_form_open(&s->form, m);
	return effect_of(EFFECT_NONE);
}

/* Is what the sheet showed still true? Sets until when the act may arrive. */
static enum err still_true(struct firmar *s, struct model *m, int64_t now)
{
	ARENA(a, ROW_BYTES);
	struct fila row;
	struct efectos e = {0};
	int32_t accepted = 0;

	enum err err = tabla_find(&m->tabla, &a, s->folio, &row);

	if (err == OK && row.m.abierta != 0)
		err = ERR_ALREADY_OPENED;
	if (err == OK)
		err = efectos_de(m, &row.m, now, &e);
	if (err == OK)
		err = fecha_parse(s->fecha, &accepted);
	if (err == OK && accepted != e.abre.dia)
		err = ERR_EFFECT_CHANGED;
	if (err == OK)
		s->expires = e.vale_hasta;
	return err;
}

/* Only what can still be signed as shown goes on; the rest is closed with its reason. */
static void validar(struct firmar *s, struct model *m, int64_t now)
{
	s->err = still_true(s, m, now);
	s->paso = s->err == OK ? PASO_FIRMAR : PASO_CERRADO;
	if (s->err == OK && (now > m->firma.hasta || now < m->firma.desde)) {
		s->err = now > m->firma.hasta ? ERR_CERT_EXPIRED : ERR_CERT_NOT_YET;
		s->paso = PASO_CERRADO;
	}
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
	call.route = ROUTE_ID_notificacion_abrir;
	call.request.notificacion_abrir.folio = s->folio;
	call.request.notificacion_abrir.fecha_legal = s->fecha;
	call.expires = s->expires;
	return call;
}

static struct effect leave(struct firmar *s)
{
	struct effect back = effect_of(EFFECT_BACK);

	if (s->form.busy) {
		efirma_form_fault(&s->form, ERR_CANCELLED, NULL);
		return effect_of(EFFECT_CANCEL);
	}
	/* Signed already: leaving does not undo it, and the sheet below is past. */
	if (s->paso == PASO_ENVIANDO || s->paso == PASO_GUARDADO)
		back.levels = 2;
	return back;
}

/* Who does not want to wait is told what was done and what was not; the answer is still taken. */
static struct effect give_up(struct firmar *s)
{
	if (s->paso != PASO_ENVIANDO)
		return leave(s);
	s->paso = PASO_GUARDADO;
	return effect_of(EFFECT_NONE);
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
	if (s->form.busy)
		efirma_form_fault(&s->form, OK, NULL);
	if (s->paso != PASO_ENVIANDO)
		return effect_of(EFFECT_NONE);
	if (model_acto(m, s->folio) == NULL)
		return leave(s);
	s->paso = PASO_GUARDADO;
	return effect_of(EFFECT_NONE);
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
	struct effect done = effect_to(EFFECT_REPLACE, SCREEN_acuse, m->ultimo_acuse);

	(void)route;
	(void)e;
	s->err = err;
	if (pending) {
		s->paso = PASO_GUARDADO;
		return effect_of(EFFECT_NONE);
	}
	if (err != OK) {
		s->paso = err == ERR_EFFECT_CHANGED || err == ERR_ALREADY_OPENED ||
					  err == ERR_EXPIRED_ACT
				  ? PASO_CERRADO
				  : PASO_FIRMAR;
		return effect_of(EFFECT_NONE);
	}
	done.levels = 2;
	return done;
}

/* First of all: on a small screen nothing else is seen without scrolling. */
static void accepted(struct parrafos *p, const struct firmar *s)
{
	int32_t dia;

	if (fecha_parse(s->fecha, &dia) == OK)
		parrafos_pair(
			p, _("Aceptas"), _("quedar notificado con fecha %s"), parrafos_dia(p, dia));
}

static void what(struct parrafos *p, const struct firmar *s, struct model *m)
{
	struct fila row;
	const struct model_firma *f = &m->firma;

	if (tabla_find(&m->tabla, p->arena, s->folio, &row) == OK)
		parrafos_pair(p, _("Qué se firma"),
			_("apertura de la notificación %s (%s, oficio %s)"), s->folio,
			row.m.documento, row.m.oficio);
	if (m->entrado && strcmp(m->e.titular, f->rfc) != 0)
		parrafos_pair(p, _("En nombre de"), "%s, %s", m->e.titular, m->e.nombre);
	if (f->desde != 0) {
		parrafos_pair(p, _("RFC"), "%s, %s", f->rfc, f->nombre);
		parrafos_pair(p, _("Certificado"), "%s", f->serie);
	}
}

/* The outbox got it through meanwhile. */
static bool confirmed(const struct firmar *s, struct model *m, struct arena *a)
{
	struct fila row;

	return tabla_find(&m->tabla, a, s->folio, &row) == OK && row.m.abierta != 0;
}

/* What came of it, before anything else: on a small screen the rest is below the fold. */
static void outcome(struct parrafos *p, const struct firmar *s, struct model *m)
{
	if (s->paso == PASO_GUARDADO && confirmed(s, m, p->arena))
		parrafos_add(p, PAGE_NORMAL,
			_("Firmado, y el servidor ya lo confirmó; su acuse está en la notificación."));
	else if (s->paso == PASO_GUARDADO)
		parrafos_add(p, PAGE_WARNING,
			_("Firmado y guardado; el servidor no lo ha confirmado todavía. Se envía "
			  "solo en cuanto haya conexión: no hace falta firmar otra vez. La fecha de "
			  "recepción es la de cuando llegue."));
	else if (s->err != OK)
		parrafos_add(p, PAGE_WARNING, "%s", err_sentence(s->err));
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

static enum err dialog(const struct firmar *s, struct parrafos *p, struct page *ret)
{
	struct page_button *buttons = arena_array(p->arena, 2, sizeof(*buttons));

	if (buttons == NULL || p->failed)
		return ERR_NO_MEMORY;
	buttons[0] = (struct page_button){
		s->paso == PASO_GUARDADO ? _("Aceptar") : _("Regresar"), "regresar"};
	buttons[1] = s->paso == PASO_FIRMAR ? (struct page_button){_("Firmar"), "firmar"}
					    : (struct page_button){_("Validar"), "validar"};
	ret->kind = PAGE_DIALOG;
	ret->dialog = (struct page_dialog){.paragraphs = p->rows,
		.count = p->count,
		.buttons = buttons,
		.button_count = s->paso == PASO_VALIDAR || s->paso == PASO_FIRMAR ? 2 : 1};
	if (s->paso == PASO_ENVIANDO)
		ret->status = sending(p, s);
	return p->failed ? ERR_NO_MEMORY : OK;
}

static enum err page(void *state, struct model *m, struct arena *a, int64_t now, struct page *ret)
{
	struct firmar *s = state;
	struct parrafos p;

	(void)now;
	parrafos_init(&p, a);
	outcome(&p, s, m);
	accepted(&p, s);
	state_of(&p, s);
	what(&p, s, m);
	ret->title = _("Firma con e.firma");
	if (s->paso != PASO_VALIDAR || m->firma.abierta)
		return dialog(s, &p, ret);
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
