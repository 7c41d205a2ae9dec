/*
 * Who may act for whom: representations, from their proposal to their end, and the mandates
 * by which core/authorise.c lets somebody in while one is in force.
 *
 * Up to NIVEL_PREPARAR the titular's e.firma is enough. To open and to sign for another takes both,
 * one right after the other: the second act names the hash of the first one's signature base. What
 * the padrón tells is the Institute's own word and takes none.
 *
 * A persona moral signs with its own e.firma for itself. An accounting firm may be let in to read
 * and to prepare; to open and to sign in another's name is a natural person's (Código Fiscal de la
 * Federación, 19).
 *
 * Instants are ms UTC. `hasta` is the last one in force, 0 where there is no such; `termino` the
 * first one that no longer is.
 */
#ifndef CORE_REPRESENTACIONES_H
#define CORE_REPRESENTACIONES_H

#include "core/env.h"

#define REPRESENTACIONES_ACEPTA_MS (ALCANCE_ACEPTA_MIN * INT64_C(60000))
/* That a titular may have given at the same time; queries.def has the same number. */
#define REPRESENTACIONES_MAS 100

/* That a titular may register in a day (Zona Centro), and of one representative: each is written
 * to. */
#define REPRESENTACIONES_DIA 150
#define REPRESENTACIONES_DIA_UNO 5

/* Labels of the acuses, by which they are known again (core/verifica_representacion.c). */
#define REPRESENTACIONES_FOLIO "Folio de la representación"
#define REPRESENTACIONES_BASE "SHA-256 de la primera firma"

/* What time and acts have made of one. */
struct representacion_fechas {
	int64_t desde;
	int64_t hasta;
	int64_t acepta_antes; /* 0: one signature was enough */
	int64_t aceptada;
	int64_t termino;
};

struct representacion_fechas representaciones_fechas(const struct out_representacion *row);
/* In force, to begin, or to be accepted. */
bool representaciones_abierta(const struct representacion_fechas *f, int64_t now);
/* The word of m_representacion's estado at that instant. */
const char *representaciones_estado(const struct representacion_fechas *f, int64_t now);
/* When that word is next another by time alone; 0: never. */
int64_t representaciones_cambia(const struct representacion_fechas *f, int64_t now);
/* Since when its mandates are in force: never before its signatures. */
int64_t representaciones_desde(const struct representacion_fechas *f);

/* ERR_BAD_FIELD: none, a word that is none, or a menu twice. */
enum err representaciones_alcance(
	const struct m_permiso *permisos, size_t count, struct alcance *ret) MUST_CHECK;
/* The column `permisos`: "notificaciones:leer medios:firmar"; NULL when memory ends. */
const char *representaciones_texto(struct arena *a, const struct alcance *alcance) MUST_CHECK;
/* False where the text is no such list. */
bool representaciones_lee(const char *texto, struct alcance *ret);
/* Needs both signatures? */
bool representaciones_dos_firmas(const struct alcance *a);

/* ---- acts; env->titular is who is represented, and its mailbox is locked ---- */

struct representacion_nueva {
	const char *folio;
	const char *representante;
	struct alcance alcance;
	struct representacion_fechas fechas; /* aceptada and termino 0 */
	const char *base_sha256;
};

/*
 * Both sides are told, and by mail once it is in force; so of the two below. Errors of the store,
 * of the outbox, ERR_NO_MEMORY.
 */
enum err representaciones_poner(struct env *env, const struct representacion_nueva *n) MUST_CHECK;
/* Accepted at env->now by that act. */
enum err representaciones_aceptar(struct env *env, const char *folio,
	const struct out_representacion *row, const char *acuse) MUST_CHECK;
/* Ended at env->now by env's signer. */
enum err representaciones_terminar(struct env *env, const char *folio,
	const struct out_representacion *row, const char *acuse) MUST_CHECK;

/* ---- what is told ---- */

/* Those given by env->titular and, to itself, those given to it; into the cuenta. To a
 * representative only their own. */
enum err representaciones_cuenta(struct env *env, struct m_cuenta *m) MUST_CHECK;

/* ---- the padrón ---- */

/*
 * A representation known to the Institute is as it says now; the same again changes nothing. One
 * that a side has ended in the Buzón stays so until the padrón tells of a later one. env needs
 * store, arena, now and news; both RFCs may be unknown. The row itself is taken, not the titular's
 * mailbox: PostgreSQL has room for some thousand locks, and a padrón has more RFCs. desde 0: from
 * when it was told first. ERR_BAD_FIELD (no RFC, no scope, dates that end before
 * they begin, a moral that would sign), ERR_SELF, errors of the store.
 */
enum err representaciones_padron(struct env *env, const char *titular, const char *representante,
	const struct alcance *alcance, int64_t desde, int64_t hasta) MUST_CHECK;
/* The padrón tells of it no more: it ends now. Nothing where there is none. */
enum err representaciones_padron_quitar(
	struct env *env, const char *titular, const char *representante) MUST_CHECK;

#endif
