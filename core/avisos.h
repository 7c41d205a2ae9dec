/*
 * The aviso of a notification (Lineamientos 7.2-7.5, 7.8): when it goes out, when it counts as
 * sent, what runs from then on. Everything here happens in the transaction at hand, by jobs:
 * `aviso` (it goes out: messages to every validated medium, or a proposal of estrados), `puesta` (a
 * carrier accepted both kinds: aviso and vence are set), `plazo` (the lapse and its automatic
 * acuse), `recordar` (reminders). Their key: RFC, blank, folio. A job judges by the row alone: of
 * one that was opened, withdrawn or notified otherwise it does nothing.
 */
#ifndef CORE_AVISOS_H
#define CORE_AVISOS_H

#include "core/env.h"

/*
 * A notification of env->titular's that was just put, or whose proposal was turned down: its aviso
 * goes out at `sale` (ms UTC), to the media that are validated by then. What was accepted of an
 * attempt before is none of this one.
 */
enum err aviso_programar(struct env *env, const char *folio, int64_t sale) MUST_CHECK;
/*
 * The aviso counts as sent at `aviso`, held to the window, without a message (tests' trust folder
 * only): aviso, vence and the jobs that follow. One of the past whose term is over is lapsed by its
 * job at once.
 */
enum err aviso_dar_por_enviado(struct env *env, const char *folio, int64_t aviso) MUST_CHECK;
/*
 * It is withdrawn, or notified otherwise, and its row says so: nothing of it runs any more, and
 * what has not left does not.
 */
enum err aviso_quitar(struct env *env, const char *folio) MUST_CHECK;
/*
 * A calendar that was published since moves the term of an open one to `vence`, which its row says
 * already: its jobs follow. env->calendario is the new one.
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
