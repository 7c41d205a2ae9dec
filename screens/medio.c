#include "screens/medio.h"

#include <stdio.h>
#include "base/texto.h"
#include "screens/contacto.h"
#include "screens/medio_acciones.h"
#include "screens/parrafos.h"
#include "screens/representacion.h"

struct medio {
	char folio[MODEL_FOLIO];
	struct medio_acciones acciones;
};

static struct effect open(
	void *state, struct model *m, const struct effect *from, const struct event *e)
{
	struct medio *s = state;

	(void)m;
	(void)e;
	(void)snprintf(s->folio, sizeof(s->folio), "%s", from->folio);
	return effect_of(EFFECT_NONE);
}

static struct effect act(void *state, struct model *m, const struct event *e)
{
	struct medio *s = state;
	struct effect effect = effect_of(EFFECT_NONE);

	if (e->kind != EVENT_ACTION)
		return effect;
	s->acciones.status[0] = '\0';
	if (medio_acciones_do(&s->acciones, m, model_medio(m, s->folio), e, &effect))
		return effect;
	if (e->action == ACTION_refresh)
		return effect_of(EFFECT_SYNC);
	if (e->action == ACTION_lock)
		return effect_of(EFFECT_LOCK);
	return e->action == ACTION_back ? effect_of(EFFECT_BACK) : effect;
}

/* A date with its acuse, and the key that shows it. */
static void dated(struct parrafos *p, const char *fecha, int64_t instant, const char *label,
	const char *acuse)
{
	const char *text =
		instant != 0 ? hora_text(p->arena, zona_centro(), instant, HORA_LISTA) : "";

	if (text == NULL)
		p->failed = true;
	if (instant != 0)
		parrafos_pair(p, fecha, _("%s (Zona Centro)"), text != NULL ? text : "");
	if (acuse != NULL)
		parrafos_pair(p, label, "%s", acuse);
}

/* Why it is no more, or how it stands. */
static void estado(struct parrafos *p, const struct model *m, const struct m_medio *x, int64_t now)
{
	enum contacto_estado e = contacto_estado(x, now);
	const char *motivo = x->motivo != NULL ? x->motivo : "";
	const struct m_medio *old = x->reemplaza != NULL ? model_medio(m, x->reemplaza) : NULL;

	parrafos_pair(p, _("Estatus"), "%s", contacto_estatus(e));
	if (e == CONTACTO_VENCIDO)
		parrafos_add(p, PAGE_WARNING,
			_("Pasaron las %d horas sin validarse y su registro se canceló; regístralo de "
			  "nuevo desde la lista (n)."),
			CONTACTO_HORAS);
	else if (strcmp(motivo, "sustituido") == 0)
		parrafos_add(p, PAGE_NORMAL, _("Lo sustituyó otro medio al validarse."));
	else if (strcmp(motivo, "eliminado") == 0)
		parrafos_add(p, PAGE_NORMAL, _("Se eliminó a petición de quien firmó su baja."));
	if (e == CONTACTO_EN_PROCESO && old != NULL)
		parrafos_pair(p, _("Reemplaza a"),
			_("%s, que sigue en uso hasta que se valide este"), old->medio);
}

static void whole(struct parrafos *p, const struct model *m, const struct m_medio *x, int64_t now,
	int64_t *ret_until)
{
	parrafos_pair(p, _("Folio"), "%s", x->folio);
	parrafos_pair(p, _("Mecanismo de Comunicación"), "%s", contacto_mecanismo(x->mecanismo));
	parrafos_pair(p, _("Medio de Contacto"), "%s", x->medio);
	parrafos_pair(p, _("Para"), "%s", contacto_de(p, x->rp));
	estado(p, m, x, now);
	contacto_plazo(p, m, x, now, ret_until);
	contacto_aviso(p, x);
	parrafos_blank(p);
	dated(p, _("Fecha de Registro"), x->registrado, _("Acuse de Registro (a)"), x->folio);
	dated(p, _("Fecha de Validación"), x->validado, _("Acuse de Validación (A)"),
		x->acuse_validacion);
	dated(p, _("Fecha de Baja"), x->baja, _("Acuse de Baja (b)"), x->acuse_baja);
	if (contacto_bajo_minimo(m, x))
		parrafos_add(p, PAGE_NORMAL,
			_("Es el único validado de su clase para el RFC: sin él no se cumple el mínimo "
			  "de un correo y un celular."));
}

/* Only keys that do something here are offered; what a representative can't do is said. */
static void narrow(struct parrafos *p, const struct model *m, const struct m_medio *x, int64_t now,
	struct page *ret)
{
	bool no = representacion_corta(p, m, AMBITO_MEDIOS, NIVEL_FIRMAR) || x == NULL;

	if (no || contacto_estado(x, now) != CONTACTO_EN_PROCESO) {
		ret->mute[0] = "validar";
		ret->mute[1] = "reenviar";
	}
	if (no || x->baja != 0 || contacto_estado(x, now) == CONTACTO_VENCIDO)
		ret->mute[2] = "eliminar";
}

static enum err page(void *state, struct model *m, struct arena *a, int64_t now, struct page *ret)
{
	struct medio *s = state;
	const struct m_medio *x = model_medio(m, s->folio);
	struct parrafos p;

	parrafos_init(&p, a);
	narrow(&p, m, x, now, ret);
	if (x != NULL)
		whole(&p, m, x, now, &ret->until);
	else
		parrafos_add(&p, PAGE_WARNING,
			_("El medio %s ya no está en la lista; regresa a ella (Esc)."), s->folio);
	ret->title = _("Medio de contacto");
	if (s->acciones.status[0] != '\0')
		ret->status = s->acciones.status;
	return parrafos_text(&p, ret);
}

const struct view view_medio = {
	.screen = SCREEN_medio,
	.size = sizeof(struct medio),
	.open = open,
	.act = act,
	.page = page,
};
