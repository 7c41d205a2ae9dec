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
#include "tui/search.h"

#define PROMPT_NOTE 256

/* A line at the bottom that takes text: search, filter, `:` command. */
struct prompt {
	const char *label; /* "/"; NULL = no prompt is open */
	struct edit edit;
	char note[PROMPT_NOTE]; /* said beside what is typed until the next key: candidates */
};

/* What was looked for in a text; the line is looked up again where it is painted. */
struct widget_search {
	char needle[SEARCH_SIZE];
	size_t line; /* SIZE_MAX: none is shown */
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
	struct widget_search search;
	int body_rows; /* where the rows of the last draw_page were */
	int body_row;
	int body_cols; /* text: its width, 0 = never painted */
	bool body_utf8;
};

enum widget_event_kind {
	WIDGET_USED,	  /* the key was for the widget; paint */
	WIDGET_MOVED,	  /* list: `index` is the row under the cursor */
	WIDGET_CHANGED,	  /* form: field `key` changed; `value` (NULL for a secret: form_secret) */
	WIDGET_LEFT,	  /* form: the cursor left field `key`: time to check it */
	WIDGET_PRESSED,	  /* form's or dialog's button `key`, `index` its position */
	WIDGET_ENTERED,	  /* prompt: Enter; `value`. The app closes it: prompt_close */
	WIDGET_CANCELLED, /* prompt: Esc; it is closed */
	WIDGET_COMPLETE,  /* prompt: Tab; `value`. The app may prompt_set, prompt_note */
	WIDGET_HISTORY,	  /* prompt: Up or Down (`older`); `value`. The app may prompt_set */
	WIDGET_REFUSED,	  /* form: the field is full or takes no such thing: a bell */
};

struct widget_event {
	enum widget_event_kind kind;
	bool light; /* draw_marker is enough */
	bool older; /* WIDGET_HISTORY */
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
/* Says it beside what is typed, cut where there is no room; until the next key. Copied. */
void prompt_note(struct widget *w, const char *note);

/*
 * Looks for it in a PAGE_TEXT that was painted and shows where it is: from what is on top, or,
 * where `needle` is NULL or "", for what was looked for last, after (before) where it was found.
 * False: it is nowhere, nothing changed; what was looked for is kept all the same.
 */
bool widget_search(struct widget *w, const struct page *p, const char *needle, bool backwards);

#endif
