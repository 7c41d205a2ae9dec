#include "screens/tabla.h"

#include <stdlib.h>
#include "base/mem.h"
#include "ley/plazo.h"
#include "screens/copia.h"

/* What may be kept of one Buzón: a peer can't make the client grow past that. */
#define ALLOWANCE ((size_t)512 << 20)
#define DAY_MS 86400000

void tabla_init(struct tabla *t)
{
	*t = (struct tabla){0};
	arena_init(&t->arena, ALLOWANCE);
}

void tabla_free(struct tabla *t)
{
	arena_free(&t->arena);
	mem_free(t->rows);
	mem_free(t->order);
	mem_free(t->slots);
	tabla_init(t);
}

static size_t hash(const char *text)
{
	uint64_t h = UINT64_C(14695981039346656037); /* FNV-1a */

	for (; *text != '\0'; text++)
		h = (h ^ (unsigned char)*text) * UINT64_C(1099511628211);
	return (size_t)h;
}

/* The slot of the folio, or the empty one where it would go. */
static size_t slot_of(const struct tabla *t, const char *folio)
{
	size_t mask = t->slot_count - 1;
	size_t i = hash(folio) & mask;

	while (t->slots[i] != 0 && strcmp(t->rows[t->slots[i] - 1]->m.folio, folio) != 0)
		i = (i + 1) & mask;
	return i;
}

static enum err grow(struct tabla *t)
{
	size_t capacity = t->capacity == 0 ? 64 : t->capacity * 2;
	struct tabla_row **rows = mem_alloc(capacity * sizeof(*rows));
	struct tabla_row **order = mem_alloc(capacity * sizeof(*order));
	uint32_t *slots = mem_zalloc(capacity * 2 * sizeof(*slots));

	if (rows == NULL || order == NULL || slots == NULL) {
		mem_free(rows);
		mem_free(order);
		mem_free(slots);
		return ERR_NO_MEMORY;
	}
	if (t->count > 0) {
		memcpy(rows, t->rows, t->count * sizeof(*rows));
		memcpy(order, t->order, t->count * sizeof(*order));
	}
	mem_free(t->rows);
	mem_free(t->order);
	mem_free(t->slots);
	t->rows = rows;
	t->order = order;
	t->slots = slots;
	t->capacity = capacity;
	t->slot_count = capacity * 2;
	for (size_t i = 0; i < t->count; i++)
		t->slots[slot_of(t, rows[i]->m.folio)] = (uint32_t)(i + 1);
	return OK;
}

static enum err copy_row(struct arena *a, const struct m_notificacion *m, struct tabla_row **ret)
{
	struct tabla_row *row = arena_zalloc(a, sizeof(*row));

	if (row == NULL)
		return ERR_NO_MEMORY;
	enum err err = copia(a, &message_notificacion, m, &row->m);

	if (err == OK)
		*ret = row;
	return err;
}

/* Copies what is alive once most of the arena is not. Without memory for it, it goes on as is. */
static void compact(struct tabla *t)
{
	struct arena fresh;
	struct tabla_row **rows;

	if (t->wasted < 1 << 20 || t->wasted < t->arena.used / 2)
		return;
	arena_init(&fresh, ALLOWANCE);
	rows = mem_alloc(t->capacity * sizeof(struct tabla_row *));
	for (size_t i = 0; rows != NULL && i < t->count; i++) {
		if (copy_row(&fresh, &t->rows[i]->m, &rows[i]) == OK)
			continue;
		mem_free(rows);
		rows = NULL;
	}
	if (rows == NULL) {
		arena_free(&fresh);
		return;
	}
	mem_free(t->rows);
	arena_free(&t->arena);
	t->rows = rows;
	t->arena = fresh;
	t->wasted = 0;
	memcpy(t->order, rows, t->count * sizeof(struct tabla_row *));
}

enum err tabla_put(struct tabla *t, const struct m_notificacion *m)
{
	struct tabla_row *row;
	size_t before = t->arena.used;
	enum err err = t->count < t->capacity ? OK : grow(t);

	if (err == OK)
		err = copy_row(&t->arena, m, &row);
	if (err != OK)
		return err;
	size_t slot = slot_of(t, m->folio);

	if (t->slots[slot] == 0) {
		t->order[t->count] = row;
		t->rows[t->count++] = row;
		t->slots[slot] = (uint32_t)t->count;
	} else {
		t->rows[t->slots[slot] - 1] = row;
		t->wasted += t->arena.used - before;
	}
	t->sorted_on = 0;
	compact(t);
	return OK;
}

const struct tabla_row *tabla_find(const struct tabla *t, const char *folio)
{
	if (t->count == 0)
		return NULL;
	uint32_t n = t->slots[slot_of(t, folio)];

	return n == 0 ? NULL : t->rows[n - 1];
}

/* End of the last day of the response's term, where it still runs on `today`. */
static void count_term(struct tabla_row *row, const struct calendario *c, int32_t today)
{
	struct plazo_aviso aviso;
	struct plazo_efecto efecto;

	if (c == NULL || row->m.plazo_dias <= 0 || plazo_de_aviso(c, row->m.aviso, &aviso) != OK ||
		plazo_de_apertura(c, &aviso, row->m.abierta, (int)row->m.plazo_dias, &efecto) != OK)
		return;
	if (efecto.ultimo < today)
		return;
	row->ultimo = efecto.ultimo;
	row->due = zona_instant(zona_centro(), efecto.ultimo, DAY_MS - 1);
}

static void judge(struct tabla_row *row, const struct calendario *c, int32_t today)
{
	row->due = 0;
	row->ultimo = 0;
	if (row->m.notificada == 0) {
		row->estado = TABLA_POR_ABRIR;
		row->due = row->m.vence;
		return;
	}
	row->estado = row->m.abierta != 0 && row->m.abierta < row->m.vence ? TABLA_NOTIFICADA
									   : TABLA_POR_PLAZO;
	count_term(row, c, today);
}

static int compare(const void *pa, const void *pb)
{
	const struct tabla_row *a = *(struct tabla_row *const *)pa;
	const struct tabla_row *b = *(struct tabla_row *const *)pb;

	if ((a->due == 0) != (b->due == 0))
		return a->due == 0 ? 1 : -1;
	if (a->due != b->due)
		return a->due < b->due ? -1 : 1;
	if (a->due == 0 && a->m.notificada != b->m.notificada)
		return a->m.notificada > b->m.notificada ? -1 : 1;
	return strcmp(a->m.folio, b->m.folio);
}

void tabla_sort(struct tabla *t, const struct calendario *c, int64_t now)
{
	int32_t today = zona_civil(zona_centro(), now).dia;

	if (t->sorted_on == today)
		return;
	t->por_abrir = 0;
	t->due_count = 0;
	for (size_t i = 0; i < t->count; i++) {
		t->order[i] = t->rows[i];
		judge(t->rows[i], c, today);
		t->por_abrir += t->rows[i]->estado == TABLA_POR_ABRIR;
		t->due_count += t->rows[i]->due != 0;
	}
	if (t->count > 0)
		qsort(t->order, t->count, sizeof(struct tabla_row *), compare);
	t->sorted_on = today;
}

void tabla_dirty(struct tabla *t)
{
	t->sorted_on = 0;
}

const struct tabla_row *tabla_at(const struct tabla *t, size_t index)
{
	return index < t->count ? t->order[index] : NULL;
}

size_t tabla_index(const struct tabla *t, const char *folio)
{
	const struct tabla_row *row = tabla_find(t, folio);

	for (size_t i = 0; row != NULL && i < t->count; i++)
		if (t->order[i] == row)
			return i;
	return 0;
}
