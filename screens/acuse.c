#include "screens/acuse.h"

#include <stdio.h>
#include "base/texto.h"
#include "net/codec.h"
#include "base/b64.h"
#include "ley/acuse.h"
#include "ley/qr.h"
#include "screens/parrafos.h"
#include "screens/saved.h"

#define PROOF_BYTES ((size_t)1 << 20)
#define ROW_BYTES ((size_t)64 << 10) /* a row of the list, decoded */

struct acuse {
	char folio[MODEL_FOLIO];
	char documento[MODEL_FOLIO];
	char de[MODEL_RFC]; /* for whom it is asked as a representative; "": as the profile says */
	bool asking;
	enum err err;
	bool proof_shown;
	struct arena arena; /* of the proof */
	struct acuse_proof proof;
	char status[128];
	struct saved saved;
};

static struct effect ask(struct acuse *s)
{
	struct effect call = effect_of(EFFECT_CALL);

	s->asking = true;
	call.route = ROUTE_ID_acuse;
	call.request.acuse.folio = s->folio;
	if (s->de[0] != '\0')
		call.request.acuse.hat = (struct m_hat){s->de, "representante"};
	return call;
}

static struct effect open(
	void *state, struct model *m, const struct effect *from, const struct event *e)
{
	struct acuse *s = state;

	(void)e;
	arena_init(&s->arena, PROOF_BYTES);
	(void)snprintf(s->folio, sizeof(s->folio), "%s", from->folio);
	(void)snprintf(s->de, sizeof(s->de), "%s", from->de != NULL ? from->de : "");
	return model_acuse(m, s->folio) != NULL ? effect_of(EFFECT_NONE) : ask(s);
}

static void verify(struct acuse *s, struct model *m)
{
	const struct model_acuse *a = model_acuse(m, s->folio);

	s->proof_shown = !s->proof_shown && a != NULL;
	if (!s->proof_shown)
		return;
	arena_free(&s->arena);
	s->err = acuse_prove(&s->arena, &a->m, m->trust, &s->proof);
	s->proof_shown = s->err == OK;
}

static struct effect paper(struct acuse *s, struct model *m, enum effect_kind kind)
{
	struct effect effect = effect_of(kind);

	if (model_acuse(m, s->folio) == NULL)
		return effect_of(EFFECT_NONE);
	effect.paper = PAPER_ACUSE;
	effect.folio = s->folio;
	return effect;
}

/* The notification that the act opened, as its signer wrote it; NULL: it is another kind of act. */
static const char *opened(struct arena *a, struct model *m, const char *folio)
{
	const struct model_acuse *acuse = model_acuse(m, folio);
	struct m_notificacion_abrir body;

	if (acuse == NULL || codec_decode(a, &message_notificacion_abrir, CODEC_TOLERANT,
				     acuse->m.cuerpo, &body, NULL) != OK)
		return NULL;
	return body.folio;
}

/* The notification whose acuse this is; the list may not know it for a moment. NULL: of none. */
static const char *notificacion(const struct acuse *s, struct model *m, struct arena *a)
{
	struct fila row;

	/* The folio of a notification is that of the acuse of its issue. */
	if (tabla_find(&m->tabla, a, s->folio, &row) == OK)
		return row.m.folio;
	return tabla_find_acuse(&m->tabla, a, s->folio, &row) == OK ? row.m.folio
								    : opened(a, m, s->folio);
}

static struct effect document(struct acuse *s, struct model *m)
{
	ARENA(a, ROW_BYTES);
	const char *folio = notificacion(s, m, &a);

	if (folio != NULL) {
		(void)snprintf(s->documento, sizeof(s->documento), "%s", folio);
		return effect_to(EFFECT_OPEN, SCREEN_documento, s->documento);
	}
	(void)snprintf(s->status, sizeof(s->status),
		_("Este acuse no es de una notificación abierta: no tiene documento."));
	return effect_of(EFFECT_NONE);
}

static struct effect back(struct acuse *s)
{
	if (s->proof_shown) {
		s->proof_shown = false;
		return effect_of(EFFECT_NONE);
	}
	if (!s->asking)
		return effect_of(EFFECT_BACK);
	s->asking = false;
	s->err = ERR_CANCELLED;
	return effect_of(EFFECT_CANCEL);
}

static struct effect act_action(struct acuse *s, struct model *m, enum action action)
{
	s->status[0] = '\0';
	switch (action) {
	case ACTION_save:
		return paper(s, m, EFFECT_SAVE);
	case ACTION_external:
		return paper(s, m, EFFECT_EXTERNAL);
	case ACTION_verify:
		verify(s, m);
		return effect_of(EFFECT_NONE);
	case ACTION_paper:
		return document(s, m);
	case ACTION_refresh:
		return s->asking ? effect_of(EFFECT_NONE) : ask(s);
	case ACTION_back:
		return back(s);
	default:
		return effect_of(EFFECT_NONE);
	}
}

static struct effect act(void *state, struct model *m, const struct event *e)
{
	struct acuse *s = state;

	if (e->kind == EVENT_ACTION)
		return act_action(s, m, e->action);
	if (e->kind == EVENT_RESUMED && s->asking) {
		s->asking = false;
		return model_acuse(m, s->folio) != NULL ? effect_of(EFFECT_NONE) : ask(s);
	}
	if (saved_event(&s->saved, e))
		saved_status(&s->saved, s->status, sizeof(s->status));
	return effect_of(EFFECT_NONE);
}

static struct effect arrived(void *state, struct model *m, enum route route, enum err err,
	bool pending, const struct event *e)
{
	struct acuse *s = state;

	(void)m;
	(void)route;
	(void)pending;
	(void)e;
	s->asking = false;
	s->err = err;
	return effect_of(EFFECT_NONE);
}

static void proof(struct parrafos *p, const struct acuse *s)
{
	parrafos_add(p, s->proof.holds ? PAGE_HEADING : PAGE_WARNING, "%s",
		s->proof.holds ? _("Comprobación: todo se cumple")
			       : _("Comprobación: NO se cumple todo"));
	for (size_t i = 0; i < s->proof.count; i++) {
		const struct acuse_check *c = &s->proof.checks[i];

		parrafos_add(p, c->holds ? PAGE_NORMAL : PAGE_WARNING, "%s %s. %s",
			c->holds ? _("Sí:") : _("NO:"), c->what,
			c->detail != NULL ? c->detail : "");
	}
	parrafos_blank(p);
	parrafos_pair(p, _("Acuse"), "%s", s->folio);
	parrafos_add(p, PAGE_NORMAL, _("v o Esc: de vuelta al acuse."));
}

static const char *hora(struct parrafos *p, const struct zona *z, int64_t instant)
{
	const char *text = hora_text(p->arena, z, instant, HORA_ACUSE);

	return parrafos_printf(p, "%s", text != NULL ? text : "");
}

/* L-5.8: both times are kept and shown. */
static void times(struct parrafos *p, const struct m_acuse *m)
{
	const struct zona *z = zona_find(m->zona);

	parrafos_pair(p, _("Fecha de elaboración"), _("%s (Zona Centro)"),
		hora(p, zona_centro(), m->elaborado));
	parrafos_pair(p, _("Recibido"), _("%s (Zona Centro)"), hora(p, zona_centro(), m->recibido));
	if (z != NULL && z != zona_centro())
		parrafos_pair(p, _("Recibido en el domicilio"), "%s (%s)", hora(p, z, m->recibido),
			m->zona);
	parrafos_pair(p, _("Fecha legal"), _("%s (Zona Centro)"), hora(p, zona_centro(), m->legal));
	if (z != NULL && z != zona_centro())
		parrafos_pair(p, _("Fecha legal en el domicilio"), "%s (%s)", hora(p, z, m->legal),
			m->zona);
}

static void identity(struct parrafos *p, const struct m_acuse *m)
{
	parrafos_pair(p, _("RFC"), "%s", m->titular);
	parrafos_pair(p, _("Nombre"), "%s", m->titular_nombre);
	if (acuse_is_automatico(m)) {
		parrafos_pair(p, _("Hecha por"), "%s", m->firmante_nombre);
	} else {
		if (strcmp(m->firmante, m->titular) != 0)
			parrafos_pair(p, _("Firmante"), "%s, %s", m->firmante, m->firmante_nombre);
		parrafos_pair(p, _("Calidad"), "%s", m->calidad);
	}
	parrafos_blank(p);
	for (size_t i = 0; i < m->contenido_count; i++)
		if (!acuse_is_pie(&m->contenido[i]))
			parrafos_pair(p, m->contenido[i].etiqueta, "%s", m->contenido[i].valor);
	parrafos_pair(p, _("Estatus"), "%s", m->estatus);
	parrafos_blank(p);
}

static void mono(struct parrafos *p, const char *label, struct bytes raw)
{
	const char *text = b64_encode(p->arena, raw);

	parrafos_add(p, PAGE_HEADING, "%s", label);
	if (text == NULL)
		p->failed = true;
	else
		parrafos_add(p, PAGE_MONO, "%s", text);
}

static void code(struct parrafos *p, const struct m_acuse *m)
{
	const char *url = acuse_url(p->arena, m);
	struct page_qr *qr = arena_alloc(p->arena, sizeof(*qr));
	struct qr made;

	if (url == NULL || qr == NULL) {
		p->failed = true;
		return;
	}
	parrafos_add(p, PAGE_HEADING, _("Verificación"));
	parrafos_add(p, PAGE_MONO, "%s", url);
	if (qr_make(p->arena, url, &made) != OK)
		return;
	*qr = (struct page_qr){(size_t)made.size, made.modules};
	parrafos_qr(p, qr);
}

/* The event that nobody signed, as it was sealed. */
static void event(struct parrafos *p, const struct m_acuse *m)
{
	parrafos_add(p, PAGE_HEADING, _("Evento que consta (sin firma de persona alguna)"));
	parrafos_add(p, PAGE_MONO, "%.*s", (int)m->cuerpo.size, (const char *)m->cuerpo.data);
}

static void whole(struct parrafos *p, const struct m_acuse *m)
{
	parrafos_add(p, PAGE_HEADING, "%s", m->tipo);
	parrafos_pair(p, _("Folio"), "%s", m->folio);
	times(p, m);
	parrafos_pair(p, _("Fundamento"), "%s", m->fundamento);
	parrafos_blank(p);
	identity(p, m);
	parrafos_add(p, PAGE_HEADING, _("Cadena Original (Versión %s)"), m->version);
	parrafos_add(p, PAGE_MONO, "%s", m->cadena);
	mono(p, _("Sello Digital"), m->sello);
	if (acuse_is_automatico(m))
		event(p, m);
	else if (m->firma.size > 0)
		mono(p, _("Firma electrónica de quien firmó"), m->firma);
	parrafos_blank(p);
	code(p, m);
	parrafos_blank(p);
	for (unsigned i = 0; i < ACUSE_PIES; i++)
		parrafos_add(p, PAGE_NORMAL, "%s", texto(acuse_pie(m, (enum acuse_pie)i)));
}

static enum err page(void *state, struct model *m, struct arena *a, int64_t now, struct page *ret)
{
	struct acuse *s = state;
	const struct model_acuse *known = model_acuse(m, s->folio);
	struct parrafos p;

	(void)now;
	parrafos_init(&p, a);
	saved_say(&p, &s->saved);
	ret->status = s->status[0] != '\0' ? s->status
		      : s->asking && m->linea.fase == FASE_NADA
			      ? _("Pidiendo el acuse… (Esc cancela)")
			      : NULL;
	if (s->proof_shown) {
		proof(&p, s);
		ret->title = _("Comprobación del acuse");
		ret->part = 1;
		return parrafos_text(&p, ret);
	}
	if (notificacion(s, m, a) == NULL)
		ret->mute[0] = "documento";
	if (s->err != OK)
		parrafos_add(&p, PAGE_WARNING, "%s", err_sentence(s->err));
	if (known != NULL)
		whole(&p, &known->m);
	else if (!s->asking)
		parrafos_add(
			&p, PAGE_NORMAL, _("El acuse %s no se ha recibido; r lo pide."), s->folio);
	ret->title = _("Acuse");
	return parrafos_text(&p, ret);
}

static void close(void *state)
{
	arena_free(&((struct acuse *)state)->arena);
}

const struct view view_acuse = {
	.screen = SCREEN_acuse,
	.size = sizeof(struct acuse),
	.open = open,
	.act = act,
	.arrived = arrived,
	.page = page,
	.close = close,
};
