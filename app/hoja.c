#include "app/hoja.h"

#include "base/texto.h"
#include "base/utf8.h"
#include "net/json_line.h"

#define DAY_MS (24 * 3600 * INT64_C(1000))

enum err hoja_make(
	const struct m_notificacion *n, const struct calendario *c, int64_t now, struct hoja *ret)
{
	struct hoja h = {0};
	int64_t until = 0;
	int64_t window = 0;
	int plazo = (int)n->plazo_dias;
	enum err e = plazo_de_aviso(c, n->aviso, &h.aviso);

	/* What the aviso said when it was sent stands, whatever calendar was published later. */
	h.aviso.vence = n->vence;
	if (e == OK)
		e = plazo_de_apertura(c, &h.aviso, now, plazo, &h.si_abre);
	if (e == OK)
		e = plazo_de_apertura(c, &h.aviso, 0, plazo, &h.si_no);
	if (e == OK)
		e = plazo_vale_hasta(c, &h.aviso, now, &until);
	if (e == OK)
		e = plazo_en_ventana(c, now, &window);
	if (e != OK)
		return e;
	h.vale_hasta = until - 1 < now + DAY_MS ? until - 1 : now + DAY_MS;
	h.ahora = now;
	h.ya_notificada = now >= n->vence;
	h.fuera = window != now;
	*ret = h;
	return OK;
}

struct printer {
	struct arena *arena;
	FILE *out;
	bool failed;
};

static const char *checked(struct printer *p, const char *text)
{
	p->failed = p->failed || text == NULL;
	return text != NULL ? text : "";
}

static const char *clean(struct printer *p, const char *text)
{
	return checked(p, utf8_clean(p->arena, text));
}

static const char *instant(struct printer *p, int64_t at)
{
	return checked(p, hora_text(p->arena, zona_centro(), at, HORA_DIA));
}

static const char *day(struct printer *p, int32_t dia)
{
	return checked(p, fecha_text(p->arena, dia, FECHA_DIA));
}

static void print_term(
	struct printer *p, const struct m_notificacion *n, const struct plazo_efecto *e)
{
	fprintf(p->out, _("    Surte efectos el %s."), day(p, e->surte));
	if (n->plazo_dias > 0)
		fprintf(p->out, _(" El plazo de %d días hábiles correría del %s al %s."),
			(int)n->plazo_dias, day(p, e->primero), day(p, e->ultimo));
	fputc('\n', p->out);
}

enum err hoja_print(struct arena *a, FILE *out, const struct m_notificacion *n,
	const struct hoja *h, int64_t now)
{
	struct printer p = {a, out, false};

	fprintf(out, "%s  %s\n", clean(&p, n->folio), clean(&p, n->documento));
	fprintf(out, _("  Oficio %s, firmado por %s\n"), clean(&p, n->oficio),
		clean(&p, n->funcionario));
	fprintf(out,
		_("  Aviso del %s (ZC); días hábiles para abrir: %s, %s y %s; cuarto día: "
		  "%s.\n"),
		instant(&p, h->aviso.aviso), day(&p, h->aviso.dias[0]), day(&p, h->aviso.dias[1]),
		day(&p, h->aviso.dias[2]), day(&p, h->aviso.cuarto));
	if (h->ya_notificada) {
		fprintf(out,
			_("  Ya quedaste notificado el %s (ZC) por no abrirla a tiempo; "
			  "abrirla no "
			  "cambia esa fecha.\n"),
			instant(&p, h->si_no.notificada));
		print_term(&p, n, &h->si_no);
		return p.failed ? ERR_NO_MEMORY : OK;
	}
	fprintf(out, _("  Si la abres ahora (%s), quedas notificado el %s (ZC).\n"),
		instant(&p, now), instant(&p, h->si_abre.notificada));
	print_term(&p, n, &h->si_abre);
	fprintf(out, _("  Si no la abres, quedas notificado el %s (ZC), al cuarto día hábil.\n"),
		instant(&p, h->si_no.notificada));
	print_term(&p, n, &h->si_no);
	fprintf(out, _("  Esto vale hasta el %s (ZC).\n"), instant(&p, h->vale_hasta));
	return p.failed ? ERR_NO_MEMORY : OK;
}

/* ---- JSON --------------------------------------------------------------------------------- */

static const char *iso(struct printer *p, int32_t dia)
{
	return checked(p, fecha_text(p->arena, dia, FECHA_ISO));
}

static void json_day(
	struct json_line *j, struct printer *p, const char *when, const char *what, int32_t dia)
{
	json_line_text(j, checked(p, arena_printf(p->arena, "%s_%s", when, what)), iso(p, dia));
}

/* One of the two cases, its keys begun with `when`. */
static void json_case(struct json_line *j, struct printer *p, const char *when,
	const struct m_notificacion *n, const struct calendario *c, const struct hoja *h,
	int64_t opened)
{
	const struct plazo_efecto *e = opened != 0 ? &h->si_abre : &h->si_no;
	int32_t prudent = 0;
	const char *motivo = NULL;

	json_line_int(j, checked(p, arena_printf(p->arena, "%s_notificada", when)), e->notificada);
	json_day(j, p, when, "fecha", e->dia);
	json_day(j, p, when, "surte", e->surte);
	json_day(j, p, when, "ultimo_dia", e->ultimo);
	if (n->plazo_dias <= 0)
		return;
	json_day(j, p, when, "primer_dia", e->primero);
	if (plazo_prudente(c, &h->aviso, opened, (int)n->plazo_dias, NULL, &prudent, &motivo) ==
			OK &&
		motivo != NULL) {
		json_day(j, p, when, "prudente", prudent);
		json_line_text(
			j, checked(p, arena_printf(p->arena, "%s_prudente_motivo", when)), motivo);
	}
}

static void json_skipped(
	struct json_line *j, struct printer *p, const struct calendario *c, const struct hoja *h)
{
	int32_t first = zona_civil(zona_centro(), h->aviso.aviso).dia;

	json_line_list(j, "inhabiles");
	for (int32_t dia = first; dia <= h->si_no.ultimo; dia++) {
		const char *motivo = NULL;
		bool habil;

		if (calendario_habil(c, dia, &habil, &motivo) != OK || habil)
			continue;
		json_line_object(j);
		json_line_text(j, "fecha", iso(p, dia));
		json_line_text(j, "motivo", motivo);
		json_line_object_end(j);
	}
	json_line_list_end(j);
}

enum err hoja_json(struct arena *a, FILE *out, const struct m_notificacion *n,
	const struct calendario *c, const struct hoja *h)
{
	struct printer p = {a, out, false};
	struct json_line j;

	json_line_begin(&j, a);
	json_line_text(&j, "notificacion", n->folio);
	json_line_text(&j, "documento", n->documento);
	json_line_text(&j, "oficio", n->oficio);
	json_line_text(&j, "funcionario", n->funcionario);
	json_line_text(&j, "cargo", n->cargo);
	json_line_text(&j, "rp", n->rp);
	json_line_text(&j, "subdelegacion", n->subdelegacion);
	json_line_int(&j, "aviso", h->aviso.aviso);
	json_line_list(&j, "dias_para_abrir");
	for (size_t i = 0; i < COUNT_OF(h->aviso.dias); i++)
		json_line_item(&j, iso(&p, h->aviso.dias[i]));
	json_line_list_end(&j);
	json_line_text(&j, "cuarto_dia", iso(&p, h->aviso.cuarto));
	json_line_int(&j, "vence", n->vence);
	json_line_bool(&j, "ya_notificada", h->ya_notificada);
	json_line_bool(&j, "fuera_de_horario", h->fuera);
	json_line_bool(&j, "cambia", h->si_abre.notificada < h->si_no.notificada);
	json_line_int(&j, "plazo_dias", n->plazo_dias);
	json_case(&j, &p, "si_abre", n, c, h, h->ahora);
	json_case(&j, &p, "si_no", n, c, h, 0);
	json_line_int(&j, "vale_hasta", h->vale_hasta);
	json_skipped(&j, &p, c, h);
	return p.failed ? ERR_NO_MEMORY : json_line_end(&j, out);
}
