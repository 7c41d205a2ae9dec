#include "screens/efecto.h"

#include <stdio.h>
#include <string.h>
#include "base/texto.h"
#include "screens/expediente.h"
#include "screens/model.h"
#include "screens/view.h"

#define ROW_BYTES ((size_t)256 << 10) /* a row of the list, decoded, and a calendar */

struct efecto {
	char folio[MODEL_FOLIO];
	struct acto acto; /* what the signing dialogue is given */
	char acuse[MODEL_FOLIO];
	const char *status;
};

static struct effect open(
	void *state, struct model *m, const struct effect *from, const struct event *e)
{
	struct efecto *s = state;

	(void)m;
	(void)e;
	(void)snprintf(s->folio, sizeof(s->folio), "%s", from->folio);
	return effect_of(EFFECT_NONE);
}

/* Where opening is past its document is what there is to see, if the signer may. */
static struct effect past(struct efecto *s, const struct fila *row)
{
	if (row->estado != FILA_RETIRADA)
		return effect_to(EFFECT_OPEN, SCREEN_documento, s->folio);
	s->status = err_sentence(ERR_WITHDRAWN);
	return effect_of(EFFECT_NONE);
}

static struct effect sign(struct efecto *s, struct model *m, int64_t now)
{
	ARENA(a, ROW_BYTES);
	struct fila row;
	struct effect effect = effect_to(EFFECT_OPEN, SCREEN_firmar, s->folio);
	struct efectos e;
	const char *fecha = NULL;
	enum err err = tabla_find(&m->tabla, &a, s->folio, &row);

	if (err == OK && fila_cerrada(&row))
		return past(s, &row);
	if (err == OK)
		err = efectos_de(&a, m, &row, now, &e);
	if (err != OK) {
		s->status = _("Sin el calendario no se sabe qué fecha aceptarías; r sincroniza.");
		return effect_of(EFFECT_NONE);
	}
	if (model_acto(m, ROUTE_ID_notificacion_abrir, s->folio) != NULL) {
		s->status = _("Ya está firmada y por enviar: no se firma dos veces.");
		return effect_of(EFFECT_NONE);
	}
	if (e.estado == EFECTOS_NOTIFICADA)
		return past(s, &row);
	if (model_nivel(m, AMBITO_NOTIFICACIONES) < NIVEL_ABRIR) {
		s->status = _("Tu representación no llega a abrir; arriba dice a quién pedirlo.");
		return effect_of(EFFECT_NONE);
	}
	fecha = fecha_text(&a, e.abre.e.dia, FECHA_ISO);
	(void)snprintf(s->acto.fecha, sizeof(s->acto.fecha), "%s", fecha != NULL ? fecha : "");
	s->acto.route = ROUTE_ID_notificacion_abrir;
	(void)snprintf(s->acto.folio, sizeof(s->acto.folio), "%s", s->folio);
	effect.acto = &s->acto;
	return fecha != NULL ? effect : effect_of(EFFECT_NONE);
}

static struct effect receipt(struct efecto *s, struct model *m)
{
	ARENA(a, ROW_BYTES);
	struct fila row;

	if (tabla_find(&m->tabla, &a, s->folio, &row) != OK || row.m.acuse == NULL) {
		s->status = _("Todavía no hay acuse: lo habrá al abrirse o al vencer el plazo.");
		return effect_of(EFFECT_NONE);
	}
	(void)snprintf(s->acuse, sizeof(s->acuse), "%s", row.m.acuse);
	return effect_to(EFFECT_OPEN, SCREEN_acuse, s->acuse);
}

static struct effect act(void *state, struct model *m, const struct event *e)
{
	struct efecto *s = state;

	if (e->kind != EVENT_ACTION)
		return effect_of(EFFECT_NONE);
	s->status = NULL;
	switch (e->action) {
	case ACTION_sign:
		return sign(s, m, e->now);
	case ACTION_reasons:
		return effect_to(EFFECT_OPEN, SCREEN_razones, s->folio);
	case ACTION_card:
		return effect_to(EFFECT_OPEN, SCREEN_ficha, s->folio);
	case ACTION_timeline:
		return effect_to(EFFECT_OPEN, SCREEN_cronologia, s->folio);
	case ACTION_receipt:
		return receipt(s, m);
	case ACTION_refresh:
		return effect_of(EFFECT_SYNC);
	case ACTION_back:
		return effect_of(EFFECT_BACK);
	default:
		return effect_of(EFFECT_NONE);
	}
}

static void header(struct parrafos *p, const struct model *m, const struct m_notificacion *n)
{
	parrafos_pair(p, _("Folio"), "%s", n->folio);
	parrafos_pair(p, _("Documento"), "%s", n->documento);
	parrafos_pair(p, _("Oficio"), "%s", n->oficio);
	if (model_tipo(m, n->tipo) != NULL)
		parrafos_pair(p, _("Tipo de acto"), "%s", expediente_tipo(p, m, n->tipo));
	if (n->rp != NULL)
		parrafos_pair(p, _("Registro Patronal"), "%s", n->rp);
	if (n->subdelegacion != NULL)
		parrafos_pair(p, _("Subdelegación"), "%s", n->subdelegacion);
	parrafos_pair(p, _("Firmado por"), "%s%s%s", n->funcionario, n->cargo != NULL ? ", " : "",
		n->cargo != NULL ? n->cargo : "");
	parrafos_blank(p);
}

static int day_of_month(int32_t dia)
{
	int year, month, day;

	fecha_split(dia, &year, &month, &day);
	return day;
}

/* "(aviso del 09/nov; días hábiles 10, 11, 12; cuarto día 13)" */
static const char *because(struct parrafos *p, const struct efectos *e)
{
	const struct plazo_aviso *av = &e->aviso;
	const char *aviso =
		fecha_text(p->arena, zona_civil(zona_centro(), av->aviso).dia, FECHA_LISTA);

	return parrafos_printf(p, _("(aviso del %.*s; días hábiles %d, %d, %d; cuarto día %d)"),
		aviso == NULL ? 0 : (int)strlen(aviso) - 5, aviso == NULL ? "" : aviso,
		day_of_month(av->dias[0]), day_of_month(av->dias[1]), day_of_month(av->dias[2]),
		day_of_month(av->cuarto));
}

/* What opening now does, and what waiting does: the sentence that is accepted by signing. */
static void sentence(
	struct parrafos *p, const struct model *m, const struct efectos *e, int64_t now)
{
	int32_t today = zona_civil(zona_centro(), now).dia;
	const char *lapse = expediente_hora(p, m, e->lapso.e.notificada);
	const char *abre = expediente_hora(p, m, e->abre.e.notificada);

	if (e->estado == EFECTOS_NOTIFICADA)
		parrafos_add(p, PAGE_NORMAL,
			_("Ya quedaste notificado el %s, por no haberse abierto en plazo %s. Ya no "
			  "hay nada que abrir ni que firmar: Enter muestra el documento."),
			lapse, because(p, e));
	else if (e->estado == EFECTOS_IGUAL)
		parrafos_add(p, PAGE_NORMAL,
			_("Si la abres ahora o no la abres, es igual: quedas "
			  "notificado el %s %s. Abrirla ya no cambia la fecha."),
			lapse, because(p, e));
	else
		parrafos_add(p, PAGE_NORMAL,
			_("Si la abres ahora, quedas notificado %s%s; si no la abres "
			  "%s, el %s %s."),
			e->abre.e.dia == today ? _("hoy ") : _("el "), abre,
			/* On its last day, past the window it is the lapse's date already (7.2). */
			today == e->aviso.dias[2] ? _("hoy, a más tardar a las 18:00")
						  : _("a tiempo"),
			lapse, because(p, e));
	if (e->fuera && e->estado != EFECTOS_NOTIFICADA)
		parrafos_add(p, PAGE_WARNING,
			_("Ahora es fuera del horario de notificación: 09:30 a "
			  "18:00 de días hábiles, Zona Centro (Lineamientos 7.2)%s."),
			e->estado == EFECTOS_CAMBIA
				? _("; cuenta desde las 09:30 del día hábil que se dice")
				: "");
	if (model_domicilio(m) != NULL)
		parrafos_add(p, PAGE_NORMAL,
			_("El horario es el de Zona Centro en todo el país; ahora "
			  "son las %s."),
			expediente_hora(p, m, now));
}

static void no_term(struct parrafos *p, const struct efectos *e)
{
	bool both = e->estado == EFECTOS_CAMBIA && !e->abre.sin_efecto;

	if (e->lapso.sin_efecto) {
		expediente_plazo(p, e, &e->lapso, _("Si no la abres"), false);
		return;
	}
	parrafos_add(p, PAGE_NORMAL,
		_("Surte efectos el día hábil siguiente (%s%s%s). El "
		  "documento no trae plazo para responder."),
		parrafos_dia(p, both ? e->abre.e.surte : e->lapso.e.surte),
		both ? _("; si no la abres, ") : "", both ? parrafos_dia(p, e->lapso.e.surte) : "");
	if (e->lapso.prudente != 0 && e->estado != EFECTOS_NOTIFICADA)
		parrafos_add(p, PAGE_MUTED, _("  Fecha prudente para abrirla: %s, %s."),
			parrafos_dia(p, e->lapso.prudente), texto(e->lapso.motivo));
}

static void terms(struct parrafos *p, const struct efectos *e)
{
	bool changes = e->estado == EFECTOS_CAMBIA;

	if (e->plazo_dias <= 0) {
		no_term(p, e);
		return;
	}
	if (changes)
		expediente_plazo(p, e, &e->abre, _("Si la abres ahora"), false);
	expediente_plazo(p, e, &e->lapso, changes ? _("Si no la abres") : _("Plazo para responder"),
		e->estado == EFECTOS_NOTIFICADA);
	if (e->plazo_para != NULL)
		expediente_para(p, e->plazo_para);
}

static void effects(struct parrafos *p, const struct model *m, const struct fila *row, int64_t now)
{
	struct efectos e;

	parrafos_add(p, PAGE_HEADING, _("Qué pasa si la abres, y qué pasa si no"));
	if (efectos_de(p->arena, m, row, now, &e) != OK) {
		parrafos_add(p, PAGE_WARNING,
			_("%s Según el servidor, si no la abres quedas notificado "
			  "el %s."),
			err_sentence(ERR_HORIZON), expediente_hora(p, m, row->m.vence));
		return;
	}
	expediente_cambio(p, m, &row->m);
	sentence(p, m, &e, now);
	terms(p, &e);
	/* A calendar that was published later moves no lapse nearer, and says so in `cambio`. */
	if (e.estado != EFECTOS_NOTIFICADA && e.contado != row->m.vence && row->m.cambio == NULL)
		parrafos_add(p, PAGE_WARNING,
			_("El calendario de aquí daría otra fecha si no la abres: %s. Vale la que "
			  "dijo el servidor; si te perjudica, pide una aclaración."),
			parrafos_hora(p, e.contado));
	expediente_calendario(p, m, &e);
}

static void signed_already(struct parrafos *p, const struct model_acto *acto)
{
	if (acto != NULL)
		parrafos_add(p, PAGE_WARNING,
			_("Ya firmaste su apertura; se envía sola en cuanto haya "
			  "conexión, hasta el %s. Si no llega para entonces, no "
			  "surte efecto y se firma de nuevo."),
			parrafos_hora(p, acto->cuando));
}

/* L-4.2, A-16: what a representative may not do is said before they try, and whom to ask. */
static void out_of_reach(struct parrafos *p, const struct model *m, struct page *ret)
{
	enum nivel nivel = model_nivel(m, AMBITO_NOTIFICACIONES);

	if (nivel >= NIVEL_ABRIR)
		return;
	parrafos_add(p, PAGE_WARNING,
		_("Tu representación no llega a abrirla (llega a: %s). Pide a %s, %s, que la abra con su "
		  "e.firma o que te dé ese permiso; el plazo corre igual."),
		nivel != NIVEL_NADA ? texto(nivel_nombre(nivel)) : _("nada"), m->e.titular,
		m->e.nombre);
	ret->mute[0] = "firmar";
}

static enum err page(void *state, struct model *m, struct arena *a, int64_t now, struct page *ret)
{
	struct efecto *s = state;
	struct fila row;
	struct parrafos p;

	parrafos_init(&p, a);
	ret->title = _("Antes de abrir");
	ret->status = s->status;
	if (tabla_find(&m->tabla, a, s->folio, &row) != OK) {
		parrafos_add(&p, PAGE_WARNING, "%s",
			err_sentence(m->tabla.err != OK ? m->tabla.err : ERR_NOT_FOUND));
		return parrafos_text(&p, ret);
	}
	header(&p, m, &row.m);
	if (row.m.abierta != 0)
		parrafos_add(&p, PAGE_NORMAL,
			_("Ya se abrió el %s. Enter muestra el documento; a, el "
			  "acuse."),
			parrafos_hora(&p, row.m.abierta));
	else if (row.estado == FILA_RETIRADA)
		parrafos_add(&p, PAGE_WARNING, "%s %s", err_sentence(ERR_WITHDRAWN),
			row.m.motivo != NULL ? row.m.motivo : "");
	else {
		if (!fila_cerrada(&row))
			out_of_reach(&p, m, ret);
		signed_already(&p, model_acto(m, ROUTE_ID_notificacion_abrir, s->folio));
		effects(&p, m, &row, now);
	}
	return parrafos_text(&p, ret);
}

const struct view view_efecto = {
	.screen = SCREEN_efecto,
	.size = sizeof(struct efecto),
	.open = open,
	.act = act,
	.page = page,
};
