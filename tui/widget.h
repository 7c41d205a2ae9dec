/*
 * What a person did to a page: position, what is being typed. It survives the page's next version.
 * Uses no terminal: the line mode and the tests use it too.
 */
#ifndef TUI_WIDGET_H
#define TUI_WIDGET_H

#include "tui/dialog.h"
#include "tui/form.h"
#include "tui/list.h"
#include "tui/page.h"
#include "tui/pager.h"

/* A line at the bottom that takes text: search, filter, `:` command. */
struct prompt {
	const char *label; /* "/"; NULL = no prompt is open */
	struct edit edit;
};

struct widget {
	enum page_kind kind;
	struct list list;
	unsigned part;
	struct pager pager;
	struct pager whole; /* part 0's, while another one is shown */
	struct form form;
	struct dialog dialog;
	struct prompt prompt;
	int body_rows; /* where the rows of the last draw_page were */
	int body_row;
	int body_cols;
};

enum widget_event_kind {
	WIDGET_USED,	  /* the key was for the widget; paint */
	WIDGET_MOVED,	  /* list: `index` is the row under the cursor */
	WIDGET_CHANGED,	  /* form: field `key` changed; `value` (NULL for a secret: form_secret) */
	WIDGET_LEFT,	  /* form: the cursor left field `key`: time to check it */
	WIDGET_PRESSED,	  /* form's or dialog's button `key`, `index` its position */
	WIDGET_ENTERED,	  /* prompt: Enter; `value`. The app closes it: prompt_close */
	WIDGET_CANCELLED, /* prompt: Esc; it is closed */
	WIDGET_COMPLETE,  /* prompt: Tab; the app may prompt_set */
	WIDGET_REFUSED,	  /* form: the field is full or takes no such thing: a bell */
};

struct widget_event {
	enum widget_event_kind kind;
	bool light; /* draw_marker is enough */
	size_t index;
	const char *key;   /* of the field or button; from the page */
	const char *value; /* the widget's, until its next key */
};

void widget_init(struct widget *w);
/* Frees what was typed; secrets are cleansed. */
void widget_free(struct widget *w);
/* Takes a new page: keeps position and what is being typed where it fits. ERR_NO_MEMORY. */
enum err widget_sync(struct widget *w, const struct page *p) MUST_CHECK;
/*
 * Offers a key or a paste. False: not the widget's (Enter on a list, `q`, a letter in a list).
 * Esc is the widget's only in a prompt and in a dialog. Pastes are inert in lists and texts.
 */
bool widget_key(struct widget *w, const struct page *p, const struct key_event *e,
	struct widget_event *ret_event);

/* Opens the prompt (label must outlive it) with `text` in it. ERR_NO_MEMORY. */
enum err prompt_open(struct widget *w, const char *label, const char *text) MUST_CHECK;
enum err prompt_set(struct widget *w, const char *text) MUST_CHECK;
void prompt_close(struct widget *w);

#endif
