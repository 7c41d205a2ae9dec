#include "ley/plazo_filas.h"

#include "base/buf.h"

#define VALOR_BYTES 1000
#define FUENTE_BYTES 300

static int32_t later(int32_t a, int32_t b)
{
	return a > b ? a : b;
}

static int32_t day_of(int64_t instant)
{
	return zona_civil(zona_centro(), instant).dia;
}

enum err plazo_filas_contar(struct plazo_cuenta *q)
{
	int32_t next = 0;
	enum err e = plazo_de_aviso(&q->c, q->listo, &q->aviso);

	if (e == OK && q->conservado != 0) {
		q->aviso.vence = q->conservado;
		e = calendario_despues(&q->c, day_of(q->conservado), 1, &next);
	}
	if (e == OK)
		e = plazo_de_apertura(&q->c, &q->aviso, q->abierta, q->plazo_dias, &q->efecto);
	if (e != OK)
		return e;
	q->desde = day_of(q->listo);
	q->hasta = later(later(q->efecto.primero, q->efecto.ultimo), later(q->aviso.cuarto, next));
	return OK;
}

/* ---- writing ---- */

struct filas {
	struct arena *arena;
	struct m_dato *rows;
	size_t count;
	bool full;
	bool memory_ended;
};

static void put_row(struct filas *f, const char *valor)
{
	if (valor == NULL) {
		f->memory_ended = true;
		return;
	}
	if (f->count == DERIVACION_FILAS || strlen(valor) > VALOR_BYTES) {
		f->full = true;
		return;
	}
	const char *label = arena_printf(f->arena, "%s %zu", DERIVACION_ETIQUETA, f->count + 1);

	f->memory_ended = f->memory_ended || label == NULL;
	f->rows[f->count++] = (struct m_dato){.etiqueta = label, .valor = valor};
}

/* On the last row where there is room, else on a row of its own. */
static void put_stretch(struct filas *f, const char *glue, const char *text)
{
	if (text == NULL)
		f->memory_ended = true;
	if (f->count == 0 || f->full || f->memory_ended)
		return;
	struct m_dato *last = &f->rows[f->count - 1];

	if (strlen(last->valor) + strlen(glue) + strlen(text) > VALOR_BYTES) {
		put_row(f, text);
		return;
	}
	last->valor = arena_printf(f->arena, "%s%s%s", last->valor, glue, text);
	f->memory_ended = last->valor == NULL;
}

static const char *on(struct arena *a, int64_t instant)
{
	return hora_text(a, zona_centro(), instant, HORA_CADENA);
}

static const char *iso(struct arena *a, int32_t dia)
{
	return fecha_text(a, dia, FECHA_ISO);
}

/* A text from elsewhere, of at most `most` bytes, that can't be taken for anything of ours. */
static const char *tamed(struct arena *a, const char *text, size_t most)
{
	static const char CUT[] = "…";
	size_t size = text != NULL ? strlen(text) : 0;
	size_t keep = size;

	if (size > most)
		keep = most >= sizeof(CUT) ? most - (sizeof(CUT) - 1) : 0;
	while (keep != 0 && keep < size && ((unsigned char)text[keep] & 0xC0) == 0x80)
		keep--;
	char *own = arena_printf(a, "%.*s%s", (int)keep, text != NULL ? text : "",
		keep != size && keep != 0 ? CUT : "");

	for (char *p = own; p != NULL && *p != '\0'; p++) {
		if (*p == ';')
			*p = ',';
		else if ((unsigned char)*p < 0x20 || *p == 0x7F)
			*p = ' ';
	}
	return own;
}

static void write_facts(struct filas *f, const struct plazo_cuenta *q)
{
	struct arena *a = f->arena;
	const char *fuente = tamed(a, q->c.fuente, FUENTE_BYTES);
	struct buf b;

	if (fuente == NULL) {
		f->memory_ended = true;
		return;
	}
	buf_init(&b, a);
	buf_printf(&b, "aviso %s; abierta %s; plazo %d; ", on(a, q->listo),
		q->abierta != 0 ? on(a, q->abierta) : "no", q->plazo_dias);
	if (q->conservado != 0)
		buf_printf(&b, "vence conservado %s; ", on(a, q->conservado));
	if (q->c.version != 0)
		buf_printf(&b, "calendario %lld", (long long)q->c.version);
	else
		buf_text(&b, "calendario sin publicar");
	if (*fuente != '\0')
		buf_printf(&b, "; %s", fuente);
	put_row(f, buf_end_text(&b));
}

static void write_dates(struct filas *f, const struct plazo_cuenta *q)
{
	const struct plazo_aviso *v = &q->aviso;
	const struct plazo_efecto *e = &q->efecto;
	struct arena *a = f->arena;
	struct buf b;

	buf_init(&b, a);
	buf_printf(&b, "días para abrir %s, %s y %s; cuarto %s; vence %s; notificada %s; surte %s",
		iso(a, v->dias[0]), iso(a, v->dias[1]), iso(a, v->dias[2]), iso(a, v->cuarto),
		on(a, v->vence), on(a, e->notificada), iso(a, e->surte));
	if (q->plazo_dias > 0)
		buf_printf(&b, "; plazo del %s al %s", iso(a, e->primero), iso(a, e->ultimo));
	put_row(f, buf_end_text(&b));
}

static bool weekend(int32_t dia)
{
	int w = fecha_weekday(dia);

	return w == 0 || w == 6;
}

static int32_t next_weekday(int32_t dia)
{
	do
		dia++;
	while (weekend(dia));
	return dia;
}

struct tramo {
	int32_t desde;
	int32_t hasta;
	const char *motivo;
};

static void put_tramo(struct filas *f, const struct tramo *t, bool first)
{
	struct arena *a = f->arena;
	const char *from = iso(a, t->desde);
	const char *to = iso(a, t->hasta);
	const char *blank = *t->motivo != '\0' ? " " : "";

	if (from == NULL || to == NULL) {
		f->memory_ended = true;
		return;
	}
	put_stretch(f, first ? " " : "; ",
		t->desde == t->hasta ? arena_printf(a, "%s%s%s", from, blank, t->motivo)
				     : arena_printf(a, "%s/%s%s%s", from, to, blank, t->motivo));
}

/* `most`: bytes of a reason. */
static enum err write_inhabiles(struct filas *f, const struct plazo_cuenta *q, size_t most)
{
	struct tramo t = {.motivo = NULL};
	bool first = true;

	put_row(f, arena_printf(f->arena, "inhábiles del %s al %s, además de sábados y domingos:",
			   iso(f->arena, q->desde), iso(f->arena, q->hasta)));
	for (int32_t dia = q->desde; dia <= q->hasta; dia++) {
		const char *motivo;
		bool habil;
		enum err e = calendario_habil(&q->c, dia, &habil, &motivo);

		if (e != OK)
			return e;
		if (habil || weekend(dia))
			continue;
		motivo = tamed(f->arena, motivo, most);
		if (motivo == NULL)
			return ERR_NO_MEMORY;
		if (t.motivo != NULL && strcmp(t.motivo, motivo) == 0 &&
			next_weekday(t.hasta) == dia) {
			t.hasta = dia;
			continue;
		}
		if (t.motivo != NULL) {
			put_tramo(f, &t, first);
			first = false;
		}
		t = (struct tramo){.desde = dia, .hasta = dia, .motivo = motivo};
	}
	if (t.motivo != NULL)
		put_tramo(f, &t, first);
	else
		put_stretch(f, " ", "ninguno");
	return OK;
}

enum err plazo_filas_escribir(
	struct arena *a, const struct plazo_cuenta *q, struct m_dato *rows, size_t *ret_count)
{
	static const size_t MOTIVO_BYTES[] = {200, 60, 0};

	for (size_t i = 0; i < COUNT_OF(MOTIVO_BYTES); i++) {
		struct filas f = {.arena = a, .rows = rows};

		write_facts(&f, q);
		write_dates(&f, q);
		enum err e = write_inhabiles(&f, q, MOTIVO_BYTES[i]);

		if (e == OK && f.memory_ended)
			e = ERR_NO_MEMORY;
		if (e != OK)
			return e;
		if (!f.full) {
			*ret_count = f.count;
			return OK;
		}
	}
	return ERR_TOO_LARGE;
}

enum err plazo_filas(struct arena *a, const struct calendario *c, const struct plazo_aviso *aviso,
	int64_t opened, int plazo_dias, struct m_dato *rows, size_t *ret_count)
{
	struct plazo_cuenta q = {
		.c = *c,
		.listo = aviso->aviso,
		.abierta = opened,
		.plazo_dias = plazo_dias,
	};

	if (plazo_dias < 0 || plazo_dias > PLAZO_FILAS_DIAS)
		return ERR_BAD_FIELD;
	enum err e = plazo_filas_contar(&q);

	if (e == OK && aviso->vence != q.aviso.vence) {
		q.conservado = aviso->vence;
		e = plazo_filas_contar(&q);
	}
	return e == OK ? plazo_filas_escribir(a, &q, rows, ret_count) : e;
}

bool plazo_es_fila(const struct m_dato *row)
{
	static const char PREFIX[] = DERIVACION_ETIQUETA " ";

	return row->etiqueta != NULL && strncmp(row->etiqueta, PREFIX, sizeof(PREFIX) - 1) == 0;
}
