/*
 * What an operator gives `buzond calendario`: an iCalendar file from anybody's hands.
 */
#include <stdint.h>
#include "core/calendarios.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A calendar that was taken holds what everybody else relies on. */
static void check(const struct calendario_publicado *p)
{
	const struct calendario *c = &p->c;

	if (c->hasta < c->desde || c->count > 1000 || p->obligacion_count > 1000)
		__builtin_trap();
	for (size_t i = 0; i < c->count; i++) {
		int w = fecha_weekday(c->rows[i].dia);

		if (c->rows[i].dia < c->desde || c->rows[i].dia > c->hasta || w == 0 || w == 6 ||
			(i > 0 && c->rows[i].dia < c->rows[i - 1].dia))
			__builtin_trap();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	ARENA(a, 32 << 20);
	struct calendario_publicado p;
	const char *message = NULL;
	enum err e = calendarios_leer(&a, bytes_of(data, size), &p, &message);

	if (e == OK)
		check(&p);
	else if (e == ERR_BAD_CALENDAR && message == NULL)
		__builtin_trap();
	return 0;
}
