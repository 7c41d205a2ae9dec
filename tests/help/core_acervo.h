/*
 * A store with acts of all kinds, as real programs would have left it, and `buzond
 * verificar-almacen` run on it: what is done to it behind the program's back is put back by
 * acervo_restore. On core_titular's world.
 */
#ifndef TESTS_HELP_CORE_ACERVO_H
#define TESTS_HELP_CORE_ACERVO_H

#include "tests/help/core_titular.h"

#define ACT "(SELECT nonce FROM acto WHERE ruta = 'notificacion_abrir' AND estado = 200 AND "
#define NTH(n) " ORDER BY nonce LIMIT 1 OFFSET " #n ")"
/* The first act, before any OCSP answer; one with it; a refusal; an entry. */
#define A_FIRST "nonce = " ACT "revocacion = 'por comprobar'" NTH(0)
#define A_SECOND "nonce = " ACT "revocacion = 'por comprobar'" NTH(1)
#define A_CHECKED "nonce = " ACT "revocacion = 'comprobada'" NTH(0)
#define A_REFUSED                                                                                  \
	"nonce = (SELECT nonce FROM acto WHERE ruta = 'notificacion_abrir' AND estado = 404)"
#define A_ENTRY                                                                                    \
	"nonce = (SELECT nonce FROM acto WHERE ruta = 'entrar' AND estado = 200 ORDER BY nonce "   \
	"LIMIT 1)"
#define A_NOBODY                                                                                   \
	"nonce = (SELECT nonce FROM acto WHERE ruta = 'notificacion_abrir' AND estado = 400)"
#define A_STRANGER "nonce = (SELECT nonce FROM acto WHERE ruta = 'entrar' AND estado = 400)"
#define U_FIRST "folio = (SELECT folio FROM acto WHERE " A_FIRST ")"
#define U_SECOND "folio = (SELECT folio FROM acto WHERE " A_SECOND ")"
/* A notification that was opened by the first act; one that was not opened. */
#define N_FIRST "acuse = (SELECT folio FROM acto WHERE " A_FIRST ")"
#define N_SECOND "acuse = (SELECT folio FROM acto WHERE " A_SECOND ")"
#define N_CLOSED "abierta IS NULL"
#define F_FIRST "folio = (SELECT folio FROM notificacion WHERE " N_FIRST ")"
#define C_FISICA "rfc = 'PEÑJ800101AB1'"

/* What it holds: 2 entries, 3 refusals, 5 openings; one notification more that nobody opened. */
#define ACERVO_SUM "Comprobado: actos 10, acuses 5, notificaciones 6. Fallas: 0.\n"

/* What the last run printed; the configuration that it read. */
extern char acervo_out[256 * 1024];
extern char acervo_err[8192];
extern char acervo_config[400];

/* cmocka fixture of a group; titular_tear_down ends it. */
int acervo_set_up(void **state);
void acervo_restore(void);
/* `buzond verificar-almacen` with that option or none: its exit code. */
int acervo_verify(const char *flag);
/* The names of all failures of the last run with --json, each once, in the order in which they were
 * told. */
const char *acervo_found(struct arena *a);
/*
 * Does a run now find just those names, in that order ("*": some)? Else it says what it found
 * instead behind `what` was done.
 */
bool acervo_finds(const char *what, const char *want);
/* Every row of verifica.def that `mine` takes is among those words: none is a check that never
 * fails. */
void acervo_all_met(const char *words, bool (*mine)(const char *name));
void acervo_must_be_clean(const char *after);

#endif
