/*
 * What a screen is: state, and three pure functions over it and the model. A screen does no I/O; it
 * returns an effect, and app/effects carries it out and tells the screen what came of it.
 */
#ifndef SCREENS_VIEW_H
#define SCREENS_VIEW_H

#include "net/routes.h"
#include "screens/acto.h"
#include "screens/action.h"
#include "screens/model.h"
#include "screens/mundo.h"

enum event_kind {
	EVENT_ACTION,	 /* action; value: what followed its command, or NULL */
	EVENT_MOVED,	 /* index: the row under the cursor */
	EVENT_CHANGED,	 /* key, value of a field (NULL for a secret) */
	EVENT_LEFT,	 /* key of the field that the cursor left */
	EVENT_PRESSED,	 /* key of a button */
	EVENT_ENTERED,	 /* value: what was typed into the prompt */
	EVENT_UNLOCKING, /* the e.firma is being opened without this screen having asked */
	EVENT_UNLOCKED,	 /* err; key: the field at fault, or NULL. The e.firma is in the model */
	EVENT_SAVED,	 /* err; value: where, when OK */
	EVENT_OPENED,	 /* err of the program that shows files */
	EVENT_READ,	 /* err of drawing a PDF's text; the text is in the model */
	EVENT_RESUMED,	 /* the screen above was left; what this one waited for comes no more */
	EVENT_CHANGED_MODEL, /* a synchronisation brought something */
};

struct event {
	enum event_kind kind;
	int64_t now; /* ms UTC by the server's clock */
	enum action action;
	size_t index;
	const char *key;
	const char *value;
	enum err err;
	int64_t dato; /* arrived: what a refusal brought (struct m_fallo); 0: nothing */
};

enum effect_kind {
	EFFECT_NONE,
	EFFECT_OPEN,	 /* screen above this one, for folio */
	EFFECT_REPLACE,	 /* this screen by another */
	EFFECT_MENU,	 /* back to the bottom, then that screen */
	EFFECT_BACK,	 /* leave this screen; the last one: quit */
	EFFECT_CALL,	 /* route with request, until expires (0: the default) */
	EFFECT_CANCEL,	 /* nobody waits any more for what was called */
	EFFECT_UNLOCK,	 /* open the e.firma on the worker */
	EFFECT_ENTER,	 /* the route `entrar`: the client knows certificate and reading key */
	EFFECT_LOCK,	 /* forget the e.firma, cover everything */
	EFFECT_SAVE,	 /* paper of folio to the data folder */
	EFFECT_EXTERNAL, /* save, then the person's program */
	EFFECT_READ,	 /* text of the document's PDF, on the worker */
	EFFECT_PROMPT,	 /* text: its label */
	EFFECT_FORGET,	 /* refused acts: the person has seen them */
	EFFECT_SYNC,	 /* synchronise now */
	EFFECT_REDRAW,
	EFFECT_QUIT,
	EFFECT_BULK, /* documents and acuses of `folios` (notifications) to the data folder */
	EFFECT_COPY, /* `text` to the person's clipboard */
	/*
	 * Another profile in front: `perfil`, on its Inicio, or on `screen` above it for `folio`
	 * (acceso, which is 0: Inicio). One that is locked asks for its e.firma first.
	 */
	EFFECT_PERFIL,
	/* The publication `folio` was read on this device; `levels` not 0: it is unread again. */
	EFFECT_SEEN,
	/* `text` is kept under the name `folio` ("borrador/…") on this device; "": forgotten. Then
	 * `levels` screens are left. */
	EFFECT_KEEP,
};

enum paper { PAPER_ACUSE, PAPER_DOCUMENTO, PAPER_CALENDARIO /* `text`, as the file `folio` */ };

/* Texts belong to the state or the model of who returns it, and are used at once. */
struct effect {
	enum effect_kind kind;
	enum screen screen;
	unsigned levels; /* REPLACE, BACK: how many screens are left; 0 means 1. KEEP: 0 is none */
	enum screen of;	 /* ayuda: whose keys; activacion: what can't be entered before it */
	size_t perfil;	 /* PERFIL: its place in the mundo */
	const char *folio;
	const char *de; /* acuse: whose, where it is not the profile's RFC that it is asked for */
	const struct acto *acto; /* firmar: what is to be signed; copied at once */
	enum paper paper;
	enum route route;
	union peticion request;
	int64_t expires;
	struct {
		const char *rfc;
		const char *certificado;
		const char *llave;
		const char *campo; /* key of the form's secret */
	} unlock;
	const char *text;
	enum action
		asks; /* PROMPT: the command whose argument is typed, for Tab; 0: no command's */
	const char *const *folios; /* BULK */
	size_t folio_count;
};

struct view {
	enum screen screen;
	size_t size; /* of its state, zeroed before open */
	/* `from` names what to show; borrowed. What it returns is done at once. */
	struct effect (*open)(
		void *state, struct model *m, const struct effect *from, const struct event *e);
	struct effect (*act)(void *state, struct model *m, const struct event *e);
	/* The answer of a call of this screen; the model has it already. May be NULL. */
	struct effect (*arrived)(void *state, struct model *m, enum route route, enum err err,
		bool pending, const struct event *e);
	enum err (*page)(
		void *state, struct model *m, struct arena *a, int64_t now, struct page *ret_page);
	void (*close)(void *state); /* may be NULL */
};

const struct view *view_of(enum screen s);

static inline struct effect effect_of(enum effect_kind kind)
{
	return (struct effect){.kind = kind};
}

static inline struct effect effect_to(enum effect_kind kind, enum screen screen, const char *folio)
{
	return (struct effect){.kind = kind, .screen = screen, .folio = folio};
}

#endif
