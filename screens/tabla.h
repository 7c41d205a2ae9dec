/*
 * The notifications of a Buzón: merged by folio, in the order in which they fall due.
 *
 * Due is: not notified yet, the instant of the lapse (Lineamientos 7.5); notified with a term that
 * still runs, the end of its last day. What is not due comes after, the newest first.
 */
#ifndef SCREENS_TABLA_H
#define SCREENS_TABLA_H

#include "ley/calendario.h"
#include "net/messages.h"

enum tabla_estado {
	TABLA_POR_ABRIR,
	TABLA_NOTIFICADA, /* opened */
	TABLA_POR_PLAZO,  /* nobody opened it in time (7.5) */
};

struct tabla_row {
	struct m_notificacion m;
	int64_t due;	/* ms UTC; 0: nothing is due */
	int32_t ultimo; /* last day of the term that runs; 0: none */
	enum tabla_estado estado;
};

struct tabla {
	struct arena arena;
	struct tabla_row **rows; /* as they came */
	struct tabla_row **order;
	size_t count;
	size_t capacity;
	uint32_t *slots; /* hash by folio: index + 1 */
	size_t slot_count;
	size_t wasted;	   /* bytes of the arena that replaced rows left behind */
	int32_t sorted_on; /* civil day of the order; 0: to be sorted */
	size_t por_abrir;
	size_t due_count;
};

void tabla_init(struct tabla *t);
void tabla_free(struct tabla *t);
/* Adds or replaces by folio (copied). ERR_NO_MEMORY: the table is as before. */
enum err tabla_put(struct tabla *t, const struct m_notificacion *m) MUST_CHECK;
/* NULL where there is none. */
const struct tabla_row *tabla_find(const struct tabla *t, const char *folio);
/*
 * Puts in order as of `now`; needed before tabla_at. `c` NULL: no calendar yet, terms unknown.
 * Cheap where nothing changed since.
 */
void tabla_sort(struct tabla *t, const struct calendario *c, int64_t now);
/* The calendar changed: terms are counted anew. */
void tabla_dirty(struct tabla *t);
const struct tabla_row *tabla_at(const struct tabla *t, size_t index);
/* Where the folio stands; 0 where it is not. */
size_t tabla_index(const struct tabla *t, const char *folio);

#endif
