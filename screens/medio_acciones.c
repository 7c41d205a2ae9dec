#include "screens/medio_acciones.h"

#include <stdarg.h>
#include <stdio.h>
#include "base/texto.h"
#include "screens/contacto.h"

static struct effect say(struct medio_acciones *s, const char *text)
{
	(void)snprintf(s->status, sizeof(s->status), "%s", text);
	return effect_of(EFFECT_NONE);
}

static struct effect paper(struct medio_acciones *s, const char *folio, const char *none)
{
	if (folio == NULL || folio[0] == '\0')
		return say(s, none);
	(void)snprintf(s->folio, sizeof(s->folio), "%s", folio);
	return effect_to(EFFECT_OPEN, SCREEN_acuse, s->folio);
}

/* Why it can't be validated any more; NULL: it can. */
static const char *settled(const struct m_medio *x, int64_t now)
{
	switch (contacto_estado(x, now)) {
	case CONTACTO_VALIDADO:
		return _("Ese medio ya está validado: no hace falta nada más.");
	case CONTACTO_VENCIDO:
		return _("Pasaron las 72 horas y su registro se canceló; n registra uno nuevo.");
	case CONTACTO_BAJA:
		return _("Ese medio ya se dio de baja; n registra uno nuevo.");
	case CONTACTO_EN_PROCESO:
	default:
		return NULL;
	}
}

static struct effect sign(
	struct medio_acciones *s, const struct model *m, const struct m_medio *x, enum route route)
{
	struct effect effect = effect_to(EFFECT_OPEN, SCREEN_firmar, NULL);

	if (model_acto(m, route, x->folio) != NULL)
		return say(s, _("Ya está firmado y por enviar: no se firma dos veces."));
	s->acto = (struct acto){.route = route,
		.bajo_minimo = route == ROUTE_ID_medio_baja && contacto_bajo_minimo(m, x)};
	(void)snprintf(s->acto.folio, sizeof(s->acto.folio), "%s", x->folio);
	effect.acto = &s->acto;
	return effect;
}

bool medio_acciones_firma(struct medio_acciones *s, const struct model *m)
{
	if (model_nivel(m, AMBITO_MEDIOS) >= NIVEL_FIRMAR)
		return true;
	(void)say(s, _("Tu representación no llega a eso; arriba dice a quién pedirlo."));
	return false;
}

static struct effect of_medium(
	struct medio_acciones *s, struct model *m, const struct m_medio *x, const struct event *e)
{
	const char *why = settled(x, e->now);

	switch (e->action) {
	case ACTION_medium_validate:
		(void)snprintf(s->folio, sizeof(s->folio), "%s", x->folio);
		return why != NULL ? say(s, why)
				   : effect_to(EFFECT_OPEN, SCREEN_medio_validar, s->folio);
	case ACTION_medium_resend:
		return why != NULL ? say(s, why) : sign(s, m, x, ROUTE_ID_medio_reenviar);
	case ACTION_medium_remove:
		return why != NULL && x->validado == 0 ? say(s, why)
		       : x->baja != 0		       ? say(s, _("Ese medio ya se dio de baja."))
						       : sign(s, m, x, ROUTE_ID_medio_baja);
	case ACTION_receipt:
		return paper(s, x->folio, "");
	case ACTION_receipt_valid:
		return paper(s, x->acuse_validacion,
			_("Todavía no hay acuse de validación: lo habrá cuando se valide (v)."));
	default:
		return paper(s, x->acuse_baja, _("No hay acuse de baja: el medio sigue vigente."));
	}
}

/* What is signed here; the rest only shows papers. */
static bool changes(enum action action)
{
	return action == ACTION_medium_validate || action == ACTION_medium_resend ||
	       action == ACTION_medium_remove;
}

bool medio_acciones_do(struct medio_acciones *s, struct model *m, const struct m_medio *x,
	const struct event *e, struct effect *ret_effect)
{
	if (changes(e->action) && !medio_acciones_firma(s, m)) {
		*ret_effect = effect_of(EFFECT_NONE);
		return true;
	}
	switch (e->action) {
	case ACTION_medium_validate:
	case ACTION_medium_resend:
	case ACTION_medium_remove:
	case ACTION_receipt:
	case ACTION_receipt_valid:
	case ACTION_receipt_end:
		*ret_effect = x != NULL ? of_medium(s, m, x, e)
					: say(s, _("No hay un medio señalado; n registra uno."));
		return true;
	default:
		return false;
	}
}
