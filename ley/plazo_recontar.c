#include "ley/plazo_filas.h"

#include <stdio.h>
#include "base/texto.h"

/* A term of 1,000 días hábiles with its holidays, and then some. */
#define SPAN_MOST 3660

/* ---- reading ---- */

/* A text that is read from left to right; once it is not as expected, nothing more is read. */
struct lector {
	struct arena *arena;
	const char *at;
	bool bad;
	bool memory_ended;
};

static bool next_is(const struct lector *l, const char *text)
{
	return !l->bad && strncmp(l->at, text, strlen(text)) == 0;
}

static void expect(struct lector *l, const char *text)
{
	if (next_is(l, text))
		l->at += strlen(text);
	else
		l->bad = true;
}

/* The next `size` bytes; "" where there are not so many. */
static const char *take(struct lector *l, size_t size)
{
	const char *text = NULL;

	if (!l->bad && strnlen(l->at, size) == size) {
		text = arena_copy(l->arena, l->at, size);
		l->memory_ended = l->memory_ended || text == NULL;
	}
	if (text == NULL) {
		l->bad = true;
		return "";
	}
	l->at += size;
	return text;
}

static int64_t take_instant(struct lector *l)
{
	int64_t instant = 0;

	if (hora_parse(take(l, strlen("2026-11-12T17:52:03.114-06:00")), &instant) != OK ||
		instant <= 0)
		l->bad = true;
	return instant;
}

static int32_t take_date(struct lector *l)
{
	int32_t dia = 0;

	if (fecha_parse(take(l, strlen("2026-11-12")), &dia) != OK)
		l->bad = true;
	return dia;
}

static int64_t take_number(struct lector *l, int64_t most)
{
	int64_t n = 0;
	const char *begin = l->at;

	for (; !l->bad && *l->at >= '0' && *l->at <= '9'; l->at++) {
		n = n * 10 + (*l->at - '0');
		if (n > most)
			l->bad = true;
	}
	l->bad = l->bad || l->at == begin;
	return n;
}

static bool weekend(int32_t dia)
{
	int w = fecha_weekday(dia);

	return w == 0 || w == 6;
}

static void read_facts(struct lector *l, struct plazo_cuenta *q)
{
	expect(l, "aviso ");
	q->listo = take_instant(l);
	expect(l, "; abierta ");
	if (next_is(l, "no;"))
		expect(l, "no");
	else
		q->abierta = take_instant(l);
	expect(l, "; plazo ");
	q->plazo_dias = (int)take_number(l, PLAZO_FILAS_DIAS);
	expect(l, "; ");
	if (next_is(l, "vence conservado ")) {
		expect(l, "vence conservado ");
		q->conservado = take_instant(l);
		expect(l, "; ");
	}
	expect(l, "calendario ");
	if (next_is(l, "sin publicar"))
		expect(l, "sin publicar");
	else
		q->c.version = take_number(l, MAX_MS);
	if (next_is(l, "; ")) {
		expect(l, "; ");
		q->c.fuente = l->at;
	} else if (*l->at != '\0') {
		l->bad = true;
	}
}

/* Its days, on to the rows of the calendar: weekdays behind those that are there, within it. */
static void read_stretch(struct lector *l, struct calendario *c, struct inhabil *rows)
{
	int32_t desde = take_date(l);
	int32_t hasta = desde;

	if (next_is(l, "/")) {
		expect(l, "/");
		hasta = take_date(l);
	}
	int32_t last = c->count != 0 ? rows[c->count - 1].dia : c->desde - 1;

	if (l->bad || desde <= last || hasta < desde || hasta > c->hasta || weekend(desde) ||
		weekend(hasta)) {
		l->bad = true;
		return;
	}
	if (next_is(l, " "))
		expect(l, " ");
	const char *motivo = take(l, strcspn(l->at, ";"));

	for (int32_t dia = desde; !l->bad && dia <= hasta; dia++)
		if (!weekend(dia))
			rows[c->count++] = (struct inhabil){.dia = dia, .motivo = motivo};
}

static void read_stretches(struct lector *l, struct calendario *c, struct inhabil *rows)
{
	for (bool more = true; more && !l->bad;) {
		read_stretch(l, c, rows);
		more = next_is(l, "; ");
		if (more)
			expect(l, "; ");
		else if (*l->at != '\0')
			l->bad = true;
	}
}

static void read_inhabiles(
	struct lector *l, const struct m_dato *const *rows, size_t count, struct calendario *c)
{
	l->at = rows[0]->valor;
	expect(l, "inhábiles del ");
	c->desde = take_date(l);
	expect(l, " al ");
	c->hasta = take_date(l);
	expect(l, ", además de sábados y domingos: ");
	if (l->bad || c->hasta < c->desde || c->hasta - c->desde > SPAN_MOST) {
		l->bad = true;
		return;
	}
	struct inhabil *days =
		arena_array(l->arena, (size_t)(c->hasta - c->desde) + 1, sizeof(*days));

	c->rows = days;
	if (days == NULL) {
		l->memory_ended = true;
		return;
	}
	if (count == 1 && strcmp(l->at, "ninguno") == 0)
		return;
	for (size_t i = 0; i < count; i++) {
		if (i != 0)
			l->at = rows[i]->valor;
		read_stretches(l, c, days);
	}
}

/* Those of a derivation among the rows, in order: how many, 0 where they are not all of one. */
static size_t pick(const struct m_dato *rows, size_t count, const struct m_dato **picked)
{
	char label[sizeof(DERIVACION_ETIQUETA) + 24];
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		if (!plazo_es_fila(&rows[i]))
			continue;
		snprintf(label, sizeof(label), "%s %zu", DERIVACION_ETIQUETA, n + 1);
		if (n == DERIVACION_FILAS || rows[i].valor == NULL ||
			strcmp(rows[i].etiqueta, label) != 0)
			return 0;
		picked[n++] = &rows[i];
	}
	return n;
}

/* ---- counting again ---- */

/* "surte 2026-11-17": the first part in which two rows differ, as the first one has it. */
static const char *part_of(struct arena *a, const char *text, const char *other)
{
	size_t begin = 0;
	size_t i = 0;

	for (; text[i] != '\0' && text[i] == other[i]; i++)
		if (text[i] == ';' && text[i + 1] == ' ')
			begin = i + 2;
	return arena_copy(a, text + begin, strcspn(text + begin, ";"));
}

/* Why the rows are not what was counted; *ret NULL: they are. */
static enum err difference(struct arena *a, const struct m_dato *const *said, size_t said_count,
	const struct m_dato *counted, size_t counted_count, const char **ret)
{
	*ret = said_count == counted_count
		       ? NULL
		       : _("A la derivación le faltan o le sobran renglones: se alteró. Consulta el "
			   "acto en el Buzón.");
	for (size_t i = 0; i < said_count && i < counted_count; i++) {
		const char *left = said[i]->valor;
		const char *right = counted[i].valor;

		if (strcmp(left, right) == 0)
			continue;
		const char *says = part_of(a, left, right);
		const char *gives = part_of(a, right, left);

		if (says == NULL || gives == NULL)
			return ERR_NO_MEMORY;
		*ret = arena_printf(a,
			_("Contada de nuevo da otra cosa: dice «%s» y resulta «%s». La derivación "
			  "se alteró; consulta el acto en el Buzón."),
			says, gives);
		return *ret != NULL ? OK : ERR_NO_MEMORY;
	}
	return OK;
}

/* A lapse that its aviso had fixed is not the counted one; 09:30 of a weekday, the fourth at least.
 */
static enum err lawful(const struct plazo_cuenta *q, bool *ret)
{
	const struct calendario weekends = {.desde = q->desde, .hasta = q->hasta};
	struct plazo_aviso counted;
	struct plazo_aviso least;
	int64_t held;

	*ret = true;
	if (q->conservado == 0)
		return OK;
	enum err e = plazo_de_aviso(&weekends, q->listo, &least);

	if (e == OK)
		e = plazo_de_aviso(&q->c, q->listo, &counted);
	if (e == OK)
		e = plazo_en_ventana(&weekends, q->conservado - 1, &held);
	if (e == OK)
		*ret = q->conservado >= least.vence && q->conservado != counted.vence &&
		       held == q->conservado;
	return e;
}

/* One of the law's own days, as this program knows them, that was counted as hábil; 0: none. */
static enum err law_day(
	struct arena *a, const struct plazo_cuenta *q, int32_t *ret_dia, const char **ret_motivo)
{
	struct calendario law;
	int first;
	int last;
	int ignored;

	*ret_dia = 0;
	fecha_split(q->desde, &first, &ignored, &ignored);
	fecha_split(q->hasta, &last, &ignored, &ignored);
	enum err e = calendario_make(a, first, last, NULL, 0, &law);

	law.omite = CALENDARIO_OMITE_TRANSMISION;
	for (int32_t dia = q->desde; e == OK && dia <= q->hasta; dia++) {
		const char *motivo = NULL;
		const char *unused;
		bool by_law = true;
		bool counted = false;

		e = calendario_habil(&law, dia, &by_law, &motivo);
		if (e == OK)
			e = calendario_habil(&q->c, dia, &counted, &unused);
		if (e == OK && counted && !by_law) {
			*ret_dia = dia;
			*ret_motivo = motivo;
			return OK;
		}
	}
	return e;
}

static enum err observe(struct arena *a, const struct plazo_cuenta *q, const char **ret_detalle)
{
	const char *motivo = NULL;
	int32_t dia;
	enum err e = law_day(a, q, &dia, &motivo);

	if (e != OK || dia == 0)
		return e;
	const char *date = fecha_text(a, dia, FECHA_DIA);

	if (date == NULL)
		return ERR_NO_MEMORY;
	*ret_detalle = arena_printf(a,
		_("Cuenta como hábil el %s, y según este programa no lo es (%s): pregunta al "
		  "Instituto por qué."),
		date, texto(motivo));
	return *ret_detalle != NULL ? OK : ERR_NO_MEMORY;
}

static enum err compare(struct arena *a, const struct plazo_cuenta *q,
	const struct m_dato *const *said, size_t said_count, struct plazo_contado *ret)
{
	struct m_dato rows[DERIVACION_FILAS];
	size_t n = 0;
	bool lawfully = false;
	enum err e = plazo_filas_escribir(a, q, rows, &n);

	if (e == OK)
		e = lawful(q, &lawfully);
	if (e == OK)
		e = difference(a, said, said_count, rows, n, &ret->detalle);
	if (e != OK)
		return e;
	if (ret->detalle == NULL && !lawfully)
		ret->detalle =
			_("El vencimiento que dice conservar no puede ser: no deja tres días para "
			  "abrir o no es a las 09:30. Consulta el acto en el Buzón.");
	ret->holds = ret->detalle == NULL;
	return ret->holds ? observe(a, q, &ret->detalle) : OK;
}

enum err plazo_recontar(
	struct arena *a, const struct m_dato *rows, size_t count, struct plazo_contado *ret)
{
	const struct m_dato *said[DERIVACION_FILAS];
	size_t n = pick(rows, count, said);
	struct lector l = {.arena = a, .at = n != 0 ? said[0]->valor : ""};
	struct plazo_cuenta q = {0};
	struct plazo_contado r = {0};

	if (n < 3)
		return ERR_BAD_FIELD;
	read_facts(&l, &q);
	if (!l.bad)
		read_inhabiles(&l, said + 2, n - 2, &q.c);
	if (l.memory_ended)
		return ERR_NO_MEMORY;
	if (l.bad)
		return ERR_BAD_FIELD;
	enum err e = plazo_filas_contar(&q);

	if (e == OK)
		e = compare(a, &q, said, n, &r);
	if (e == ERR_NO_MEMORY)
		return e;
	if (e != OK) {
		r.holds = false;
		r.detalle = _("No se puede contar de nuevo con los días que trae: la derivación se "
			      "alteró o le faltan días. Consulta el acto en el Buzón.");
	}
	r.aviso = q.aviso.aviso;
	r.abierta = q.abierta;
	r.plazo_dias = q.plazo_dias;
	r.efecto = q.efecto;
	*ret = r;
	return OK;
}

enum err plazo_contar_de_nuevo(struct arena *a, const struct m_dato *rows, size_t count,
	struct plazo_efecto *ret, bool *ret_holds, const char **ret_detalle)
{
	struct plazo_contado r;
	enum err e = plazo_recontar(a, rows, count, &r);

	if (e != OK)
		return e;
	*ret = r.efecto;
	*ret_holds = r.holds;
	*ret_detalle = r.detalle;
	return OK;
}
