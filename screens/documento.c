#include "screens/documento.h"

#include <stdio.h>
#include "base/texto.h"
#include "ley/documento.h"
#include "screens/parrafos.h"
#include "screens/saved.h"

#define ROW_BYTES ((size_t)64 << 10) /* a row of the list, decoded */

struct vista_documento {
	char folio[MODEL_FOLIO];
	char acuse[MODEL_FOLIO];
	bool asking;
	enum err err;
	char status[128];
	struct saved saved;
};

/* What is missing next: another part, the text, or nothing. */
static struct effect next(struct vista_documento *s, struct model *m)
{
	struct model_documento *d = model_documento(m, s->folio);
	struct effect effect = effect_of(EFFECT_CALL);

	if (d != NULL && model_documento_whole(d)) {
		effect = effect_of(d->leido ? EFFECT_NONE : EFFECT_READ);
		effect.folio = s->folio;
		return effect;
	}
	s->asking = true;
	effect.route = ROUTE_ID_documento;
	effect.request.documento.folio = s->folio;
	effect.request.documento.desde = d != NULL ? d->recibido : 0;
	return effect;
}

static struct effect open(
	void *state, struct model *m, const struct effect *from, const struct event *e)
{
	struct vista_documento *s = state;

	(void)e;
	(void)snprintf(s->folio, sizeof(s->folio), "%s", from->folio);
	return next(s, m);
}

static struct effect paper(struct vista_documento *s, struct model *m, enum effect_kind kind)
{
	struct model_documento *d = model_documento(m, s->folio);
	struct effect effect = effect_of(kind);

	if (d == NULL || !model_documento_whole(d)) {
		(void)snprintf(s->status, sizeof(s->status), _("Todavía no llega entero."));
		return effect_of(EFFECT_NONE);
	}
	effect.paper = PAPER_DOCUMENTO;
	effect.folio = s->folio;
	return effect;
}

static struct effect receipt(struct vista_documento *s, struct model *m)
{
	ARENA(a, ROW_BYTES);
	struct fila row;

	if (tabla_find(&m->tabla, &a, s->folio, &row) != OK || row.m.acuse == NULL) {
		(void)snprintf(s->status, sizeof(s->status), _("Todavía no se recibe su acuse."));
		return effect_of(EFFECT_NONE);
	}
	(void)snprintf(s->acuse, sizeof(s->acuse), "%s", row.m.acuse);
	return effect_to(EFFECT_OPEN, SCREEN_acuse, s->acuse);
}

static struct effect receipt_issue(struct vista_documento *s, struct model *m)
{
	ARENA(a, ROW_BYTES);
	struct fila row;

	if (tabla_find(&m->tabla, &a, s->folio, &row) != OK || row.m.emision == NULL) {
		(void)snprintf(s->status, sizeof(s->status),
			_("Todavía no se recibe el acuse de su emisión."));
		return effect_of(EFFECT_NONE);
	}
	(void)snprintf(s->acuse, sizeof(s->acuse), "%s", row.m.emision);
	return effect_to(EFFECT_OPEN, SCREEN_acuse, s->acuse);
}

static struct effect back(struct vista_documento *s)
{
	return effect_of(s->asking ? EFFECT_CANCEL : EFFECT_BACK);
}

/* What was published has neither card nor timeline. */
static bool of_notification(struct vista_documento *s, struct model *m)
{
	ARENA(a, ROW_BYTES);
	struct fila row;

	return tabla_find(&m->tabla, &a, s->folio, &row) == OK;
}

static struct effect act_action(struct vista_documento *s, struct model *m, enum action action)
{
	struct effect effect;

	s->status[0] = '\0';
	if ((action == ACTION_card || action == ACTION_timeline) && !of_notification(s, m))
		return effect_of(EFFECT_NONE);
	switch (action) {
	case ACTION_save:
		return paper(s, m, EFFECT_SAVE);
	case ACTION_external:
		return paper(s, m, EFFECT_EXTERNAL);
	case ACTION_receipt:
		return receipt(s, m);
	case ACTION_receipt_issue:
		return receipt_issue(s, m);
	case ACTION_card:
		return effect_to(EFFECT_OPEN, SCREEN_ficha, s->folio);
	case ACTION_timeline:
		return effect_to(EFFECT_OPEN, SCREEN_cronologia, s->folio);
	case ACTION_refresh:
		return s->asking ? effect_of(EFFECT_NONE) : next(s, m);
	case ACTION_back:
		effect = back(s);
		if (s->asking)
			s->err = ERR_CANCELLED;
		s->asking = false;
		return effect;
	default:
		return effect_of(EFFECT_NONE);
	}
}

static struct effect act(void *state, struct model *m, const struct event *e)
{
	struct vista_documento *s = state;

	if (e->kind == EVENT_ACTION)
		return act_action(s, m, e->action);
	if (e->kind == EVENT_RESUMED && s->asking)
		return next(s, m);
	if (saved_event(&s->saved, e))
		saved_status(&s->saved, s->status, sizeof(s->status));
	return effect_of(EFFECT_NONE);
}

static struct effect arrived(void *state, struct model *m, enum route route, enum err err,
	bool pending, const struct event *e)
{
	struct vista_documento *s = state;

	(void)route;
	(void)pending;
	(void)e;
	s->asking = false;
	s->err = err;
	return err == OK ? next(s, m) : effect_of(EFFECT_NONE);
}

static void header(struct parrafos *p, const struct fila *row)
{
	const struct m_notificacion *n = &row->m;

	parrafos_pair(p, _("Documento"), "%s", n->documento);
	parrafos_pair(p, _("Folio"), "%s", n->folio);
	parrafos_pair(p, _("Oficio"), "%s", n->oficio);
	parrafos_pair(p, _("Firmado por"), "%s%s%s", n->funcionario, n->cargo != NULL ? ", " : "",
		n->cargo != NULL ? n->cargo : "");
	if (n->rp != NULL)
		parrafos_pair(p, _("Registro Patronal"), "%s", n->rp);
	if (n->periodo != NULL)
		parrafos_pair(p, _("Periodo"), "%s", n->periodo);
	if (n->importe != NULL)
		parrafos_pair(p, _("Importe"), "%s", n->importe);
	if (row->notificada != 0)
		parrafos_pair(p, _("Notificado"), "%s", parrafos_hora(p, row->notificada));
}

/* Of what was published there is no term: the file stands for itself. */
static void published(struct parrafos *p, const struct m_publicacion *m)
{
	parrafos_pair(p, _("Documento"), "%s", m->titulo);
	parrafos_pair(p, _("Folio"), "%s", m->folio);
	parrafos_pair(p, _("Publicado"), "%s", parrafos_hora(p, m->publicada));
	if (m->funcionario != NULL)
		parrafos_pair(p, _("Lo publicó"), "%s", m->funcionario);
}

static void term(struct parrafos *p, const struct fila *row)
{
	if (row->ultimo != 0)
		parrafos_pair(p, _("Plazo para responder"),
			ngettext("%lld día hábil, hasta el %s", "%lld días hábiles, hasta el %s",
				(unsigned long)row->m.plazo_dias),
			(long long)row->m.plazo_dias, parrafos_dia(p, row->ultimo));
}

static void integrity(struct parrafos *p, const struct model_documento *d)
{
	parrafos_pair(p, "SHA-256", "%s", d->m.sha256);
	for (size_t i = 0; i < d->proof.count; i++) {
		const struct acuse_check *c = &d->proof.checks[i];

		if (c->holds)
			parrafos_pair(p, _("Comprobado"), "%s", c->what);
		else
			parrafos_add(
				p, PAGE_WARNING, _("NO se comprueba: %s. %s"), c->what, c->detail);
	}
	if (d->proof.count > DOCUMENTO_FIRMANTE && d->proof.holds)
		parrafos_pair(p, _("Firmado"), "%s", d->proof.checks[DOCUMENTO_FIRMANTE].detail);
}

static void lines(struct parrafos *p, const char *text)
{
	while (*text != '\0') {
		size_t size = strcspn(text, "\n\f");

		parrafos_add(p, PAGE_NORMAL, "%.*s", (int)size, text);
		text += size + (text[size] != '\0');
	}
}

static void body(struct parrafos *p, const struct model_documento *d)
{
	parrafos_blank(p);
	if (!d->leido)
		parrafos_add(p, PAGE_MUTED, _("Leyendo el texto del PDF…"));
	else if (d->texto != NULL && d->texto[0] != '\0')
		lines(p, d->texto);
	else
		parrafos_add(p, PAGE_NORMAL,
			_("El texto del PDF no se puede mostrar aquí%s. Con e se "
			  "abre en tu visor; con d se guarda."),
			d->texto_err == ERR_NO_FILE
				? _(" (instala pdftotext, del paquete poppler-utils)")
				: "");
}

static const char *progress(struct arena *a, const struct model *m, const struct vista_documento *s,
	const struct model_documento *d)
{
	if (s->status[0] != '\0')
		return s->status;
	/* Once the line itself has something to tell, it does. */
	if (!s->asking || m->linea.fase != FASE_NADA)
		return NULL;
	if (d == NULL)
		return _("Pidiendo el documento… (Esc cancela)");
	return arena_printf(a, _("Recibidos %lld KB; faltan %lld KB (Esc cancela)"),
		(long long)(d->recibido / 1024), (long long)((d->m.total - d->recibido) / 1024));
}

/* It is no notification: it has neither acuse, nor timeline, nor card. */
static void mute(struct page *page)
{
	static const char *const none[] = {"acuse", "acuse-emision", "historia", "ficha"};

	for (size_t i = 0; i < COUNT_OF(none) && i < COUNT_OF(page->mute); i++)
		page->mute[i] = none[i];
}

static enum err page(void *state, struct model *m, struct arena *a, int64_t now, struct page *ret)
{
	struct vista_documento *s = state;
	const struct model_documento *d = model_documento(m, s->folio);
	struct publicacion publication;
	struct fila row;
	struct parrafos p;

	(void)now;
	parrafos_init(&p, a);
	if (tabla_find(&m->tabla, a, s->folio, &row) == OK) {
		header(&p, &row);
		term(&p, &row);
	} else if (cartelera_find(&m->comunicados, a, s->folio, &publication) == OK) {
		published(&p, &publication.m);
		mute(ret);
	}
	saved_say(&p, &s->saved);
	if (s->err != OK)
		parrafos_add(&p, PAGE_WARNING, "%s", err_sentence(s->err));
	if (d != NULL && model_documento_whole(d)) {
		integrity(&p, d);
		body(&p, d);
	} else if (!s->asking)
		parrafos_add(&p, PAGE_NORMAL,
			_("El documento no está entero; r lo pide desde donde se "
			  "quedó."));
	ret->title = _("Documento");
	ret->status = progress(a, m, s, d);
	return parrafos_text(&p, ret);
}

const struct view view_documento = {
	.screen = SCREEN_documento,
	.size = sizeof(struct vista_documento),
	.open = open,
	.act = act,
	.arrived = arrived,
	.page = page,
};
