#include "ley/cadena.h"

#include <stdlib.h>
#include "ley/hora.h"
#include "ley/valores.h"

enum err cadena_build(struct arena *a, const struct cadena *c, const char **ret_text)
{
	const struct valor rows[] = {
#define CADENA(member, label) {label, c->member},
#include "ley/cadena.def"
#undef CADENA
	};

	return valores_join(a, rows, COUNT_OF(rows), ret_text);
}

enum err cadena_parse(struct arena *a, const char *text, struct cadena *ret)
{
	struct valor rows[] = {
#define CADENA(member, label) {label, NULL},
#include "ley/cadena.def"
#undef CADENA
	};
	const struct valor *at = rows;
	enum err e = valores_split(a, text, rows, COUNT_OF(rows));

	if (e != OK)
		return e;
#define CADENA(member, label) ret->member = (at++)->value;
#include "ley/cadena.def"
#undef CADENA
	return OK;
}

enum err cadena_check_time(const struct cadena *c, int64_t now, int64_t skew_ms)
{
	int64_t elaborado;
	enum err e = hora_parse(c->elaborado, &elaborado);

	if (e != OK)
		return e;
	return llabs(now - elaborado) <= skew_ms ? OK : ERR_CLOCK_OFF;
}
