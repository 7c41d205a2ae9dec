/*
 * What of Mis notificaciones is shown: a status, a kind, a Registro Patronal, dates of the aviso
 * and words, each beside the others. As it is typed, as it is said, and whether a row is of it: one
 * place for the screen, its `:` command and the command line.
 */
#ifndef SCREENS_FILTRO_H
#define SCREENS_FILTRO_H

#include "screens/fila.h"

#define FILTRO_TIPO 33
#define FILTRO_RP 17
#define FILTRO_TEXTO 128 /* bytes of the words and their NUL */

/* Zeroed: all rows. */
struct filtro {
	enum fila_filtro que;
	char tipo[FILTRO_TIPO];	  /* "R-7.3"; "": any */
	char rp[FILTRO_RP];	  /* normalised; "": any */
	int32_t desde;		  /* civil days, Zona Centro; 0: open */
	int32_t hasta;		  /* inclusive */
	char texto[FILTRO_TEXTO]; /* folded; "": any */
};

/* The name of a status as it is typed ("por abrir"), to be translated where it is shown. */
const char *filtro_nombre(enum fila_filtro que);
/* The status of that name, FILTRO_COUNT: of none. Case and accents don't count. */
enum fila_filtro filtro_de_nombre(const char *text);
/* "R-7.3" of "7.3", "r-7.3"; "" where it is too long. */
void filtro_tipo(const char *text, char ret[FILTRO_TIPO]);

/*
 * What was typed, beside what is in force: names of statuses, "tipo R-7.3", "rp B07…", "desde" and
 * "hasta" with a date; "todas" takes everything away; anything else is words, which take the place
 * of the words in force. ERR_BAD_FIELD: *f is as it was and *ret_say says what was expected;
 * ERR_NO_MEMORY.
 */
enum err filtro_tomar(
	struct arena *a, struct filtro *f, const char *text, const char **ret_say) MUST_CHECK;
/* Each by itself, for options; ERR_BAD_FIELD where it is none. */
enum err filtro_rp(struct filtro *f, const char *text) MUST_CHECK;
enum err filtro_palabras(struct filtro *f, const char *text) MUST_CHECK;

bool filtro_hay(const struct filtro *f);
/* The last day of it, where it is open too. */
static inline int64_t filtro_ultimo(const struct filtro *f)
{
	return f->hasta != 0 ? f->hasta : INT32_MAX;
}

/* "por abrir, tipo, desde 01/nov/2026, «prima»"; "" for all rows. NULL: no memory. */
const char *filtro_texto(struct arena *a, const struct filtro *f);
/* Is that row, judged, one of it? ERR_NO_MEMORY. */
enum err filtro_admite(
	struct arena *a, const struct filtro *f, const struct fila *row, bool *ret) MUST_CHECK;

#endif
