/*
 * A month as a grid of weeks that begin on Monday: pure text, five cells a day, so that all of it
 * fits 40 columns. "[17*]" is the day under the cursor; "*" a notification's date, "+" an
 * obligation's, "x" a día inhábil between Monday and Friday.
 */
#ifndef SCREENS_MES_H
#define SCREENS_MES_H

#include "ley/calendario.h"
#include "screens/citas.h"

#define MES_CELDAS 35

/* First and last civil day of the month of `dia`. */
void mes_de(int32_t dia, int32_t *ret_primero, int32_t *ret_ultimo);
/* How many weeks it has, and in which of them that day is. */
size_t mes_semanas(int32_t dia);
size_t mes_semana(int32_t dia);
/* The day of that week of the same month that stands under or above `dia`, else the nearest. */
int32_t mes_en_semana(int32_t dia, size_t semana);
/* The same day of another month, or its last. */
int32_t mes_sumar(int32_t dia, int meses);
/* " lu   ma  …" */
const char *mes_titulo(void);
/* "noviembre 2026". NULL: no memory. */
const char *mes_nombre(struct arena *a, int32_t dia);
/* One week of the month of `dia`, `dia` under the cursor. `c` may be NULL. NULL: no memory. */
const char *mes_texto(struct arena *a, const struct calendario *c, const struct citas *citas,
	int32_t dia, size_t semana);

#endif
