/*
 * One notification from its issue to its notification: what its rules and its jobs have in common
 * (core/avisos.h says what each job does).
 *
 * Nothing runs before both kinds of the RFC's own media that 5.1 asks for, a mail and a mobile,
 * were accepted by their carriers; media of Registros Patronales are told besides (5.1, 7.3).
 */
#ifndef CORE_AVISO_H
#define CORE_AVISO_H

#include "core/acuse_make.h"
#include "core/env.h"
#include "core/tarea.h"
#include "ley/plazo.h"

/* notificacion.forma: how it ended, where not by opening. */
#define AVISO_AUTOMATICA "automatica"
#define AVISO_ESTRADOS "estrados"
#define AVISO_PERSONAL "personal"
#define AVISO_RETIRADA "retirada"

/*
 * What was received up to the last instant counts, though it be written later (OCSP is waited for,
 * the queue is long): the job of the lapse comes so much later. core/store/migraciones.def has the
 * same number.
 */
#define AVISO_EN_CAMINO_MS (2 * INT64_C(60000))

/* ---- what its row says ---- */

/* ERR_NOT_FOUND. */
enum err aviso_leer(struct env *env, const char *folio, struct out_aviso *ret) MUST_CHECK;
/* Opened, notified or withdrawn: nothing of it runs. */
bool aviso_acabado(const struct out_aviso *n);
/*
 * May its titular know of it at `now`? From its aviso on (7.3), or once it was notified otherwise;
 * one that was withdrawn only where somebody was told of it. `avisada`: when a carrier first took
 * a message; 0: none did.
 */
bool aviso_visible(int64_t aviso, int64_t avisada, const char *forma, int64_t now);
/*
 * May its document be known at `now`: it was opened, its term is over, whether that is written
 * already or not, or it was notified otherwise? By estrados from the decision on.
 */
bool aviso_se_conoce(int64_t vence, int64_t abierta, const char *forma, int64_t now);

/* ---- its dates ---- */

/* The calendar of the titular's domicile and of that subdelegación; particular_read was called. */
enum err aviso_calendario(
	struct env *env, const char *subdelegacion, struct calendario *ret) MUST_CHECK;
/*
 * Its term as it runs: what was counted when its aviso was sent, or moved since, stands.
 * ERR_HORIZON.
 */
enum err aviso_plazo(const struct calendario *c, int64_t aviso, int64_t vence,
	struct plazo_aviso *ret) MUST_CHECK;
/* The next reminder behind `after` that [avisos] asks for, ms UTC; 0: none before the lapse. */
int64_t aviso_recordatorio(
	const struct config *c, const struct plazo_aviso *p, int64_t after) MUST_CHECK;

/* ---- what happens to it ---- */

/* That job of it, due then. */
enum err aviso_tarea(
	struct env *env, enum tarea_clase clase, const char *folio, int64_t vence) MUST_CHECK;
/* The folio in the key of its job. */
const char *aviso_folio(const struct tarea *t);
/*
 * Both kinds were accepted by `ready`: aviso and vence are set, the jobs of its term put. It had
 * none. *ret_aviso: where that is later than now it was held, and its job `puesta` is to be due
 * then.
 */
enum err aviso_poner(struct env *env, const char *folio, const struct out_aviso *n, int64_t ready,
	int64_t *ret_aviso) MUST_CHECK;
/* It is in Mis notificaciones: evidence dated `aviso`, and whoever waits is told. */
enum err aviso_mostrar(struct env *env, const char *folio, int64_t aviso, int64_t vence) MUST_CHECK;
/* Estrados are proposed to a functionary, once, whatever is found later (7.8). */
enum err aviso_proponer(struct env *env, const char *folio, const struct out_aviso *n,
	const char *motivo) MUST_CHECK;
/* An event of its timeline, of nobody's act, now; `detalle`, `prueba` may be NULL. */
enum err aviso_anotar(struct env *env, const char *folio, unsigned suceso, const char *detalle,
	const char *prueba) MUST_CHECK;

/* ---- the acuse of its notification ---- */

struct aviso_dicho {
	const char *folio;
	const char *oficio;
	const char *documento;
	const char *funcionario;
	const char *sha256; /* of the document */
	int64_t aviso;
	int64_t abierta; /* 0: nobody opened it */
	int plazo_dias;
	int64_t legal;
};
#define AVISO_ACUSE_TIPO "Acuse de notificación"
/*
 * What that acuse says, in the arena: of an opening and of a lapse the same, and the derivation of
 * its dates (ley/plazo.h). Where the calendar ends before the act's own term it says so.
 */
enum err aviso_acuse(struct env *env, const struct calendario *c, const struct plazo_aviso *p,
	const struct aviso_dicho *d, struct acuse_de *ret) MUST_CHECK;

#endif
