#include "app/hoja.h"

#include <libintl.h>
#include "app/json_line.h"
#include "base/utf8.h"

#define DAY_MS (24 * 3600 * INT64_C(1000))

enum err hoja_make(
	const struct m_notificacion *n, const struct calendario *c, int64_t now, struct hoja *ret)
{
	struct hoja h = {0};
	int64_t until = 0;
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
	if (e != OK)
		return e;
	h.vale_hasta = until - 1 < now + DAY_MS ? until - 1 : now + DAY_MS;
	h.ya_notificada = now >= n->vence;
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
	fprintf(p->out, gettext("    Surte efectos el %s."), day(p, e->surte));
	if (n->plazo_dias > 0)
		fprintf(p->out, gettext(" El plazo de %d días hábiles correría del %s al %s."),
			(int)n->plazo_dias, day(p, e->primero), day(p, e->ultimo));
	fputc('\n', p->out);
}

enum err hoja_print(struct arena *a, FILE *out, const struct m_notificacion *n,
	const struct hoja *h, int64_t now)
{
	struct printer p = {a, out, false};

	fprintf(out, "%s  %s\n", clean(&p, n->folio), clean(&p, n->documento));
	fprintf(out, gettext("  Oficio %s, firmado por %s\n"), clean(&p, n->oficio),
		clean(&p, n->funcionario));
	fprintf(out,
		gettext("  Aviso del %s (ZC); días hábiles para abrir: %s, %s y %s; cuarto día: "
			"%s.\n"),
		instant(&p, h->aviso.aviso), day(&p, h->aviso.dias[0]), day(&p, h->aviso.dias[1]),
		day(&p, h->aviso.dias[2]), day(&p, h->aviso.cuarto));
	if (h->ya_notificada) {
		fprintf(out,
			gettext("  Ya quedaste notificado el %s (ZC) por no abrirla a tiempo; "
				"abrirla no "
				"cambia esa fecha.\n"),
			instant(&p, h->si_no.notificada));
		print_term(&p, n, &h->si_no);
		return p.failed ? ERR_NO_MEMORY : OK;
	}
	fprintf(out, gettext("  Si la abres ahora (%s), quedas notificado el %s (ZC).\n"),
		instant(&p, now), instant(&p, h->si_abre.notificada));
	print_term(&p, n, &h->si_abre);
	fprintf(out,
		gettext("  Si no la abres, quedas notificado el %s (ZC), al cuarto día hábil.\n"),
		instant(&p, h->si_no.notificada));
	print_term(&p, n, &h->si_no);
	fprintf(out, gettext("  Esto vale hasta el %s (ZC).\n"), instant(&p, h->vale_hasta));
	return p.failed ? ERR_NO_MEMORY : OK;
}

static void json_days(struct json_line *j, struct printer *p, const char *const keys[4],
	const struct plazo_efecto *e)
{
	json_line_int(j, keys[0], e->notificada);
	json_line_text(j, keys[1], checked(p, fecha_text(p->arena, e->dia, FECHA_ISO)));
	json_line_text(j, keys[2], checked(p, fecha_text(p->arena, e->surte, FECHA_ISO)));
	json_line_text(j, keys[3], checked(p, fecha_text(p->arena, e->ultimo, FECHA_ISO)));
}

enum err hoja_json(struct arena *a, FILE *out, const struct m_notificacion *n, const struct hoja *h)
{
	static const char *const opened[4] = {
		"si_abre_notificada", "si_abre_fecha", "si_abre_surte", "si_abre_ultimo_dia"};
	static const char *const lapsed[4] = {
		"si_no_notificada", "si_no_fecha", "si_no_surte", "si_no_ultimo_dia"};
	struct printer p = {a, out, false};
	struct json_line j;

	json_line_begin(&j, a);
	json_line_text(&j, "notificacion", n->folio);
	json_line_bool(&j, "ya_notificada", h->ya_notificada);
	json_line_int(&j, "plazo_dias", n->plazo_dias);
	json_days(&j, &p, opened, &h->si_abre);
	json_days(&j, &p, lapsed, &h->si_no);
	json_line_int(&j, "vale_hasta", h->vale_hasta);
	return p.failed ? ERR_NO_MEMORY : json_line_end(&j, out);
}
