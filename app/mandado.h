/*
 * An act by command, from its request to its acuse: shown, confirmed, signed, sent, kept. One that
 * was signed before and never answered is not signed again: its bytes go once more.
 */
#ifndef APP_MANDADO_H
#define APP_MANDADO_H

#include "app/sesion.h"
#include "net/json_line.h"

/* What came of it. */
struct mandado_hecho {
	struct m_acuse acuse;		    /* where the route gives one */
	struct m_medio_reenviado reenviado; /* of that route */
	struct bytes json;		    /* the answer as received */
};

struct mandado {
	enum route route;
	const void *request; /* struct m_<request of the route> */
	bool incompleta;     /* it is whole only after `antes` */
	int64_t expires;     /* ms UTC; 0: 24 h from now */
	/*
	 * Says on stdout what will happen and fills in the request; an error ends the command with
	 * nothing signed. Not called for an act that was signed before. NULL: nothing to be said.
	 */
	enum err (*antes)(struct sesion *s, struct mandado *m);
	const char
		*pregunta; /* what is asked before signing; NULL: the command itself is the yes */
	/* Prints the result; the acuse is on disk by then. */
	enum err (*hecho)(struct sesion *s, const struct mandado *m, const struct mandado_hecho *h);
	void *ctx;
};

/*
 * All of it, the session included. An act that stays in the outbox is said on stderr; what else
 * waits there is sent at the end.
 */
enum err mandado(struct verb_call *v, struct mandado *m) MUST_CHECK;

/* Does `antes` say what will happen? Only to who reads it now. */
bool mandado_speaks(const struct sesion *s);

/*
 * The acuse in a few lines, or its object: folio, tipo, titular, firmante, calidad, estatus, legal,
 * guardado, and what it is about under `key` (about NULL: nothing).
 */
enum err mandado_print(struct sesion *s, const struct mandado_hecho *h, const char *key,
	const char *about) MUST_CHECK;

#endif
