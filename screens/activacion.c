#include "screens/activacion.h"

#include "base/texto.h"
#include "ley/plazo_activar.h"
#include "screens/contacto.h"
#include "screens/parrafos.h"
#include "screens/representacion.h"

struct activacion {
	enum screen de; /* what can't be entered yet, and led here; SCREEN_acceso: nothing */
};

enum paso { PASO_MEDIOS, PASO_FIRMA, PASO_HECHO };

/* The first two steps are behind whoever sees this: they entered, with their e.firma. */
static enum paso paso(const struct model *m)
{
	if (model_habilitado(m))
		return PASO_HECHO;
	return contacto_listo(m) ? PASO_FIRMA : PASO_MEDIOS;
}

static struct effect open(
	void *state, struct model *m, const struct effect *from, const struct event *e)
{
	struct activacion *s = state;

	(void)m;
	(void)e;
	s->de = from->of;
	return effect_of(EFFECT_NONE);
}

static struct effect go(const struct model *m)
{
	switch (paso(m)) {
	case PASO_MEDIOS:
		return effect_to(EFFECT_OPEN, SCREEN_medios, NULL);
	case PASO_FIRMA:
		return effect_to(EFFECT_OPEN, SCREEN_legal, MODEL_TERMINOS);
	case PASO_HECHO:
	default:
		return effect_to(EFFECT_MENU, SCREEN_notificaciones, NULL);
	}
}

static struct effect act(void *state, struct model *m, const struct event *e)
{
	(void)state;
	if (e->kind != EVENT_ACTION)
		return effect_of(EFFECT_NONE);
	switch (e->action) {
	case ACTION_go:
		return go(m);
	case ACTION_terms:
		return effect_to(EFFECT_OPEN, SCREEN_legal, MODEL_TERMINOS);
	case ACTION_privacy:
		return effect_to(EFFECT_OPEN, SCREEN_legal, MODEL_PRIVACIDAD);
	case ACTION_papers:
		return effect_to(EFFECT_OPEN, SCREEN_papeles, NULL);
	case ACTION_refresh:
		return effect_of(EFFECT_SYNC);
	case ACTION_lock:
		return effect_of(EFFECT_LOCK);
	case ACTION_back:
		return effect_of(EFFECT_BACK);
	default:
		return effect_of(EFFECT_NONE);
	}
}

/* ---- the steps ---- */

/* Of that kind: what is registered and waits for its code, or that there is none. */
static void missing(struct parrafos *p, const struct model *m, const char *mecanismo, int64_t now,
	int64_t *ret_until)
{
	const struct m_medio *x = contacto_lugar(m, mecanismo, NULL, now, 0);
	bool correo = strcmp(mecanismo, CONTACTO_CORREO) == 0;

	if (contacto_validados(m, mecanismo, NULL) > 0)
		return;
	if (x == NULL)
		parrafos_add(p, PAGE_NORMAL, "%s",
			correo ? _("Falta un correo electrónico: regístralo en Mis medios de contacto.")
			       : _("Falta un teléfono celular: regístralo en Mis medios de contacto."));
	else if (x->vence == 0)
		parrafos_pair(p, _("Falta validar"), _("%s, en cuanto llegue su código"), x->medio);
	else
		parrafos_pair(p, _("Falta validar"), _("%s, hasta el %s%s; %s"), x->medio,
			parrafos_hora(p, x->vence),
			parrafos_domicilio(p, model_domicilio(m), x->vence),
			contacto_restan(p, x->vence, now, ret_until));
}

static void paso_medios(struct parrafos *p, const struct model *m, int64_t now, int64_t *ret_until)
{
	bool here = paso(m) == PASO_MEDIOS;

	if (!contacto_visibles(m)) {
		parrafos_add(p, PAGE_MUTED,
			_("3. Registrar y validar los medios de contacto: tu representación no "
			  "alcanza a verlos."));
		return;
	}
	parrafos_add(p, here ? PAGE_WARNING : PAGE_NORMAL,
		here ? _("3. Registrar y validar tus medios de contacto: AQUÍ ESTÁS (Enter).")
		     : _("3. Registrar y validar tus medios de contacto: hecho."));
	if (here) {
		missing(p, m, CONTACTO_CORREO, now, ret_until);
		missing(p, m, CONTACTO_CELULAR, now, ret_until);
	}
}

static void paso_firma(struct parrafos *p, const struct model *m)
{
	const struct m_cuenta *c = m->cuenta;

	if (paso(m) != PASO_FIRMA)
		parrafos_add(p, PAGE_MUTED,
			_("4. Firmar los términos y condiciones: cuando termine el paso 3."));
	else if (c != NULL && model_acto(m, ROUTE_ID_activar, c->terminos) != NULL)
		parrafos_add(p, PAGE_WARNING,
			_("4. Firmar los términos y condiciones: firmados y por enviar. Se envían solos "
			  "en cuanto haya conexión: no hace falta firmar otra vez."));
	else
		parrafos_add(p, PAGE_WARNING,
			_("4. Firmar los términos y condiciones: AQUÍ ESTÁS. Enter los muestra; después, el "
			  "aviso de privacidad, y al final se firma."));
}

/* there are none, or nobody has said yet whether there are. */
static const char *sin_rp(const struct m_cuenta *c)
{
	if (!c->padron)
		return _(
			"Este RFC todavía no está en el padrón del Buzón: no se sabe si tiene Registros "
			"Patronales. Puedes seguir sin ellos, o preguntar antes en tu subdelegación.");
	return _("No constan Registros Patronales de este RFC. Puedes seguir sin ellos; si debería "
		 "haberlos, detente y acláralo en tu subdelegación.");
}

/* */
static void pasos(struct parrafos *p, const struct model *m, int64_t now, int64_t *ret_until)
{
	parrafos_add(p, PAGE_NORMAL, _("1. Entrar al Buzón: hecho."));
	parrafos_add(p, PAGE_NORMAL, _("2. Autenticarte con tu e.firma: hecho."));
	paso_medios(p, m, now, ret_until);
	paso_firma(p, m);
	if (m->cuenta != NULL && m->cuenta->rps_count == 0)
		parrafos_add(p, PAGE_NORMAL, "%s", sin_rp(m->cuenta));
}

static void habilitado(struct parrafos *p, const struct m_cuenta *c)
{
	if (c != NULL && c->convenio_2020)
		parrafos_add(p, PAGE_DONE,
			_("Tu Buzón ya está habilitado: se activó con el acuerdo de 2020, que cuenta como "
			  "haber cumplido (Lineamientos 5.4). No hace falta nada."));
	else
		parrafos_add(p, PAGE_DONE, _("Tu Buzón está habilitado. No hace falta nada más."));
	if (c != NULL && c->habilitado != 0)
		parrafos_pair(
			p, _("Habilitado"), _("desde el %s"), parrafos_hora(p, c->habilitado));
}

/* L-T1: days are counted on civil dates of Zona Centro. */
static void plazo(struct parrafos *p, const struct model *m, int64_t now)
{
	int64_t until = m->cuenta != NULL ? m->cuenta->plazo : 0;

	if (m->cuenta == NULL || model_habilitado(m))
		return;
	if (until == 0) {
		parrafos_pair(p, _("Plazo para habilitarlo"), _("sin plazo señalado"));
		return;
	}
	int32_t days = plazo_activar_dias(until, now);
	const char *dia = parrafos_dia(p, zona_civil(zona_centro(), until).dia);

	if (days > 0)
		parrafos_pair(p, _("Plazo para habilitarlo"),
			ngettext("hasta el %s; queda %d día", "hasta el %s; quedan %d días",
				(unsigned long)days),
			dia, (int)days);
	else if (days == 0)
		parrafos_add(p, PAGE_URGENT,
			_("Plazo para habilitarlo: HOY, %s, es el último día."), dia);
	else
		parrafos_add(p, PAGE_URGENT,
			ngettext(
				"El plazo para habilitarlo VENCIÓ el %s, hace %d día: habilítalo cuanto "
				"antes.",
				"El plazo para habilitarlo VENCIÓ el %s, hace %d días: habilítalo cuanto "
				"antes.",
				(unsigned long)-days),
			dia, (int)-days);
}

/* ---- what stands below them ---- */

static void papeles(struct parrafos *p, const struct m_cuenta *c)
{
	if (c == NULL || c->papeles_count == 0)
		return;
	parrafos_blank(p);
	parrafos_add(p, PAGE_HEADING, _("Acuses (a los muestra)"));
	for (size_t i = 0; i < c->papeles_count; i++) {
		const struct m_papel *x = &c->papeles[i];
		const char *dia =
			fecha_text(p->arena, zona_civil(zona_centro(), x->fecha).dia, FECHA_LISTA);

		if (dia == NULL)
			p->failed = true;
		else
			parrafos_add(p, PAGE_NORMAL, "%s · %s · %s", x->tipo, dia, x->folio);
	}
}

/* */
static void ayuda(struct parrafos *p)
{
	parrafos_blank(p);
	parrafos_add(p, PAGE_HEADING, _("Si necesitas ayuda"));
	parrafos_add(p, PAGE_NORMAL,
		_("Centro de contacto: 800 623 23 23, opción 5 y después opción 5, de lunes a viernes "
		  "de 9:00 a 18:00 (Zona Centro)."));
	parrafos_add(p, PAGE_NORMAL,
		_("También, en el portal del IMSS y fuera de este programa, el servicio Aclaraciones "
		  "u Orientaciones, con el asunto «Activación Buzón IMSS»."));
}

static enum err page(void *state, struct model *m, struct arena *a, int64_t now, struct page *ret)
{
	const struct activacion *s = state;
	struct parrafos p;

	parrafos_init(&p, a);
	if (s->de != SCREEN_acceso && !model_habilitado(m))
		parrafos_add(&p, PAGE_WARNING,
			_("«%s» se usa con el Buzón habilitado (Lineamientos 5.2). Esto es lo que falta:"),
			texto(screen_row(s->de)->name));
	if (m->cuenta == NULL && !model_habilitado(m))
		parrafos_add(&p, PAGE_MUTED,
			_("Todavía no se recibe del servidor cómo va tu activación; r lo pide."));
	if (model_habilitado(m)) {
		habilitado(&p, m->cuenta);
	} else {
		(void)representacion_corta(&p, m, AMBITO_ACTIVACION, NIVEL_FIRMAR);
		pasos(&p, m, now, &ret->until);
	}
	plazo(&p, m, now);
	papeles(&p, m->cuenta);
	ayuda(&p);
	ret->title = _("Activación Buzón IMSS");
	return parrafos_text(&p, ret);
}

const struct view view_activacion = {
	.screen = SCREEN_activacion,
	.size = sizeof(struct activacion),
	.open = open,
	.act = act,
	.page = page,
};
