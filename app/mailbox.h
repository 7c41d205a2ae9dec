/*
 * Mis notificaciones as a command sees it: everything the server tells, once, in order of aviso.
 */
#ifndef APP_MAILBOX_H
#define APP_MAILBOX_H

#include "app/sesion.h"
#include "ley/calendario.h"

struct mailbox {
	struct m_notificacion *rows; /* newest first; a folio once */
	size_t count;
	struct calendario calendario;  /* hasta 0: the server published none */
	const struct m_cuenta *cuenta; /* NULL: the server tells none */
	int64_t ahora;
};

/* Synchronises from nothing. ERR_BAD_ANSWER where the calendar or the cursor makes no sense. */
enum err mailbox_fetch(struct sesion *s, struct mailbox *ret) MUST_CHECK;
/*
 * Why there may be more than the list tells: ERR_NOT_ENABLED; ERR_NO_SCOPE for a representative who
 * was not let into that menu.
 */
enum err mailbox_visible(const struct mailbox *m) MUST_CHECK;
/* How the Buzón stands: the first answer to no cursor brings it. ERR_BAD_ANSWER where it does not.
 */
enum err mailbox_cuenta(struct sesion *s, const struct m_cuenta **ret) MUST_CHECK;
/* NULL where there is no such folio. */
const struct m_notificacion *mailbox_find(const struct mailbox *m, const char *folio);
/* "por abrir", "abierta", "notificada sin abrir": in Spanish, for programs; texto() for people. */
const char *mailbox_estatus(const struct m_notificacion *n);
/* How far the signer may go in that menu, by what the server told. */
enum nivel mailbox_nivel(const struct m_cuenta *c, enum ambito ambito);
/*
 * The last day of the response's term of one that is notified; false where it is not, or has none,
 * or the calendar does not reach. It may be past.
 */
bool mailbox_ultimo(const struct mailbox *m, const struct m_notificacion *n, int32_t *ret_dia);
/*
 * What is due, as the screen's list says it: not notified yet, the instant of the lapse; notified,
 * the last day of the response's term, and "" where there is none or it is past. NULL: no memory.
 */
const char *mailbox_vence(
	struct arena *a, const struct mailbox *m, const struct m_notificacion *n) MUST_CHECK;

#endif
