/*
 * A page's paragraphs, added one by one. The first failure is remembered: who adds checks once.
 */
#ifndef SCREENS_PARRAFOS_H
#define SCREENS_PARRAFOS_H

#include "base/arena.h"
#include "base/err.h"
#include "ley/zona.h"
#include "tui/page.h"

struct parrafos {
	struct arena *arena;
	struct page_paragraph *rows;
	size_t count;
	size_t capacity;
	bool failed;
};

void parrafos_init(struct parrafos *p, struct arena *a);
void parrafos_add(struct parrafos *p, enum page_style style, const char *format, ...)
	PRINTF_LIKE(3, 4);
/* "label: value". */
void parrafos_pair(struct parrafos *p, const char *label, const char *format, ...)
	PRINTF_LIKE(3, 4);
void parrafos_blank(struct parrafos *p);
void parrafos_qr(struct parrafos *p, const struct page_qr *qr);
/* ERR_NO_MEMORY where anything failed. */
enum err parrafos_text(struct parrafos *p, struct page *page) MUST_CHECK;

/*
 * Words of instants and days that a screen puts into sentences: never NULL. Where memory ends the
 * paragraphs fail, so that a sentence with a hole never reaches a person.
 */
const char *parrafos_dia(struct parrafos *p, int32_t dia);
const char *parrafos_hora(struct parrafos *p, int64_t instant);
/* The same in the domicile's zone: " (16:52 en tu domicilio)", "" where `z` is NULL. */
const char *parrafos_domicilio(struct parrafos *p, const struct zona *z, int64_t instant);
const char *parrafos_printf(struct parrafos *p, const char *format, ...) PRINTF_LIKE(2, 3);

#endif
