#include "ley/acuse_pdf.h"

#include <stdio.h>
#include "base/b64.h"
#include "ley/pdf.h"
#include "ley/pdf_font.h"
#include "ley/qr.h"
#include "ley/zona.h"

#define LEFT 54.0
#define RIGHT 558.0
#define TOP 738.0
#define BOTTOM 60.0
#define VALUE_X 190.0
#define QR_UNIT 2.5
#define LINE_BYTES 256

/* The paper being filled from the top down. */
struct sheet {
	struct arena *a;
	struct pdf *pdf;
	const struct m_acuse *m;
	double y;	/* base of the next line */
	double qr_left; /* on the first page, lines above qr_bottom end here */
	double qr_bottom;
	int page;
	bool prueba;
	enum err failed;
};

static double width_here(const struct sheet *s, double x)
{
	double right = s->page == 1 && s->y > s->qr_bottom - 9 ? s->qr_left - 12 : RIGHT;

	return right - x;
}

static void new_page(struct sheet *s)
{
	char foot[80];

	if (s->failed != OK)
		return;
	s->failed = pdf_page(s->pdf);
	if (s->failed != OK)
		return;
	s->page++;
	s->y = TOP;
	snprintf(foot, sizeof(foot), "%.32s · página %d", s->m->folio, s->page);
	pdf_text(s->pdf, PDF_REGULAR, 7, LEFT, 36, foot);
}

/* Room for that many points, on a new page if need be. */
static void need(struct sheet *s, double points)
{
	if (s->y - points < BOTTOM)
		new_page(s);
}

/* Width of the next character; *ret_size is its bytes. Nearly all are ASCII, WinAnsi's own. */
static unsigned advance(enum pdf_font font, const char *text, size_t *ret_size)
{
	*ret_size = 1;
	if (*text >= 0x20 && *text < 0x7F)
		return pdf_font_width(font, (unsigned char)*text);
	return pdf_font_width(font, pdf_font_code(text, ret_size));
}

/*
 * How many bytes of the text fit in the width: up to a blank where there is one, else (base64,
 * cadena) up to a character. *ret_skip is how many to go on by, the blank included.
 */
static size_t fit(enum pdf_font font, double size, const char *text, double width, size_t *ret_skip)
{
	double room = width * 1000 / size; /* thousandths, as the font's metrics are */
	unsigned used = 0;
	size_t at = 0;
	size_t blank = 0;

	while (text[at] != '\0' && at < LINE_BYTES - 4) {
		size_t n;

		used += advance(font, text + at, &n);
		if (used > room && at != 0)
			break;
		if (text[at] == ' ')
			blank = at;
		at += n;
	}
	if (text[at] != '\0' && text[at] != ' ' && blank != 0)
		at = blank;
	*ret_skip = at + (text[at] == ' ' ? 1 : 0);
	return at;
}

/* Whole halves of a point: equal steps cost the file nothing. */
static double leading(double size)
{
	return (int)(size * 2.5) / 2.0;
}

static void paragraph(struct sheet *s, enum pdf_font font, double size, double x, const char *text)
{
	double step = leading(size);

	if (text == NULL)
		s->failed = ERR_NO_MEMORY;
	while (s->failed == OK && *text != '\0') {
		char line[LINE_BYTES];
		size_t skip;

		need(s, 0);
		if (s->failed != OK)
			return;
		size_t n = fit(font, size, text, width_here(s, x), &skip);

		memcpy(line, text, n);
		line[n] = '\0';
		pdf_text(s->pdf, font, size, x, s->y, line);
		s->y -= step;
		text += skip;
	}
}

static void heading(struct sheet *s, const char *text)
{
	s->y -= 4.5;
	need(s, 24);
	if (s->failed != OK)
		return;
	pdf_text(s->pdf, PDF_BOLD, 9.5, LEFT, s->y, text);
	s->y -= 12;
}

/* A long label pushes its value below it. */
static void field(struct sheet *s, const char *label, const char *value)
{
	need(s, 0);
	if (s->failed != OK)
		return;
	double wide = pdf_width(PDF_BOLD, 8.5, label);

	if (wide > VALUE_X - LEFT - 6)
		paragraph(s, PDF_BOLD, 8.5, LEFT, label);
	else if (wide > 0)
		pdf_text(s->pdf, PDF_BOLD, 8.5, LEFT, s->y, label);
	if (value != NULL && *value == '\0')
		s->y -= leading(8.5);
	paragraph(s, PDF_REGULAR, 8.5, VALUE_X, value);
}

static void data(struct sheet *s, const char *title, struct bytes raw)
{
	heading(s, title);
	paragraph(s, PDF_MONO, 7, LEFT, b64_encode(s->a, raw));
}

/* "Ciudad Juarez" of America/Ciudad_Juarez. */
static const char *place(struct arena *a, const struct zona *z)
{
	const char *slash = strchr(zona_name(z), '/');
	char *text = arena_strdup(a, slash != NULL ? slash + 1 : zona_name(z));

	for (char *p = text; p != NULL && *p != '\0'; p++)
		if (*p == '_')
			*p = ' ';
	return text;
}

/* One row of a time in a zone; `where` says which. */
static void time_row(
	struct sheet *s, const char *label, const struct zona *z, int64_t when, const char *where)
{
	const char *time = hora_text(s->a, z, when, HORA_ACUSE);

	if (time == NULL || where == NULL)
		s->failed = ERR_NO_MEMORY;
	else
		field(s, label, arena_printf(s->a, "%s %s", time, where));
}

/* Zona Centro, and the domicile's own time where it differs (Lineamientos 5.8). */
static void instant(struct sheet *s, const char *label, int64_t when)
{
	const struct zona *there = zona_find(s->m->zona);
	const struct zona *zc = zona_centro();

	if (s->failed != OK)
		return;
	time_row(s, label, zc, when, "Zona Centro");
	if (there == NULL || s->failed != OK ||
		zona_civil(there, when).offset_s == zona_civil(zc, when).offset_s)
		return;
	const char *where = place(s->a, there);

	if (where != NULL)
		where = arena_printf(s->a, "domicilio fiscal (%s)", where);
	time_row(s, "", there, when, where);
}

static void draw_qr(struct sheet *s, const char *url)
{
	struct qr qr;

	if (url == NULL)
		s->failed = ERR_NO_MEMORY;
	if (s->failed == OK)
		s->failed = qr_make(s->a, url, &qr);
	if (s->failed != OK)
		return;
	double side = qr.size * QR_UNIT;

	/* The margin of the page is more than the quiet zone of four modules. */
	s->qr_left = RIGHT - side;
	s->qr_bottom = TOP + 10 - side;
	pdf_grid(s->pdf, s->qr_left, s->qr_bottom, QR_UNIT, qr.modules, qr.size);
}

static void draw_head(struct sheet *s)
{
	const struct m_acuse *m = s->m;

	paragraph(s, PDF_REGULAR, 9, LEFT, "Instituto Mexicano del Seguro Social · Buzón IMSS");
	if (s->prueba)
		paragraph(s, PDF_BOLD, 9, LEFT, "PRUEBA: sin validez legal.");
	s->y -= 6;
	paragraph(s, PDF_BOLD, 14, LEFT, m->tipo);
	s->y -= 2;
	field(s, "Folio", m->folio);
	instant(s, "Fecha de elaboración", m->elaborado);
	instant(s, "Recibido", m->recibido);
	instant(s, "Fecha legal", m->legal);
	field(s, "Estatus", m->estatus);
	field(s, "Fundamento", m->fundamento);
}

static void draw_content(struct sheet *s)
{
	const struct m_acuse *m = s->m;

	heading(s, "Datos de identidad");
	field(s, "Titular (RFC)", m->titular);
	field(s, "Nombre", m->titular_nombre);
	if (acuse_is_automatico(m)) {
		field(s, "Hecha por", m->firmante_nombre);
	} else {
		field(s, "Firmante (RFC)", m->firmante);
		field(s, "Nombre del firmante", m->firmante_nombre);
		field(s, "En calidad de", m->calidad);
	}
	heading(s, "Contenido del acto");
	for (size_t i = 0; i < m->contenido_count; i++)
		if (!acuse_is_pie(&m->contenido[i]))
			field(s, m->contenido[i].etiqueta, m->contenido[i].valor);
}

/* In the place of a signature: that there is none, and the event that is evidenced. */
static void draw_event(struct sheet *s)
{
	heading(s, "Evento que consta (sin firma de persona alguna)");
	paragraph(s, PDF_MONO, 7, LEFT,
		arena_printf(
			s->a, "%.*s", (int)s->m->cuerpo.size, (const char *)s->m->cuerpo.data));
}

static void draw_proof(struct sheet *s, const char *url)
{
	const struct m_acuse *m = s->m;

	if (acuse_is_automatico(m)) {
		draw_event(s);
	} else {
		data(s, "Firma electrónica del firmante", m->firma);
		s->y -= 2;
		field(s, "Revocación", m->revocacion);
	}
	heading(s, "Cadena Original (Versión " ACUSE_VERSION ")");
	paragraph(s, PDF_MONO, 7, LEFT, m->cadena);
	data(s, "Sello Digital", m->sello);
	heading(s, "Verificación");
	paragraph(s, PDF_MONO, 7, LEFT, url);
	s->y -= 5;
	for (unsigned i = 0; i < ACUSE_PIES; i++)
		paragraph(s, PDF_REGULAR, 7, LEFT, acuse_pie(m, (enum acuse_pie)i));
}

/* What is drawn as text must be there; what is optional is drawn where it is. */
static bool complete(const struct m_acuse *m)
{
	return m->tipo != NULL && m->folio != NULL && m->zona != NULL && m->estatus != NULL &&
	       m->fundamento != NULL && m->titular != NULL && m->titular_nombre != NULL &&
	       m->firmante != NULL && m->firmante_nombre != NULL && m->calidad != NULL &&
	       m->revocacion != NULL && m->cadena != NULL && m->direccion != NULL &&
	       m->capacidad != NULL;
}

enum err acuse_pdf(struct arena *a, const struct m_acuse *m, struct bytes json, bool prueba,
	struct bytes *ret_pdf)
{
	struct sheet s = {.a = a, .m = m, .prueba = prueba};

	if (!complete(m))
		return ERR_BAD_FIELD;
	if (zona_centro() == NULL)
		return ERR_NO_ZONES;
	const char *url = acuse_url(a, m);
	const char *title = arena_printf(a, "%s %s", m->tipo, m->folio);

	if (title == NULL)
		return ERR_NO_MEMORY;
	s.failed = pdf_open(a, title, m->elaborado, &s.pdf);
	if (s.failed != OK)
		return s.failed;
	if (prueba)
		pdf_stamp(s.pdf, "PRUEBA");
	pdf_attach(s.pdf, ACUSE_PDF_EVIDENCE, "application/json", json);
	new_page(&s);
	draw_qr(&s, url);
	draw_head(&s);
	draw_content(&s);
	draw_proof(&s, url);
	return s.failed == OK ? pdf_end(s.pdf, ret_pdf) : s.failed;
}
