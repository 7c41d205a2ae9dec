/*
 * The aviso of a notification (Lineamientos 7.2-7.5, 7.8): when it goes out, when it counts as
 * sent, what runs from then on. Everything here happens in the transaction at hand, by jobs:
 * `aviso` (it goes out: messages to every validated medium, or a proposal of estrados), `puesta` (a
 * carrier accepted one: do both kinds stand? then aviso and vence are set), `plazo` (the lapse and
 * its automatic acuse), `recordar` (reminders).
 */
#ifndef CORE_AVISOS_H
#define CORE_AVISOS_H

#include "core/env.h"

/* A notification that was just put (env->titular's): its aviso goes out at `sale` (ms UTC). */
enum err aviso_programar(struct env *env, const char *folio, int64_t sale) MUST_CHECK;
/*
 * The aviso counts as sent at `aviso`, without a message (tests' trust folder only): aviso, vence
 * and the jobs that follow.
 */
enum err aviso_dar_por_enviado(struct env *env, const char *folio, int64_t aviso) MUST_CHECK;
/* It is withdrawn, or notified otherwise: nothing of it runs any more. */
enum err aviso_quitar(struct env *env, const char *folio) MUST_CHECK;
/*
 * A calendar that was published later moved its lapse to `vence`, which its row says already: the
 * jobs that wait for it (plazo, recordar) are moved (core/tareas/recuento.c).
 */
enum err aviso_mover(struct env *env, const char *folio, int64_t vence) MUST_CHECK;
/*
 * A message of the outbox was accepted, failed for good, or came back (core/envio_estado.h); `acto`
 * is the folio that it was put with (envio.acto); NULL: it is of no notification.
 */
enum aviso_noticia { AVISO_ACEPTADO, AVISO_FALLIDO, AVISO_REBOTADO };
enum err aviso_noticia(struct env *env, const char *acto, const char *envio, const char *via,
	enum aviso_noticia que, int64_t instante, const char *detalle) MUST_CHECK;

#endif
