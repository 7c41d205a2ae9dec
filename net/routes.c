#include "net/routes.h"

#include <string.h>

/* clang-format off */
#define ENTRY ROUTE_ENTRY
#define ACT ROUTE_ACT
#define READ ROUTE_READ
#define PROPIO ROUTE_PROPIO
#define REPRESENTANTE ROUTE_REPRESENTANTE
#define FUNCIONARIO ROUTE_FUNCIONARIO
#define ENABLED true
#define ANY false
#define YES true
#define NO false
#define ROUTE(                                                                                     \
	id, where, asks, answers, signs, hats, menu, least, needs_buzon, gives_acuse, ahead, text) \
	{.name = #id, .path = where, .request = &message_##asks, .answer = &message_##answers,     \
		.signer = signs, .who = hats, .scope = AMBITO_##menu,                              \
		.level = NIVEL_##least, .enabled = needs_buzon,                                    \
		.acuse = gives_acuse, .what = text},
/* clang-format on */

static const struct route_row rows[] = {
#include "net/routes.def"
};

const struct route_row *route_row(enum route r)
{
	return (unsigned)r < ROUTE_COUNT ? &rows[r] : NULL;
}

enum route route_find(const char *path)
{
	unsigned r = 0;

	while (r < ROUTE_COUNT && strcmp(rows[r].path, path) != 0)
		r++;
	return (enum route)r;
}

unsigned route_who_of(const char *calidad)
{
	if (strcmp(calidad, "propio") == 0)
		return ROUTE_PROPIO;
	if (strcmp(calidad, "representante") == 0)
		return ROUTE_REPRESENTANTE;
	return strcmp(calidad, "funcionario") == 0 ? ROUTE_FUNCIONARIO : 0;
}
