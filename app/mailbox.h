/*
 * Mis notificaciones as a command sees it: everything the server tells, once, in order of aviso.
 */
#ifndef APP_MAILBOX_H
#define APP_MAILBOX_H

#include "app/sesion.h"
#include "screens/fila.h"

struct mailbox {
	struct m_notificacion *rows; /* newest first; a folio once */
	size_t count;
	struct calendario calendario;	   /* of all ambitos; hasta 0: the server published none */
	const struct m_catalogo *catalogo; /* NULL: the server tells none */
	const struct m_cuenta *cuenta;	   /* NULL: the server tells none */
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
/*
 * "por abrir", "abierta", "notificada sin abrir", "notificada por estrados", "notificada en
 * persona", "retirada": in Spanish, for programs; texto() for people.
 */
const char *mailbox_estatus(const struct m_notificacion *n);
/* How far the signer may go in that menu, by what the server told. */
enum nivel mailbox_nivel(const struct m_cuenta *c, enum ambito ambito);
/* The calendar of this domicile and of that row's subdelegación. ERR_HORIZON: none was published.
 */
enum err mailbox_calendario(const struct mailbox *m, struct arena *a,
	const struct m_notificacion *n, struct calendario *ret) MUST_CHECK;
/* All rows as the screen's list judges them: m->count of them. ERR_NO_MEMORY. */
enum err mailbox_juzgar(const struct mailbox *m, struct fila *filas) MUST_CHECK;
/* NULL: the catalogue does not have it, or there is none. */
const struct m_tipo_acto *mailbox_tipo(const struct mailbox *m, const char *clave);
/* The domicile's zone where it is another than Zona Centro, else NULL. */
const struct zona *mailbox_domicilio(const struct mailbox *m);
/*
 * What is due, as the screen's list says it: not notified yet, the instant of the lapse; notified,
 * the last day of the response's term, and "" where there is none or it is past. NULL: no memory.
 */
const char *mailbox_vence(struct arena *a, const struct fila *f) MUST_CHECK;

#endif
