#include "net/alcance.h"

#include <string.h>
#include "base/texto.h"

struct word {
	const char *word;
	const char *name;
};

static const struct word ambitos[] = {
#define AMBITO(id, word, name) {word, name},
#define NIVEL(id, word, name)
#include "net/alcance.def"
#undef AMBITO
#undef NIVEL
};

static const struct word niveles[] = {
	{NULL, NULL},
#define AMBITO(id, word, name)
#define NIVEL(id, word, name) {word, name},
#include "net/alcance.def"
#undef AMBITO
#undef NIVEL
};

const char *ambito_word(enum ambito a)
{
	return (unsigned)a < AMBITOS ? ambitos[a].word : NULL;
}

const char *ambito_nombre(enum ambito a)
{
	return (unsigned)a < AMBITOS ? ambitos[a].name : NULL;
}

const char *nivel_word(enum nivel n)
{
	return (unsigned)n < NIVELES ? niveles[n].word : NULL;
}

const char *nivel_nombre(enum nivel n)
{
	return (unsigned)n < NIVELES ? niveles[n].name : NULL;
}

enum ambito ambito_of(const char *word)
{
	unsigned a = 0;

	while (a < AMBITOS && strcmp(ambitos[a].word, word) != 0)
		a++;
	return (enum ambito)a;
}

enum nivel nivel_of(const char *word)
{
	for (unsigned n = 1; n < NIVELES; n++)
		if (strcmp(niveles[n].word, word) == 0)
			return (enum nivel)n;
	return NIVEL_NADA;
}

struct alcance alcance_propio(void)
{
	struct alcance all;

	for (unsigned i = 0; i < AMBITOS; i++)
		all.nivel[i] = NIVEL_FIRMAR;
	return all;
}

enum nivel alcance_en(const struct alcance *a, enum ambito ambito)
{
	enum nivel most = NIVEL_NADA;

	if (ambito < AMBITOS)
		return a->nivel[ambito];
	for (unsigned i = 0; i < AMBITOS; i++)
		if (a->nivel[i] > most)
			most = a->nivel[i];
	return most;
}
