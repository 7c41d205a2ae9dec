#include "base/err.h"

#include <string.h>
#include "base/texto.h"

struct row {
	int http;
	int code;
	const char *wire;
	const char *sentence;
};

static const struct row rows[] = {
#define ERR(name, http, wire, code, sentence) [ERR_##name] = {http, code, wire, sentence},
#include "base/err.def"
#undef ERR
};

static const struct row *row_of(enum err e)
{
	return (unsigned)e < COUNT_OF(rows) ? &rows[e] : &rows[ERR_INTERNAL];
}

int err_http(enum err e)
{
	return row_of(e)->http;
}

int err_exit(enum err e)
{
	return row_of(e)->code;
}

const char *err_wire(enum err e)
{
	return row_of(e)->wire;
}

const char *err_sentence(enum err e)
{
	return texto(row_of(e)->sentence);
}

enum err err_from_wire(const char *wire)
{
	for (unsigned i = 0; wire != NULL && i < COUNT_OF(rows); i++)
		if (strcmp(rows[i].wire, wire) == 0)
			return (enum err)i;
	return ERR_BAD_ANSWER;
}
