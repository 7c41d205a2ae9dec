/*
 * What becomes of a message of the outbox (core/envio.h): pendiente -> aceptado (the carrier took
 * it) -> entregado (reported), or fallido; sustituido where a later code made it useless. Each
 * attempt and each report is kept (envio_evento) with its instant, the carrier's code and our own
 * words: evidence of what was sent, and of an aviso that failed (Lineamientos 5.2, 7.3).
 *
 * env->titular is whose it is; that mailbox is locked.
 */
#ifndef CORE_ENVIO_ESTADO_H
#define CORE_ENVIO_ESTADO_H

#include "core/env.h"

struct envio {
	const char *id;
	struct out_envio row;
};

/* ERR_NOT_FOUND. */
enum err envio_leer(struct env *env, const char *id, struct envio *ret) MUST_CHECK;
bool envio_pendiente(const struct envio *n);

/* The carrier has it: its medium is told, and what it said is forgotten. Of a pending one. */
enum err envio_aceptar(struct env *env, const struct envio *n, const char *detalle) MUST_CHECK;
/* It will not arrive: `detalle` is what the user reads. Of a pending or an accepted one. */
enum err envio_fallar(struct env *env, const struct envio *n, const char *detalle) MUST_CHECK;
/* Not to be sent any more. */
enum err envio_sustituir(struct env *env, const struct envio *n) MUST_CHECK;
/*
 * An attempt that ended without either, and is made again: `codigo` is kept, `detalle` is what the
 * user reads until then.
 */
enum err envio_demorar(
	struct env *env, const struct envio *n, const char *codigo, const char *detalle) MUST_CHECK;
/* What else is known of it. */
enum err envio_anotar(
	struct env *env, const struct envio *n, const char *evento, const char *detalle) MUST_CHECK;

/* What a carrier reports later, in any order and more than once. */
enum envio_informe { INFORME_EN_CAMINO, INFORME_DEMORADO, INFORME_ENTREGADO, INFORME_FALLIDO };
enum err envio_informar(
	struct env *env, const char *id, enum envio_informe what, const char *detalle) MUST_CHECK;

/*
 * Whose it is, in the arena. `via`: "correo" or "sms", whose reports those are; ERR_NOT_FOUND where
 * it did not go that way: who got a mail has read its id, and must not report as a gateway does.
 */
enum err envio_titular(struct store *s, struct arena *a, const char *id, const char *via,
	const char **ret_titular) MUST_CHECK;

#endif
