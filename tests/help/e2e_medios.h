/*
 * Contact media in a world (e2e.h) with a real relay and a real SMS gateway, as their owners meet
 * them: registered and looked at by buzon-tui, what arrived read where it was delivered. The owners
 * are clients of one accountant: RFCs of the padrón whose representative is E2E_FISICA, so that
 * each test has a board of its own.
 */
#ifndef TESTS_HELP_E2E_MEDIOS_H
#define TESTS_HELP_E2E_MEDIOS_H

#include "tests/help/e2e.h"
#include "tests/help/kannel.h"
#include "tests/help/rele.h"

#define E2E_CLIENTES 60

/* The world's server sends through them from now on; `k` may be NULL. */
void e2e_medios_config(struct e2e *w, const struct rele *r, const struct kannel *k);
/* E2E_CLIENTES of them, by buzond padron. */
void e2e_medios_padron(struct e2e *w);
/* The n-th RFC (from 0). */
const char *e2e_cliente(struct e2e *w, unsigned n);
/* A profile for the next one that has none yet, at that port (0: the world's server); its name. */
const char *e2e_cliente_perfil(struct e2e *w, unsigned port);
/* The same RFC as that profile's, on another device. */
const char *e2e_otro_equipo(struct e2e *w, const char *perfil, unsigned port);

/* `medio nuevo`, which must work: its folio, in the world's arena. */
const char *e2e_medio_nuevo(
	struct e2e *w, const char *perfil, const char *option, const char *medio);
/* Its row of `medios --json`. */
const char *e2e_medio_fila(struct e2e *w, struct arena *a, const char *perfil, const char *folio);
/* The user comes to read that of its last message; a detail with that text (NULL: none). */
void e2e_medio_aviso(struct e2e *w, const char *perfil, const char *folio, const char *aviso,
	const char *detalle);
/* `medio validar` with the code, which must work, and its acuse is proved. */
void e2e_medio_valida(struct e2e *w, const char *perfil, const char *folio, const char *codigo);
/* The id of its last message, in the world's arena. */
const char *e2e_medio_envio(struct e2e *w, const char *folio);
/* Waits (30 s) until the statement finds that number. */
void e2e_espera(struct e2e *w, const char *sql, int64_t number);

/* The text of a mail as delivered, quoted-printable undone. */
const char *e2e_legible(struct arena *a, const char *mail);
const char *e2e_message_id(struct arena *a, const char *mail);
/* How often that occurs in the text. */
size_t e2e_veces(const char *text, const char *what);

/* cmocka teardown of each test, with the world as *state: what is stored can be proved. */
int e2e_almacen_limpio(void **state);

#endif
