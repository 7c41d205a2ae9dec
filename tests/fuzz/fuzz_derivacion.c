/*
 * The rows that an acuse keeps of how its dates were counted, whatever is in them: a line a row. A
 * row that begins with ! has its label in front of a blank; the others are labelled in order.
 * Where they are said to hold, they say the same when they are counted twice, and what they say is
 * possible.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "ley/plazo.h"
#include "net/messages.h"

#define ALLOWANCE (32u << 20)
#define ROWS 12

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

static size_t split(char *text, char labels[ROWS][64], struct m_dato *rows)
{
	size_t n = 0;
	char *save = NULL;

	for (char *line = strtok_r(text, "\n", &save); line != NULL && n < ROWS;
		line = strtok_r(NULL, "\n", &save), n++) {
		char *blank = line[0] == '!' ? strrchr(line, ' ') : NULL;

		snprintf(labels[n], 64, "%s %zu", DERIVACION_ETIQUETA, n + 1);
		if (blank != NULL) {
			*blank = '\0';
			snprintf(labels[n], 64, "%.60s", line + 1);
			line = blank + 1;
		}
		rows[n] = (struct m_dato){.etiqueta = labels[n], .valor = line};
	}
	return n;
}

static void check(const struct plazo_contado *r)
{
	const struct plazo_efecto *e = &r->efecto;

	must(r->holds || r->detalle != NULL);
	must(r->plazo_dias >= 0 && r->plazo_dias <= 1000);
	if (!r->holds)
		return;
	must(r->aviso > 0 && e->notificada >= r->aviso - 86400000);
	must(e->surte > e->dia && e->primero > e->surte && e->ultimo >= e->surte);
	must(r->plazo_dias != 0 || e->ultimo == e->surte);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	ARENA(a, ALLOWANCE);
	char labels[ROWS][64];
	struct m_dato rows[ROWS];
	struct plazo_contado r = {0};
	struct plazo_contado again = {0};

	if (zona_centro() == NULL && zona_setup() != OK)
		return 0;
	char *text = arena_copy(&a, data, size);

	if (text == NULL)
		return 0;
	size_t n = split(text, labels, rows);
	enum err e = plazo_recontar(&a, rows, n, &r);

	must(e == OK || e == ERR_BAD_FIELD || e == ERR_NO_MEMORY);
	if (e != OK)
		return 0;
	check(&r);
	e = plazo_recontar(&a, rows, n, &again);
	must(e == ERR_NO_MEMORY ||
		(e == OK && again.holds == r.holds &&
			memcmp(&again.efecto, &r.efecto, sizeof(r.efecto)) == 0));
	return 0;
}
