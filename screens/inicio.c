#include "screens/inicio.h"

#include "base/texto.h"
#include "screens/acto.h"
#include "screens/mundo.h"
#include "screens/parrafos.h"
#include "screens/representacion.h"

#define SHOWN 5
#define OTHERS 3
#define DAY_MS INT64_C(86400000)
/* How long papers are kept, and how long before its end that is said. */
#define YEARS 5
#define SOON_DAYS 90

static struct effect open(
	void *state, struct model *m, const struct effect *from, const struct event *e)
{
	(void)state;
	(void)m;
	(void)from;
	(void)e;
	return effect_of(EFFECT_NONE);
}

static struct effect act(void *state, struct model *m, const struct event *e)
{
	(void)state;
	if (e->kind != EVENT_ACTION)
		return effect_of(EFFECT_NONE);
	switch (e->action) {
	case ACTION_go:
		return effect_to(EFFECT_MENU,
			model_habilitado(m) ? SCREEN_notificaciones : SCREEN_activacion, NULL);
	case ACTION_refresh:
		return effect_of(EFFECT_SYNC);
	case ACTION_forget:
		return effect_of(EFFECT_FORGET);
	case ACTION_lock:
		return effect_of(EFFECT_LOCK);
	case ACTION_back:
		return effect_of(EFFECT_QUIT);
	default:
		return effect_of(EFFECT_NONE);
	}
}

static void due(struct parrafos *p, const struct fila *row, int64_t now)
{
	bool today = zona_civil(zona_centro(), row->due).dia == zona_civil(zona_centro(), now).dia;
	enum page_style style = today || row->due <= now ? PAGE_URGENT : PAGE_NORMAL;
	const char *hoy = today ? _("HOY ") : "";

	if (row->estado != FILA_POR_ABRIR)
		parrafos_add(p, style, _("%s%s · termina el plazo para responder: %s (%s)"), hoy,
			parrafos_dia(p, row->ultimo), row->m.documento, row->m.folio);
	else if (row->due <= now)
		parrafos_add(p, style, _("%s · notificada por no abrirse en plazo: %s (%s)"),
			parrafos_hora(p, row->due), row->m.documento, row->m.folio);
	else
		parrafos_add(p, style, _("%s%s · si no la abres antes, quedas notificado: %s (%s)"),
			hoy, parrafos_hora(p, row->due), row->m.documento, row->m.folio);
}

static void all_due(struct parrafos *p, struct model *m, int64_t now)
{
	size_t count = tabla_totales(&m->tabla)->vence;
	struct fila row;

	parrafos_add(p, PAGE_HEADING, _("Lo que vence primero"));
	for (size_t i = 0; i < count && i < SHOWN; i++)
		if (tabla_at(&m->tabla, p->arena, i, &row) == OK)
			due(p, &row, now);
	if (count > SHOWN)
		parrafos_add(p, PAGE_NORMAL, _("y %zu más en Notificaciones"), count - SHOWN);
	if (m->tabla.err != OK)
		parrafos_add(p, PAGE_WARNING, "%s", err_sentence(m->tabla.err));
	else if (count == 0 && m->cursor[0] != '\0')
		parrafos_add(p, PAGE_NORMAL, _("Nada por vencer."));
	else if (count == 0)
		parrafos_add(p, PAGE_MUTED, _("Todavía no se recibe nada del servidor."));
}

/* announced 90, 30 and 7 days before; a lapse excuses no obligation. */
static void validity(struct parrafos *p, const struct model *m, int64_t now)
{
	int64_t hasta = m->firma.hasta != 0 ? m->firma.hasta
			: m->entrado	    ? m->e.certificado_vence
					    : 0;
	int64_t days = (hasta - now) / DAY_MS;

	if (hasta == 0)
		return;
	parrafos_pair(p, _("Vigencia de la e.firma"), _("hasta el %s"), parrafos_hora(p, hasta));
	if (now > hasta)
		parrafos_add(p, PAGE_URGENT,
			_("Tu e.firma VENCIÓ: no puedes firmar. Renuévala en el "
			  "SAT; que haya vencido no excusa ninguna obligación."));
	else if (days <= 7)
		parrafos_add(p, PAGE_URGENT,
			ngettext("Tu e.firma vence en %lld día: renuévala YA en el SAT "
				 "(SAT ID o cita). Que venza no excusa ninguna obligación.",
				"Tu e.firma vence en %lld días: renuévala YA en el SAT "
				"(SAT ID o cita). Que venza no excusa ninguna obligación.",
				(unsigned long)days),
			(long long)days);
	else if (days <= 30)
		parrafos_add(p, PAGE_WARNING,
			_("Tu e.firma vence en %lld días: renuévala en el SAT "
			  "mientras siga vigente (en línea, con ella misma)."),
			(long long)days);
	else if (days <= 90)
		parrafos_add(p, PAGE_WARNING,
			_("Tu e.firma vence en %lld días: prepara su renovación "
			  "en el SAT."),
			(long long)days);
}

static void line(struct parrafos *p, const struct model *m)
{
	parrafos_pair(p, _("Servidor"), "%s", m->perfil.servidor != NULL ? m->perfil.servidor : "");
	if (m->linea.desde != 0)
		parrafos_add(p, PAGE_WARNING, _("Sin sincronizar desde %s: %s%s"),
			parrafos_hora(p, m->linea.desde), err_sentence(m->linea.err),
			m->linea.err != ERR_UNKNOWN_KEY ? _(" Se reintenta solo; r reintenta ya.")
							: "");
	if (m->por_enviar > 0)
		parrafos_pair(p, _("Actos por enviar"), _("%zu, ya firmados; se envían solos"),
			m->por_enviar);
	if (m->entrado)
		parrafos_pair(p, _("Sesión de lectura"), _("hasta el %s"),
			parrafos_hora(p, m->e.lectura_vence));
}

/* The copy on this device: that it is not kept, or that one is there for whom this key is new. */
static void copy(struct parrafos *p, const struct model *m)
{
	if (m->copia.err != OK)
		parrafos_add(p, PAGE_WARNING,
			_("La copia local no se guarda: %s Esta sesión sigue en memoria; al salir se "
			  "olvida, y al entrar se baja de nuevo."),
			err_sentence(m->copia.err));
	if (m->copia.otras > 0)
		parrafos_add(p, PAGE_WARNING,
			_("Hay %s, con lo que tuviera de borradores. Si renovaste tu e.firma, "
			  "consérvalos o descártalos con: buzon-tui renovar"),
			m->copia.otras == 1 ? _("una copia local de otro certificado")
					    : _("copias locales de otros certificados"));
}

/* What was refused for good: what it was, why, and that it is not signed again by itself. */
static void acts(struct parrafos *p, const struct model *m)
{
	for (size_t i = 0; i < m->acto_count; i++) {
		const struct model_acto *acto = &m->actos[i];
		const char *que = acto_texto(p->arena, acto);

		if (que == NULL)
			p->failed = true;
		else if (acto->err == OK)
			parrafos_pair(p, _("Por enviar"), _("%s, hasta el %s"), que,
				parrafos_hora(p, acto->cuando));
		else
			parrafos_add(p, PAGE_WARNING,
				_("No se admitió: %s (%s). %s x lo quita de aquí."), que,
				parrafos_hora(p, acto->cuando), err_sentence(acto->err));
	}
}

/* What another profile has to do today, or why that can't be told. */
static void others(struct parrafos *p, const struct mundo *w, int64_t now)
{
	const char *names = "";
	size_t due_today = 0;
	size_t named = 0;

	if (w == NULL || w->count < 2)
		return;
	for (size_t i = 0; i < w->count; i++) {
		size_t n = i != w->actual ? mundo_due_today(&w->perfiles[i], now) : 0;

		due_today += n;
		if (n > 0 && ++named <= OTHERS)
			names = parrafos_printf(
				p, "%s%s%s", names, named == 1 ? "" : ", ", w->perfiles[i].nombre);
	}
	if (named > OTHERS)
		names = parrafos_printf(p, _("%s y %zu más"), names, named - OTHERS);
	if (due_today > 0)
		parrafos_add(p, PAGE_URGENT,
			ngettext("Otros perfiles: %zu vencimiento HOY en %s; T lo muestra",
				"Otros perfiles: %zu vencimientos HOY en %s; T los muestra",
				due_today),
			due_today, names);
	names = mundo_names(p->arena, w, mundo_unreadable, &named);
	if (names == NULL)
		p->failed = true;
	else if (named > 0)
		parrafos_add(p, PAGE_WARNING,
			_("No se puede leer lo guardado de %s; P dice por qué"), names);
	names = mundo_names(p->arena, w, mundo_locked, &named);
	if (names == NULL)
		p->failed = true;
	else if (named > 0)
		parrafos_add(p, PAGE_MUTED,
			ngettext("Otros perfiles: %zu bloqueado (%s); P lo abre",
				"Otros perfiles: %zu bloqueados (%s); P los abre", named),
			named, names);
}

/* Those that are over count for nobody. */
static size_t open_ones(const struct m_representacion *rows, size_t count, int64_t now)
{
	size_t n = 0;

	for (size_t i = 0; i < count; i++)
		n += representacion_abierta(&rows[i], now);
	return n;
}

/* What waits for this person's signature; who acts for whom. */
static void representatives(struct parrafos *p, const struct model *m, int64_t now)
{
	const struct m_cuenta *c = m->cuenta;
	const char *permisos;

	if (c == NULL)
		return;
	for (size_t i = 0; i < c->representados_count; i++) {
		const struct m_representacion *r = &c->representados[i];

		if (representacion_estado(r, now) == REPRESENTACION_POR_ACEPTAR)
			parrafos_add(p, PAGE_URGENT,
				_("%s te nombró su representante: falta tu firma, antes del %s; R lo "
				  "muestra"),
				r->titular, parrafos_hora(p, r->acepta_antes));
	}
	if (!model_representa(m)) {
		parrafos_pair(p, _("Representantes"), _("%zu; RFC que te dieron acceso, %zu (R)"),
			open_ones(c->representantes, c->representantes_count, now),
			open_ones(c->representados, c->representados_count, now));
		return;
	}
	permisos = representacion_permisos(p->arena, c->permisos, c->permisos_count);
	if (permisos == NULL)
		p->failed = true;
	else
		parrafos_pair(p, _("En nombre de"), _("%s; puedes: %s"), c->titular,
			permisos[0] != '\0' ? permisos : _("nada ahora"));
}

/* O-06: what comes before everything else; nothing of the list is told before it is done (5.2). */
static void activate(struct parrafos *p, const struct model *m)
{
	if (model_representa(m))
		parrafos_add(p, PAGE_WARNING,
			_("El Buzón de %s no está habilitado: todavía no se ven ni se reciben "
			  "notificaciones en él. Enter dice lo que falta (Activación Buzón IMSS)."),
			m->e.titular);
	else
		parrafos_add(p, PAGE_WARNING,
			_("Tu Buzón no está habilitado: todavía no puedes ver ni recibir notificaciones aquí. "
			  "Enter dice lo que falta (Activación Buzón IMSS)."));
	parrafos_blank(p);
}

/* What falls due, here and in other profiles, and how much there is. */
static void mail(struct parrafos *p, struct model *m, int64_t now)
{
	all_due(p, m, now);
	others(p, m->mundo, now);
	parrafos_blank(p);
	parrafos_pair(p, _("Notificaciones"), _("%zu por abrir, %zu en total"),
		tabla_totales(&m->tabla)->por_filtro[FILTRO_POR_ABRIR],
		tabla_totales(&m->tabla)->filas);
	parrafos_blank(p);
}

/* The same day of another year; 29 Feb: the day behind it. */
static int32_t years_after(int32_t dia, int years)
{
	int y = 0;
	int m = 0;
	int d = 0;

	fecha_split(dia, &y, &m, &d);
	return fecha_of(y + years, m, d);
}

/* Lineamientos 6.1, 7.7: five years; what ends soon is offered to be kept. */
static void five_years(struct parrafos *p, struct model *m, int64_t now)
{
	const struct zona *zc = zona_centro();
	int64_t from = zona_instant(zc, years_after(zona_civil(zc, now).dia, -YEARS), 0);
	int64_t first = 0;
	size_t count = 0;

	if (m->local == NULL ||
		local_entre(m->local, from, from + SOON_DAYS * DAY_MS, &count, &first) != OK ||
		count == 0)
		return;
	parrafos_add(p, PAGE_WARNING,
		ngettext("%zu notificación cumple cinco años, desde el %s: después el Buzón ya no "
			 "está obligado a mostrarla. Guárdala antes con: buzon-tui exportar",
			"%zu notificaciones cumplen cinco años, desde el %s: después el Buzón ya no "
			"está obligado a mostrarlas. Guárdalas antes con: buzon-tui exportar",
			(unsigned long)count),
		count, parrafos_dia(p, years_after(zona_civil(zc, first).dia, YEARS)));
	parrafos_blank(p);
}

static enum err page(void *state, struct model *m, struct arena *a, int64_t now, struct page *ret)
{
	struct parrafos p;

	(void)state;
	parrafos_init(&p, a);
	if (m->entrado && !model_habilitado(m))
		activate(&p, m);
	acts(&p, m);
	if (!m->entrado || model_habilitado(m))
		mail(&p, m, now);
	else
		others(&p, m->mundo, now);
	five_years(&p, m, now);
	representatives(&p, m, now);
	parrafos_blank(&p);
	if (m->entrado)
		parrafos_pair(&p, _("Titular"), "%s, %s", m->e.titular, m->e.nombre);
	if (m->entrado && strcmp(m->e.firmante, m->e.titular) != 0)
		parrafos_pair(&p, _("Firmante"), "%s", m->e.firmante);
	if (m->firma.desde != 0)
		parrafos_pair(&p, _("e.firma"), _("certificado %s, %s"), m->firma.serie,
			m->firma.abierta ? _("abierta") : _("guardada (se pedirá al firmar)"));
	validity(&p, m, now);
	line(&p, m);
	copy(&p, m);
	ret->title = _("Inicio");
	return parrafos_text(&p, ret);
}

const struct view view_inicio = {
	.screen = SCREEN_inicio,
	.size = 1,
	.open = open,
	.act = act,
	.page = page,
};
