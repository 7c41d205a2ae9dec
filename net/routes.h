/*
 * The routes of routes.def as data: both ends, the rules and the manuals read the same rows.
 */
#ifndef NET_ROUTES_H
#define NET_ROUTES_H

#include <stdbool.h>
#include "net/alcance.h"
#include "net/codec.h"

enum route_signer { ROUTE_ENTRY, ROUTE_ACT, ROUTE_READ };
enum route_who { ROUTE_PROPIO = 1, ROUTE_REPRESENTANTE = 2, ROUTE_FUNCIONARIO = 4 };

enum route {
#define ROUTE(name, ...) ROUTE_ID_##name,
#include "net/routes.def"
#undef ROUTE
	ROUTE_COUNT
};

struct route_row {
	const char *name;
	const char *path;
	const struct message *request;
	const struct message *answer;
	enum route_signer signer;
	unsigned who; /* bits of enum route_who */
	enum ambito scope;
	enum nivel level;
	bool enabled; /* needs an enabled Buzón */
	bool acuse;   /* answers with a sealed acuse */
	const char *what;
};

/* The row; NULL past ROUTE_COUNT. */
const struct route_row *route_row(enum route r);
/* The route of that exact path (case, no query), or ROUTE_COUNT. */
enum route route_find(const char *path);
/* "propio" and the rest <-> bits; 0 for a word that is none. */
unsigned route_who_of(const char *calidad);

#endif
