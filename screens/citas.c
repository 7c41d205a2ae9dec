#include "screens/citas.h"

#include <stdlib.h>
#include "base/texto.h"
#include "crypto/sha.h"
#include "ley/ical_out.h"
#include "ley/plazo.h"

#define ROW_BYTES ((size_t)256 << 10)
/* Behind the last day looked for: a last day to open stands before its lapse, a fecha prudente
 * before its term's last day, with vacations between. */
#define MARGEN 62

const char *cita_nombre(enum cita_clase clase)
{
	static const char *const names[CITA_CLASES] = {
		[CITA_LAPSO] = N_("Se notifica si no se abre"),
		[CITA_ABRIR] = N_("Último día para abrir"),
		[CITA_PRUDENTE] = N_("Fecha prudente para responder"),
		[CITA_TERMINO] = N_("Último día para responder"),
		[CITA_OBLIGACION] = N_("Obligación"),
	};

	return names[clase];
}

const char *cita_word(enum cita_clase clase)
{
	static const char *const words[CITA_CLASES] = {
		"lapso", "abrir", "prudente", "termino", "obligacion"};

	return words[clase];
}

/* ---- gathering ---- */

struct reunion {
	struct arena *arena;
	int32_t desde;
	int32_t hasta;
	size_t room;
	struct citas made;
	bool failed;
};

static void add(struct reunion *r, const struct cita *c)
{
	if (c->dia < r->desde || c->dia > r->hasta)
		return;
	if (r->made.count == r->room) {
		size_t room = r->room != 0 ? r->room * 2 : 64;
		struct cita *rows = arena_array(r->arena, room, sizeof(*rows));

		if (rows == NULL) {
			r->failed = true;
			return;
		}
		if (r->made.count != 0)
			memcpy(rows, r->made.rows, r->made.count * sizeof(*rows));
		r->made.rows = rows;
		r->room = room;
	}
	r->made.rows[r->made.count++] = *c;
}

static const char *kept(struct reunion *r, const char *text)
{
	const char *copy = text != NULL ? arena_strdup(r->arena, text) : NULL;

	r->failed = r->failed || (text != NULL && copy == NULL);
	return copy;
}

static int32_t day_of(int64_t instant)
{
	return zona_civil(zona_centro(), instant).dia;
}

/* Where the calendar does not reach, what the server said of the lapse stands alone. */
static void add_unopened(struct reunion *r, struct cita c, const struct m_notificacion *n,
	const struct calendario *cal)
{
	struct plazo_aviso aviso;

	if (n->vence_antes != 0 && n->cambio != NULL) {
		c.antes = day_of(n->vence_antes);
		c.cambio = kept(r, n->cambio);
	}
	c.clase = CITA_LAPSO;
	c.instante = n->vence;
	c.dia = day_of(n->vence);
	add(r, &c);
	if (cal == NULL || plazo_de_aviso(cal, n->aviso, &aviso) != OK)
		return;
	c.clase = CITA_ABRIR;
	c.instante = 0;
	c.antes = 0;
	c.dia = aviso.dias[2];
	add(r, &c);
}

static void add_term(
	struct reunion *r, struct cita c, const struct fila *f, const struct calendario *cal)
{
	const struct m_notificacion *n = &f->m;
	struct plazo_aviso aviso;
	const char *motivo;
	int32_t prudente;

	c.clase = CITA_TERMINO;
	c.dia = f->ultimo;
	add(r, &c);
	if (cal == NULL || plazo_de_aviso(cal, n->aviso, &aviso) != OK ||
		plazo_prudente(cal, &aviso, n->abierta, (int)n->plazo_dias, NULL, &prudente,
			&motivo) != OK ||
		prudente >= f->ultimo)
		return;
	c.clase = CITA_PRUDENTE;
	c.dia = prudente;
	add(r, &c);
}

/* Where it counts: the day is in its stretch or may stand before it by so much. */
static bool near(const struct reunion *r, const struct fila *f)
{
	return day_of(f->due) <= r->hasta + MARGEN;
}

static void add_fila(struct reunion *r, const struct model *m, const struct fila *f, size_t de)
{
	ARENA(scratch, ROW_BYTES);
	struct calendario view;
	const struct calendario *cal =
		model_calendario_de(m, &scratch, &f->m, &view) == OK ? &view : NULL;
	const struct cita c = {.de = de,
		.folio = kept(r, f->m.folio),
		.abierta = f->m.abierta != 0,
		.que = kept(r, f->m.documento),
		.tambien = kept(r, f->m.oficio)};

	if (f->estado == FILA_POR_ABRIR)
		add_unopened(r, c, &f->m, cal);
	else if (f->ultimo != 0)
		add_term(r, c, f, cal);
}

/* The first row that is due at `from` or later; rows are in that order. */
static size_t first_due(struct tabla *t, size_t count, int64_t from)
{
	size_t low = 0;

	for (size_t high = count; low < high;) {
		size_t middle = low + (high - low) / 2;
		int64_t due;

		if (tabla_due(t, middle, &due) == OK && due < from)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void add_filas(struct reunion *r, struct model *m, size_t de)
{
	size_t count = tabla_totales(&m->tabla)->vence;
	size_t first = first_due(&m->tabla, count, zona_instant(zona_centro(), r->desde, 0));

	for (size_t i = first; i < count && !r->failed; i++) {
		ARENA(scratch, ROW_BYTES);
		struct fila f;

		if (tabla_at(&m->tabla, &scratch, i, &f) != OK || !near(r, &f))
			return;
		if (i - first == CITAS_FILAS) {
			r->made.cortadas = true;
			return;
		}
		add_fila(r, m, &f, de);
	}
}

static bool told(const struct reunion *r, const struct cita *c)
{
	for (size_t i = 0; i < r->made.count; i++) {
		const struct cita *o = &r->made.rows[i];

		if (o->clase == CITA_OBLIGACION && o->dia == c->dia &&
			strcmp(o->que, c->que) == 0 &&
			strcmp(o->tambien != NULL ? o->tambien : "",
				c->tambien != NULL ? c->tambien : "") == 0)
			return true;
	}
	return false;
}

static void add_obligaciones(struct reunion *r, const struct model *m, size_t de)
{
	const struct m_calendario *p = &m->publicado;

	for (size_t i = 0; i < p->obligaciones_count && !r->failed; i++) {
		const struct m_obligacion *o = &p->obligaciones[i];
		struct cita c = {.clase = CITA_OBLIGACION, .de = de};

		if (fecha_parse(o->vence, &c.dia) != OK || fecha_parse(o->fecha, &c.regla) != OK ||
			c.dia < r->desde || c.dia > r->hasta)
			continue;
		c.que = kept(r, o->nombre);
		c.tambien = kept(r, o->periodo);
		c.prorroga = kept(r, o->prorroga);
		c.fundamento = kept(r, o->fundamento);
		if (!r->failed && !told(r, &c))
			add(r, &c);
	}
}

/* What has no hour is due until the day ends: behind what has one. */
static int compare(const void *left, const void *right)
{
	const struct cita *x = left;
	const struct cita *y = right;

	if (x->dia != y->dia)
		return x->dia < y->dia ? -1 : 1;
	if (x->instante != y->instante)
		return x->instante == 0				       ? 1
		       : y->instante == 0 || x->instante < y->instante ? -1
								       : 1;
	if (x->clase != y->clase)
		return x->clase < y->clase ? -1 : 1;
	if (x->de != y->de)
		return x->de < y->de ? -1 : 1;
	return x->folio != NULL && y->folio != NULL ? strcmp(x->folio, y->folio)
						    : strcmp(x->que, y->que);
}

enum err citas_reunir(struct arena *a, const struct citas_de *de, size_t count, int32_t desde,
	int32_t hasta, struct citas *ret)
{
	struct reunion r = {.arena = a, .desde = desde, .hasta = hasta};

	for (size_t i = 0; i < count; i++) {
		add_filas(&r, de[i].model, i);
		add_obligaciones(&r, de[i].model, count == 1 ? 0 : CITA_DE_TODOS);
	}
	if (r.failed)
		return ERR_NO_MEMORY;
	if (r.made.count != 0)
		qsort(r.made.rows, r.made.count, sizeof(*r.made.rows), compare);
	*ret = r.made;
	return OK;
}

/* ---- as a file ---- */

/* "BI-20261109-101500114.abrir.9f8a1c2b3d4e5f60@buzon-tui": an RFC has letters that a UID has not.
 */
static const char *uid_of(
	struct arena *a, const struct cita *c, const struct citas_de *de, const char **ret)
{
	const char *rfc = c->de != CITA_DE_TODOS ? de[c->de].rfc : "";
	const char *about = arena_printf(a, "%s|%s|%s|%ld", rfc, c->folio != NULL ? "" : c->que,
		c->folio != NULL || c->tambien == NULL ? "" : c->tambien, (long)c->regla);
	const char *hex = NULL;

	if (about == NULL || sha256_hex(a, bytes_of_text(about), &hex) != OK)
		return NULL;
	*ret = arena_printf(a, "%s%s%s.%.16s@buzon-tui", c->folio != NULL ? c->folio : "",
		c->folio != NULL ? "." : "", cita_word(c->clase), hex);
	return *ret;
}

static const char *describe(struct arena *a, const struct cita *c, const struct citas_de *de)
{
	const char *antes = c->antes != 0 ? fecha_text(a, c->antes, FECHA_DIA) : "";

	if (antes == NULL)
		return NULL;
	return arena_printf(a, "%s%s%s%s%s%s%s%s%s%s%s%s%s%s",
		c->de != CITA_DE_TODOS ? de[c->de].nombre : "", c->de != CITA_DE_TODOS ? ", " : "",
		c->de != CITA_DE_TODOS ? de[c->de].rfc : "", c->folio != NULL ? "\nFolio: " : "",
		c->folio != NULL ? c->folio : "", c->tambien != NULL ? "\n" : "",
		c->tambien != NULL ? c->tambien : "", c->fundamento != NULL ? "\n" : "",
		c->fundamento != NULL ? c->fundamento : "", c->prorroga != NULL ? "\n" : "",
		c->prorroga != NULL ? c->prorroga : "", c->antes != 0 ? "\n" : "",
		c->antes != 0 ? _("Antes: ") : "", antes);
}

enum err citas_ics(struct arena *a, const struct citas *c, const struct citas_de *de, int64_t now,
	struct bytes *ret)
{
	struct ical_evento *rows = arena_array(a, c->count + 1, sizeof(*rows));

	for (size_t i = 0; rows != NULL && i < c->count; i++) {
		const struct cita *from = &c->rows[i];
		bool own = from->clase == CITA_OBLIGACION;

		rows[i] = (struct ical_evento){.dia = from->dia,
			.instante = from->instante,
			.titulo = arena_printf(a, "%s%s%s",
				own ? "" : texto(cita_nombre(from->clase)), own ? "" : ": ",
				from->que),
			.descripcion = describe(a, from, de),
			.categoria = own ? "OBLIGACION" : "NOTIFICACION"};
		if (uid_of(a, from, de, &rows[i].uid) == NULL || rows[i].titulo == NULL ||
			rows[i].descripcion == NULL)
			return ERR_NO_MEMORY;
	}
	return rows != NULL ? ical_out(a, now, _("Buzón IMSS"), rows, c->count, ret)
			    : ERR_NO_MEMORY;
}
