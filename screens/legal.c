#include "screens/legal.h"

#include <stdio.h>
#include "base/texto.h"
#include "screens/contacto.h"
#include "screens/parrafos.h"
#include "screens/representacion.h"

struct legal {
	char cual[17];	/* MODEL_TERMINOS, MODEL_PRIVACIDAD */
	bool accepting; /* the privacy notice, come to from the terms: what follows is signed */
	bool asking;
	enum err err;
	struct acto acto;
	const char *status;
};

/* The words by which another screen opens the privacy notice behind the terms. */
#define BEHIND "privacidad-firma"

static struct effect ask(struct legal *s)
{
	struct effect call = effect_of(EFFECT_CALL);

	s->asking = true;
	s->err = OK;
	call.route = ROUTE_ID_texto;
	call.request.texto.cual = s->cual;
	return call;
}

static struct effect open(
	void *state, struct model *m, const struct effect *from, const struct event *e)
{
	struct legal *s = state;

	(void)e;
	s->accepting = strcmp(from->folio, BEHIND) == 0;
	(void)snprintf(
		s->cual, sizeof(s->cual), "%s", s->accepting ? MODEL_PRIVACIDAD : from->folio);
	return model_texto(m, s->cual) != NULL ? effect_of(EFFECT_NONE) : ask(s);
}

static struct effect sign(struct legal *s, const struct model *m)
{
	const struct m_texto *terms = model_texto(m, MODEL_TERMINOS);
	const struct m_texto *privacy = model_texto(m, MODEL_PRIVACIDAD);
	struct effect effect = effect_to(EFFECT_OPEN, SCREEN_firmar, NULL);

	/* They changed while this was read: from the beginning. */
	if (terms == NULL || privacy == NULL)
		return effect_to(EFFECT_REPLACE, SCREEN_legal, MODEL_TERMINOS);
	s->acto = (struct acto){.route = ROUTE_ID_activar};
	(void)snprintf(s->acto.terminos, sizeof(s->acto.terminos), "%s", terms->version);
	(void)snprintf(
		s->acto.terminos_sha256, sizeof(s->acto.terminos_sha256), "%s", terms->sha256);
	(void)snprintf(s->acto.privacidad, sizeof(s->acto.privacidad), "%s", privacy->version);
	(void)snprintf(s->acto.privacidad_sha256, sizeof(s->acto.privacidad_sha256), "%s",
		privacy->sha256);
	effect.acto = &s->acto;
	return effect;
}

/* Terms, then the privacy notice, then the signature; nothing of it before the media are there. */
static struct effect accept(struct legal *s, const struct model *m)
{
	if (model_texto(m, s->cual) == NULL)
		s->status = _("Todavía no se recibe; r lo pide de nuevo.");
	else if (model_habilitado(m))
		s->status = _("Tu Buzón ya está habilitado; no hace falta firmar nada.");
	else if (model_acto(m, ROUTE_ID_activar, m->cuenta->terminos) != NULL)
		s->status = _("Ya está firmado y por enviar: no se firma dos veces.");
	else if (model_nivel(m, AMBITO_ACTIVACION) < NIVEL_FIRMAR)
		s->status = _("Tu representación no llega a eso; arriba dice a quién pedirlo.");
	else if (!contacto_listo(m))
		s->status = _("Antes valida un correo y un celular (Mis medios de contacto).");
	else if (strcmp(s->cual, MODEL_TERMINOS) == 0)
		return effect_to(EFFECT_REPLACE, SCREEN_legal, BEHIND);
	else if (s->accepting)
		return sign(s, m);
	else
		s->status = _("Para activar, lee antes los términos (t en Activación).");
	return effect_of(EFFECT_NONE);
}

static struct effect back(struct legal *s)
{
	if (!s->asking)
		return effect_of(EFFECT_BACK);
	s->asking = false;
	s->err = ERR_CANCELLED;
	return effect_of(EFFECT_CANCEL);
}

static struct effect act(void *state, struct model *m, const struct event *e)
{
	struct legal *s = state;

	if (e->kind == EVENT_RESUMED && s->asking)
		return ask(s);
	if (e->kind == EVENT_RESUMED && model_texto(m, s->cual) == NULL)
		return ask(s);
	if (e->kind != EVENT_ACTION)
		return effect_of(EFFECT_NONE);
	s->status = NULL;
	switch (e->action) {
	case ACTION_accept:
		return accept(s, m);
	case ACTION_refresh:
		return s->asking ? effect_of(EFFECT_NONE) : ask(s);
	case ACTION_lock:
		return effect_of(EFFECT_LOCK);
	case ACTION_back:
		return back(s);
	default:
		return effect_of(EFFECT_NONE);
	}
}

/* A text that is not the one in force, by what was told last: that is asked for, too. */
static struct effect arrived(void *state, struct model *m, enum route route, enum err err,
	bool pending, const struct event *e)
{
	struct legal *s = state;

	(void)route;
	(void)pending;
	(void)e;
	s->asking = false;
	s->err = err;
	if (err != OK || model_texto(m, s->cual) != NULL)
		return effect_of(EFFECT_NONE);
	s->err = ERR_TERMS_CHANGED;
	return effect_of(EFFECT_SYNC);
}

/* The text, between what it is and what Enter does here. */
static void whole(struct parrafos *p, const struct legal *s, const struct model *m,
	const struct m_texto *t, struct page *ret)
{
	bool terms = strcmp(s->cual, MODEL_TERMINOS) == 0;
	bool leads = !model_habilitado(m) && (terms || s->accepting) &&
		     !representacion_corta(p, m, AMBITO_ACTIVACION, NIVEL_FIRMAR);

	parrafos_pair(p, _("Versión"), "%s", t->version);
	parrafos_pair(p, "SHA-256", "%s", t->sha256);
	parrafos_blank(p);
	parrafos_add(p, PAGE_NORMAL, "%.*s", (int)t->texto.size, (const char *)t->texto.data);
	parrafos_blank(p);
	if (!leads)
		ret->mute[0] = "aceptar";
	else if (terms)
		parrafos_add(p, PAGE_NORMAL,
			_("Enter: sigue el aviso de privacidad; después se firma."));
	else
		parrafos_add(p, PAGE_NORMAL,
			_("Enter, Aceptar: pasa a la firma de los términos. Todavía no firma."));
}

static enum err page(void *state, struct model *m, struct arena *a, int64_t now, struct page *ret)
{
	struct legal *s = state;
	const struct m_texto *t = model_texto(m, s->cual);
	struct parrafos p;

	(void)now;
	parrafos_init(&p, a);
	if (t != NULL) {
		whole(&p, s, m, t, ret);
	} else if (s->err != OK) {
		parrafos_add(&p, PAGE_WARNING, "%s", err_sentence(s->err));
		parrafos_add(&p, PAGE_NORMAL, _("r lo pide de nuevo."));
	}
	ret->title = strcmp(s->cual, MODEL_TERMINOS) == 0 ? _("Términos y condiciones")
							  : _("Aviso de privacidad");
	ret->status = s->status != NULL ? s->status
		      : s->asking && m->linea.fase == FASE_NADA
			      ? _("Pidiendo el texto… (Esc cancela)")
			      : NULL;
	return parrafos_text(&p, ret);
}

const struct view view_legal = {
	.screen = SCREEN_legal,
	.size = sizeof(struct legal),
	.open = open,
	.act = act,
	.arrived = arrived,
	.page = page,
};
