#include "screens/tabla.h"

#include <stdio.h>
#include "screens/local_db.h"

#define ROW ((size_t)64 << 10)
/* Steps past which milestones are worth their walk. */
#define FAR (4 * TABLA_HITO)
#define STRETCH ((size_t)4 << 20)
/* Past every text: U+10FFFF. */
#define LAST_TEXT "\xf4\x8f\xbf\xbf"

void tabla_init(struct tabla *t)
{
	*t = (struct tabla){0};
	arena_init(&t->hito_arena, STRETCH);
	for (size_t i = 0; i < TABLA_TRAMOS; i++)
		arena_init(&t->tramos[i].arena, STRETCH);
}

/* What was read of the query. */
static void drop(struct tabla *t)
{
	for (size_t i = 0; i < TABLA_TRAMOS; i++) {
		arena_free(&t->tramos[i].arena);
		t->tramos[i].count = 0;
		t->tramos[i].rows = NULL;
	}
	arena_free(&t->hito_arena);
	t->hitos = NULL;
	t->hito_count = 0;
	t->hito_room = 0;
	t->counted = false;
	t->matches = 0;
	t->lugar_folio[0] = '\0';
}

void tabla_free(struct tabla *t)
{
	drop(t);
	tabla_init(t);
}

void tabla_attach(struct tabla *t, struct local *reader)
{
	t->local = reader;
	t->totales = (struct tabla_totales){0};
	tabla_changed(t);
}

void tabla_changed(struct tabla *t)
{
	drop(t);
	t->err = OK;
}

/* Remembers what the screen is to say; a row that is not there is nothing to say. */
static enum err noted(struct tabla *t, enum err err)
{
	if (err != OK && err != ERR_NOT_FOUND)
		t->err = err;
	return err;
}

void tabla_query(struct tabla *t, enum fila_por por, const struct filtro *filtro)
{
	const struct filtro none = {0};

	t->por = por;
	t->filtro = filtro != NULL ? *filtro : none;
	drop(t);
}

/* ---- places ---- */

static struct in_ventana everything(const struct tabla *t)
{
	return (struct in_ventana){.mascara = fila_mascara(t->filtro.que),
		.tipo = t->tipo,
		.rp = t->rp,
		.desde = t->filtro.desde,
		.hasta = filtro_ultimo(&t->filtro),
		.texto = t->filtro.texto,
		.buscado = ""};
}

/* Before all rows, or past them. */
static void place_end(struct in_ventana *in, bool last)
{
	in->numero = last ? INT64_MAX : INT64_MIN;
	in->clave = last ? LAST_TEXT : "";
	in->folio = last ? LAST_TEXT : "";
}

static void place_row(struct in_ventana *in, enum fila_por por, const struct out_fila *row)
{
	in->numero = por == POR_AVISO ? row->reciente : row->orden;
	in->clave = por == POR_FOLIO ? row->folio : row->nombre;
	in->folio = row->folio;
}

/* ---- stretches ---- */

static struct tabla_tramo *kept(struct tabla *t, size_t number)
{
	for (size_t i = 0; i < TABLA_TRAMOS; i++)
		if (t->tramos[i].count != 0 && t->tramos[i].number == number)
			return &t->tramos[i];
	return NULL;
}

static struct tabla_tramo *oldest(struct tabla *t)
{
	struct tabla_tramo *slot = &t->tramos[0];

	for (size_t i = 1; i < TABLA_TRAMOS; i++)
		if (t->tramos[i].count == 0 || t->tramos[i].used < slot->used)
			slot = &t->tramos[i];
	for (size_t i = 0; i < TABLA_TRAMOS; i++)
		if (t->tramos[i].count == 0)
			return &t->tramos[i];
	return slot;
}

/* The last milestone before row `first`; how far that row is behind it. NULL: none. */
static const struct tabla_hito *hito_before(const struct tabla *t, size_t first, size_t *ret_steps)
{
	size_t n = first / TABLA_HITO;

	if (n > t->hito_count)
		n = t->hito_count;
	*ret_steps = first - n * TABLA_HITO;
	return n > 0 ? &t->hitos[n - 1] : NULL;
}

static void place_hito(struct in_ventana *in, const struct tabla_hito *h)
{
	in->numero = h->numero;
	in->clave = h->clave;
	in->folio = h->folio;
}

/* From where rows first..first + limit are reached with the fewest steps. */
static enum local_forma nearest(
	const struct tabla *t, size_t first, size_t limit, struct in_ventana *in)
{
	enum local_forma forma = FORMA_DESPUES;
	size_t steps = first;
	size_t behind = t->matches - first - limit;
	size_t past;
	const struct tabla_hito *h = hito_before(t, first, &past);

	place_end(in, false);
	if (behind < steps) {
		forma = FORMA_ANTES;
		steps = behind;
		place_end(in, true);
	}
	if (h != NULL && past < steps) {
		forma = FORMA_DESPUES;
		steps = past;
		place_hito(in, h);
	}
	for (size_t i = 0; i < TABLA_TRAMOS; i++) {
		const struct tabla_tramo *k = &t->tramos[i];
		size_t start = k->number * TABLA_TRAMO;

		if (k->count == 0)
			continue;
		if (start + k->count <= first && first - start - k->count < steps) {
			forma = FORMA_DESPUES;
			steps = first - start - k->count;
			place_row(in, t->por, &k->rows[k->count - 1]);
		} else if (start >= first + limit && start - first - limit < steps) {
			forma = FORMA_ANTES;
			steps = start - first - limit;
			place_row(in, t->por, &k->rows[0]);
		}
	}
	in->limite = (int64_t)limit;
	in->salta = (int64_t)steps;
	return forma;
}

static void reverse(struct out_fila *rows, size_t n)
{
	for (size_t i = 0; i < n / 2; i++) {
		struct out_fila other = rows[i];

		rows[i] = rows[n - 1 - i];
		rows[n - 1 - i] = other;
	}
}

static enum err add_hito(struct tabla *t, const struct out_fila *row)
{
	struct in_ventana place;

	if (t->hito_count == t->hito_room) {
		size_t room = t->hito_room != 0 ? t->hito_room * 2 : 64;
		struct tabla_hito *more = arena_array(&t->hito_arena, room, sizeof(*more));

		if (more == NULL)
			return ERR_NO_MEMORY;
		if (t->hito_count != 0)
			memcpy(more, t->hitos, t->hito_count * sizeof(*more));
		t->hitos = more;
		t->hito_room = room;
	}
	place_row(&place, t->por, row);
	struct tabla_hito made = {.numero = place.numero,
		.clave = arena_strdup(&t->hito_arena, place.clave),
		.folio = arena_strdup(&t->hito_arena, place.folio)};

	if (made.clave == NULL || made.folio == NULL)
		return ERR_NO_MEMORY;
	t->hitos[t->hito_count++] = made;
	return OK;
}

/* Sets the milestones up to row `first`. */
static enum err set_hitos(struct tabla *t, size_t first)
{
	enum err err = OK;

	while (err == OK && (t->hito_count + 1) * TABLA_HITO <= first) {
		ARENA(a, ROW);
		struct in_ventana in = everything(t);
		void *rows = NULL;
		size_t n = 0;

		place_end(&in, false);
		if (t->hito_count != 0)
			place_hito(&in, &t->hitos[t->hito_count - 1]);
		in.limite = 1;
		in.salta = TABLA_HITO - 1;
		err = local_all(
			t->local, local_ventana(t->por, FORMA_DESPUES), &in, 1, &a, &rows, &n);
		t->leidas += TABLA_HITO;
		if (err == OK)
			err = n == 1 ? add_hito(t, rows) : ERR_NOT_FOUND;
	}
	return err;
}

static enum err load(struct tabla *t, size_t number, struct tabla_tramo **ret)
{
	struct tabla_tramo made = {.number = number};
	struct in_ventana in = everything(t);
	size_t first = number * TABLA_TRAMO;
	size_t limit = t->matches - first < TABLA_TRAMO ? t->matches - first : TABLA_TRAMO;
	enum local_forma forma = nearest(t, first, limit, &in);
	void *rows = NULL;

	if (in.salta > FAR) {
		/* Without milestones it is only farther. */
		(void)!set_hitos(t, first);
		forma = nearest(t, first, limit, &in);
	}
	arena_init(&made.arena, STRETCH);
	enum err err = local_all(t->local, local_ventana(t->por, forma), &in, limit, &made.arena,
		&rows, &made.count);

	t->leidas += (uint64_t)in.salta + made.count;
	if (err == OK && made.count == 0)
		err = ERR_NOT_FOUND;
	if (err != OK) {
		arena_free(&made.arena);
		return err;
	}
	made.rows = rows;
	if (forma == FORMA_ANTES)
		reverse(made.rows, made.count);
	struct tabla_tramo *slot = oldest(t);

	arena_free(&slot->arena);
	*slot = made;
	*ret = slot;
	return OK;
}

/* The row as it was read; valid until the next one is asked for. */
static enum err raw_at(struct tabla *t, size_t index, const struct out_fila **ret)
{
	if (index >= tabla_count(t))
		return ERR_NOT_FOUND;
	struct tabla_tramo *k = kept(t, index / TABLA_TRAMO);
	enum err err = k == NULL ? load(t, index / TABLA_TRAMO, &k) : OK;

	if (err != OK)
		return err;
	k->used = ++t->uses;
	/* Fewer than were counted: somebody wrote, and tabla_changed is on its way. */
	if (index % TABLA_TRAMO >= k->count)
		return ERR_NOT_FOUND;
	*ret = &k->rows[index % TABLA_TRAMO];
	return OK;
}

enum err tabla_at(struct tabla *t, struct arena *a, size_t index, struct fila *ret)
{
	const struct out_fila *row = NULL;
	enum err err = raw_at(t, index, &row);

	if (err == OK)
		err = local_fila(a, row, ret);
	return noted(t, err);
}

enum err tabla_folio(struct tabla *t, size_t index, char ret[TABLA_FOLIO])
{
	const struct out_fila *row = NULL;
	enum err err = raw_at(t, index, &row);

	if (err == OK)
		(void)snprintf(ret, TABLA_FOLIO, "%s", row->folio);
	return noted(t, err);
}

enum err tabla_due(struct tabla *t, size_t index, int64_t *ret)
{
	const struct out_fila *row = NULL;
	enum err err = raw_at(t, index, &row);

	if (err == OK)
		*ret = (row->clase & FILA_VENCE) != 0 ? row->orden : 0;
	return noted(t, err);
}

/* ---- by folio ---- */

static enum err raw_find(struct tabla *t, struct arena *a, const char *folio, struct out_fila *ret)
{
	const struct in_fila in = {.folio = folio};

	if (t->local == NULL)
		return ERR_NOT_FOUND;
	t->leidas++;
	return q_fila(t->local, &in, a, ret);
}

enum err tabla_find(struct tabla *t, struct arena *a, const char *folio, struct fila *ret)
{
	struct out_fila row;
	enum err err = raw_find(t, a, folio, &row);

	if (err == OK)
		err = local_fila(a, &row, ret);
	return noted(t, err);
}

enum err tabla_find_acuse(struct tabla *t, struct arena *a, const char *acuse, struct fila *ret)
{
	const struct in_fila_de_acuse in = {.acuse = acuse};
	struct out_fila_de_acuse row;

	if (t->local == NULL)
		return ERR_NOT_FOUND;
	enum err err = q_fila_de_acuse(t->local, &in, a, &row);

	return err == OK ? tabla_find(t, a, row.folio, ret) : noted(t, err);
}

/* Has the query this row? */
static enum err in_query(
	const struct tabla *t, struct arena *a, const struct out_fila *row, bool *ret)
{
	struct fila f;

	*ret = (row->clase & fila_mascara(t->filtro.que)) != 0;
	if (!*ret || !filtro_hay(&t->filtro))
		return OK;
	enum err err = local_fila(a, row, &f);

	return err == OK ? filtro_admite(a, &t->filtro, &f, ret) : err;
}

/* Counts the rows of the query before that one. */
static enum err count_before(
	struct tabla *t, struct arena *a, const struct out_fila *row, size_t *ret)
{
	struct in_ventana in = everything(t);
	struct out_lugar found;

	place_row(&in, t->por, row);
	enum err err = local_run(t->local, local_ventana(t->por, FORMA_LUGAR), &in, a, &found);

	if (err != OK)
		return err;
	t->leidas += (uint64_t)found.filas;
	*ret = (size_t)found.filas;
	return OK;
}

static bool index_kept(const struct tabla *t, const char *folio, size_t *ret)
{
	for (size_t i = 0; i < TABLA_TRAMOS; i++)
		for (size_t n = 0; n < t->tramos[i].count; n++)
			if (strcmp(t->tramos[i].rows[n].folio, folio) == 0) {
				*ret = t->tramos[i].number * TABLA_TRAMO + n;
				return true;
			}
	if (folio[0] == '\0' || strcmp(t->lugar_folio, folio) != 0)
		return false;
	*ret = t->lugar;
	return true;
}

enum err tabla_index(struct tabla *t, const char *folio, size_t *ret_index)
{
	ARENA(a, ROW);
	struct out_fila row;
	bool found = false;

	if (index_kept(t, folio, ret_index))
		return OK;
	enum err err = raw_find(t, &a, folio, &row);

	if (err == OK)
		err = in_query(t, &a, &row, &found);
	if (err == OK && !found)
		err = ERR_NOT_FOUND;
	if (err == OK)
		err = count_before(t, &a, &row, &t->lugar);
	t->lugar_folio[0] = '\0';
	if (err != OK)
		return noted(t, err);
	(void)snprintf(t->lugar_folio, sizeof(t->lugar_folio), "%s", folio);
	*ret_index = t->lugar;
	return OK;
}

/* The first row with `in->buscado` past the place of `in`, or before it. */
static enum err search_from(
	struct tabla *t, struct in_ventana *in, bool backwards, size_t *ret_index)
{
	ARENA(a, ROW);
	enum local_forma forma = backwards ? FORMA_ANTES : FORMA_DESPUES;
	struct out_fila *rows = NULL;
	void *raw = NULL;
	size_t n = 0;
	enum err err = local_all(t->local, local_ventana(t->por, forma), in, 1, &a, &raw, &n);

	if (err == OK && n == 0)
		err = ERR_NOT_FOUND;
	rows = raw;
	return err == OK ? tabla_index(t, rows[0].folio, ret_index) : err;
}

/* Is there any such row? Rows in the order of the file are read in half the time. */
static enum err any_match(struct tabla *t, struct arena *a, const char *buscado)
{
	const struct in_hay_texto in = {.mascara = fila_mascara(t->filtro.que),
		.tipo = t->tipo,
		.rp = t->rp,
		.desde = t->filtro.desde,
		.hasta = filtro_ultimo(&t->filtro),
		.texto = t->filtro.texto,
		.buscado = buscado};
	struct out_hay_texto row;
	enum err err = q_hay_texto(t->local, &in, a, &row);

	return err == OK && row.hay == 0 ? ERR_NOT_FOUND : err;
}

enum err tabla_search(
	struct tabla *t, const char *words, size_t from, bool backwards, size_t *ret_index)
{
	ARENA(a, ROW);
	struct in_ventana in = everything(t);
	const struct out_fila *row = NULL;
	enum err err = raw_at(t, from, &row);

	in.buscado = fila_fold(&a, words);
	in.limite = 1;
	if (in.buscado == NULL)
		return noted(t, ERR_NO_MEMORY);
	if (err == OK)
		err = any_match(t, &a, in.buscado);
	if (err != OK)
		return noted(t, err);
	place_row(&in, t->por, row);
	err = search_from(t, &in, backwards, ret_index);
	if (err == ERR_NOT_FOUND) {
		place_end(&in, backwards);
		err = search_from(t, &in, backwards, ret_index);
	}
	return noted(t, err);
}
