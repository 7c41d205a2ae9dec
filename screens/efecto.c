#include "screens/efecto.h"

#include <stdio.h>
#include <string.h>
#include "base/texto.h"
#include "screens/efectos.h"
#include "screens/parrafos.h"

#define ROW_BYTES ((size_t)64 << 10) /* a row of the list, decoded */

struct efecto {
	char folio[MODEL_FOLIO];
	struct acto acto; /* what the signing dialogue is given */
	char acuse[MODEL_FOLIO];
	bool reasons;
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

static struct effect sign(struct efecto *s, struct model *m, int64_t now)
{
	ARENA(a, ROW_BYTES);
	struct fila row;
	struct effect effect = effect_to(EFFECT_OPEN, SCREEN_firmar, s->folio);
	struct efectos e;
	int year, month, day;

	if (tabla_find(&m->tabla, &a, s->folio, &row) != OK ||
		efectos_de(m, &row.m, now, &e) != OK) {
		s->status = _("Sin el calendario no se sabe qué fecha aceptarías; r sincroniza.");
		return effect_of(EFFECT_NONE);
	}
	if (model_acto(m, ROUTE_ID_notificacion_abrir, s->folio) != NULL) {
		s->status = _("Ya está firmada y por enviar: no se firma dos veces.");
		return effect_of(EFFECT_NONE);
	}
	if (row.m.abierta != 0)
		return effect_to(EFFECT_OPEN, SCREEN_documento, s->folio);
	if (model_nivel(m, AMBITO_NOTIFICACIONES) < NIVEL_ABRIR) {
		s->status = _("Tu representación no llega a abrir; arriba dice a quién pedirlo.");
		return effect_of(EFFECT_NONE);
	}
	fecha_split(e.abre.dia, &year, &month, &day);
	(void)snprintf(s->acto.fecha, sizeof(s->acto.fecha), "%04d-%02d-%02d", year % 10000,
		month % 100, day % 100);
	s->acto.route = ROUTE_ID_notificacion_abrir;
	(void)snprintf(s->acto.folio, sizeof(s->acto.folio), "%s", s->folio);
	effect.acto = &s->acto;
	return effect;
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
	/* From the reasons every way leads back to the sheet: nobody signs what they don't see. */
	if (s->reasons && (e->action == ACTION_sign || e->action == ACTION_back)) {
		s->reasons = false;
		return effect_of(EFFECT_NONE);
	}
	switch (e->action) {
	case ACTION_sign:
		return sign(s, m, e->now);
	case ACTION_reasons:
		s->reasons = !s->reasons;
		return effect_of(EFFECT_NONE);
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

static void header(struct parrafos *p, const struct m_notificacion *n)
{
	parrafos_pair(p, _("Folio"), "%s", n->folio);
	parrafos_pair(p, _("Documento"), "%s", n->documento);
	parrafos_pair(p, _("Oficio"), "%s", n->oficio);
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
	struct parrafos *p, const struct efectos *e, const struct zona *domicilio, int64_t now)
{
	int32_t today = zona_civil(zona_centro(), now).dia;
	const char *lapse = parrafos_printf(p, "%s%s", parrafos_hora(p, e->lapso.notificada),
		parrafos_domicilio(p, domicilio, e->lapso.notificada));
	const char *abre = parrafos_printf(p, "%s%s", parrafos_hora(p, e->abre.notificada),
		parrafos_domicilio(p, domicilio, e->abre.notificada));

	if (now >= e->lapso.notificada)
		parrafos_add(p, PAGE_NORMAL,
			_("Ya quedaste notificado el %s, por no haberse abierto en "
			  "plazo %s. Abrirla ahora sirve para leer el documento; "
			  "ya no cambia la fecha."),
			lapse, because(p, e));
	else if (!e->cambia)
		parrafos_add(p, PAGE_NORMAL,
			_("Si la abres ahora o no la abres, es igual: quedas "
			  "notificado el %s %s. Abrirla ya no cambia la fecha."),
			lapse, because(p, e));
	else
		parrafos_add(p, PAGE_NORMAL,
			_("Si la abres ahora, quedas notificado %s%s; si no la abres "
			  "%s, el %s %s."),
			e->abre.dia == today ? _("hoy ") : _("el "), abre,
			today == e->aviso.dias[2] ? _("hoy") : _("a tiempo"), lapse, because(p, e));
	if (e->fuera)
		parrafos_add(p, PAGE_WARNING,
			_("Ahora es fuera del horario de notificación: 09:30 a "
			  "18:00 de días hábiles, Zona Centro (Lineamientos 7.2)%s."),
			e->cambia ? _("; cuenta desde las 09:30 del día hábil que se dice") : "");
	if (domicilio != NULL)
		parrafos_add(p, PAGE_NORMAL,
			_("El horario es el de Zona Centro en todo el país; ahora "
			  "son las %s%s."),
			parrafos_hora(p, now), parrafos_domicilio(p, domicilio, now));
}

static void one_term(struct parrafos *p, const struct calendario *c, const char *when,
	const struct plazo_efecto *e, int64_t dias, bool runs)
{
	int32_t prudent;

	parrafos_add(p, PAGE_NORMAL,
		ngettext("%s: surte efectos el %s; el plazo de %lld día hábil %s del %s al %s.",
			"%s: surte efectos el %s; el plazo de %lld días hábiles %s del %s al %s.",
			(unsigned long)dias),
		when, parrafos_dia(p, e->surte), (long long)dias, runs ? _("corre") : _("correría"),
		parrafos_dia(p, e->primero), parrafos_dia(p, e->ultimo));
	if (dias > 1 && calendario_despues(c, e->surte, (int)dias - 1, &prudent) == OK)
		parrafos_add(p, PAGE_MUTED,
			_("  Fecha prudente: %s, por si el plazo se contara desde "
			  "el día en que surte efectos."),
			parrafos_dia(p, prudent));
}

static void terms(struct parrafos *p, const struct model *m, const struct m_notificacion *n,
	const struct efectos *e, int64_t now)
{
	const struct calendario *c = model_calendario(m);

	if (n->plazo_dias <= 0) {
		parrafos_add(p, PAGE_NORMAL,
			_("Surte efectos el día hábil siguiente (%s%s%s). El "
			  "documento no trae plazo para responder."),
			parrafos_dia(p, e->abre.surte), e->cambia ? _("; si no la abres, ") : "",
			e->cambia ? parrafos_dia(p, e->lapso.surte) : "");
		return;
	}
	if (e->cambia)
		one_term(p, c, _("Si la abres ahora"), &e->abre, n->plazo_dias, false);
	one_term(p, c, e->cambia ? _("Si no la abres") : _("Plazo para responder"), &e->lapso,
		n->plazo_dias, now >= e->lapso.notificada);
}

static void skipped(struct parrafos *p, const struct calendario *c, int32_t first, int32_t last)
{
	size_t n = 0;

	parrafos_blank(p);
	parrafos_add(p, PAGE_HEADING, _("Días inhábiles que se saltan, y por qué"));
	for (int32_t dia = first; dia <= last; dia++) {
		bool habil;
		const char *motivo;

		if (calendario_habil(c, dia, &habil, &motivo) != OK || habil)
			continue;
		parrafos_pair(p, parrafos_dia(p, dia), "%s%s", texto(motivo),
			strstr(motivo, ":") == NULL ? _(" (CFF 12)") : "");
		n++;
	}
	if (n == 0)
		parrafos_add(p, PAGE_NORMAL, _("Ninguno."));
}

static void rules(struct parrafos *p)
{
	parrafos_blank(p);
	parrafos_add(p, PAGE_HEADING, _("Reglas"));
	parrafos_add(p, PAGE_NORMAL,
		_("Lineamientos 7.4: tres días hábiles para abrir, desde el día hábil siguiente al "
		  "aviso. "
		  "7.5: si no se abre, se tiene por notificado el cuarto día hábil a las 09:30. 7.2: "
		  "se "
		  "notifica de 09:30 a 18:00, Zona Centro, de días hábiles; fuera de ahí cuenta "
		  "desde las "
		  "09:30 del siguiente. CFF 135: surte efectos el día hábil siguiente, y el plazo "
		  "empieza "
		  "el día hábil después de ese."));
}

static void effects(
	struct parrafos *p, const struct model *m, const struct m_notificacion *n, int64_t now)
{
	const struct zona *domicilio = model_domicilio(m);
	struct efectos e;

	parrafos_add(p, PAGE_HEADING, _("Qué pasa si la abres, y qué pasa si no"));
	if (efectos_de(m, n, now, &e) != OK) {
		parrafos_add(p, PAGE_WARNING,
			_("%s Según el servidor, si no la abres quedas notificado "
			  "el %s."),
			err_sentence(ERR_HORIZON), parrafos_hora(p, n->vence));
		return;
	}
	sentence(p, &e, domicilio, now);
	terms(p, m, n, &e, now);
	if (e.lapso.notificada != n->vence)
		parrafos_add(p, PAGE_WARNING,
			_("El servidor dice otra fecha si no la abres: %s. Vale la "
			  "más temprana; pide una aclaración."),
			parrafos_hora(p, n->vence));
}

/* Every día inhábil between the aviso and the last day of the later term, and the rules. */
static void reasons(
	struct parrafos *p, const struct model *m, const struct m_notificacion *n, int64_t now)
{
	struct efectos e;

	parrafos_add(p, PAGE_HEADING, _("Por qué esas fechas"));
	if (efectos_de(m, n, now, &e) != OK) {
		parrafos_add(p, PAGE_WARNING, "%s", err_sentence(ERR_HORIZON));
		return;
	}
	skipped(p, model_calendario(m), zona_civil(zona_centro(), e.aviso.aviso).dia,
		e.lapso.ultimo);
	rules(p);
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
	if (s->reasons) {
		ret->part = 1;
		reasons(&p, m, &row.m, now);
		return parrafos_text(&p, ret);
	}
	header(&p, &row.m);
	if (row.m.abierta != 0)
		parrafos_add(&p, PAGE_NORMAL,
			_("Ya se abrió el %s. Enter muestra el documento; a, el "
			  "acuse."),
			parrafos_hora(&p, row.m.abierta));
	else {
		out_of_reach(&p, m, ret);
		signed_already(&p, model_acto(m, ROUTE_ID_notificacion_abrir, s->folio));
		effects(&p, m, &row.m, now);
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
