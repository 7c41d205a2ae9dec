/*
 * Who may do what in which menu: the words of alcance.def and the levels of one signer for one
 * titular (wire.md, Hats).
 */
#ifndef NET_ALCANCE_H
#define NET_ALCANCE_H

#include <stddef.h>

enum ambito {
#define AMBITO(id, word, name) AMBITO_##id,
#define NIVEL(id, word, name)
#include "net/alcance.def"
#undef AMBITO
#undef NIVEL
	AMBITOS,
	AMBITO_CUALQUIERA, /* a route that any representation opens */
	AMBITO_PARTE,	   /* one for either side of a representation, in force or proposed */
};

/* 0: none of it. */
enum nivel {
	NIVEL_NADA,
#define AMBITO(id, word, name)
#define NIVEL(id, word, name) NIVEL_##id,
#include "net/alcance.def"
#undef AMBITO
#undef NIVEL
	NIVELES
};

/* How long a proposal waits for the second signature; its last instant counts. */
#define ALCANCE_ACEPTA_MIN 30

struct alcance {
	enum nivel nivel[AMBITOS];
};

/* The word on the wire; NULL for none of them. */
const char *ambito_word(enum ambito a);
const char *nivel_word(enum nivel n);
/* As people read it (to be translated); NULL for none of them. */
const char *ambito_nombre(enum ambito a);
const char *nivel_nombre(enum nivel n);
/* AMBITOS, NIVEL_NADA for a word that is none. */
enum ambito ambito_of(const char *word);
enum nivel nivel_of(const char *word);

/* All of it: whoever acts for themselves. */
struct alcance alcance_propio(void);
/* The level in that menu; of AMBITO_CUALQUIERA, the highest in any. */
enum nivel alcance_en(const struct alcance *a, enum ambito ambito);

#endif
