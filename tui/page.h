/*
 * A page: what a view makes, as plain data, and three printers print (terminal, plain lines, JSON).
 *
 * No cells, colours or key codes here; nothing of the portal either. Every pointer belongs to who
 * made the page (usually an arena that lives until the next page) and no printer keeps one. Text is
 * UTF-8; printers drop control characters, bidi overrides and the like by themselves.
 */
#ifndef TUI_PAGE_H
#define TUI_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/err.h"

enum page_kind { PAGE_LIST, PAGE_TEXT, PAGE_FORM, PAGE_DIALOG };

/* What a piece of text is. A printer may show it by attributes, never by colour alone. */
enum page_style {
	PAGE_NORMAL,
	PAGE_HEADING,
	PAGE_PAIR,    /* label + value */
	PAGE_WARNING, /* printed with "! " before it */
	PAGE_MONO,    /* never wrapped at words: cadenas, sellos */
	PAGE_QR,      /* paragraph.qr instead of text */
	PAGE_MUTED,   /* read, past, unavailable */
	PAGE_URGENT,  /* due today, late; the text itself must say so too */
	PAGE_DONE,    /* it was done; the text itself must say so too */
};

/* QR symbol: size x size modules, one byte each, row by row, 1 = dark; no quiet zone. */
struct page_qr {
	size_t size;
	const unsigned char *modules;
};

struct page_column {
	const char *label;
	const char *key; /* name in JSON */
	int min;	 /* cells it needs */
	int weight;	 /* share of the cells left over; 0 = stays at min */
	bool right;	 /* aligned to the right */
	int drop;	 /* 0 stays; where the terminal is narrow the highest number leaves first */
};

struct page_row {
	const char *const *cells; /* one per column; a NULL cell is empty */
	bool marked;
	enum page_style style;
};

struct page_list {
	const struct page_column *columns;
	size_t column_count;
	size_t row_count;
	/*
	 * Makes row `row` (< row_count) into the arena. Only rows that are seen are asked for, in
	 * any order, again at each paint. An error shows as an empty row.
	 */
	enum err (*row)(void *context, struct arena *a, size_t row, struct page_row *ret_row);
	void *context;
	size_t selected;   /* row with the cursor */
	const char *empty; /* what to say, and do, when there are no rows */
	/* Lines above the rows (what is due, a filter in force); may be 0. */
	const struct page_paragraph *above;
	size_t above_count;
};

struct page_paragraph {
	enum page_style style;
	const char *label; /* PAGE_PAIR */
	const char *text;  /* '\n' begins a new line */
	const struct page_qr *qr;
};

struct page_text {
	const struct page_paragraph *paragraphs;
	size_t count;
};

enum page_field_kind {
	PAGE_FIELD_TEXT,   /* one line */
	PAGE_FIELD_AREA,   /* several lines; Enter makes a new one */
	PAGE_FIELD_SECRET, /* never echoed; `value` is ignored; goes to a struct secret */
	PAGE_FIELD_FILE,   /* a path, completed by Tab */
	PAGE_FIELD_CHOICE, /* one of `choices`; value is the choice's text */
	PAGE_FIELD_BUTTON, /* pressed with Enter; label is its text */
};

struct page_field {
	enum page_field_kind kind;
	const char *key;   /* names it in events and JSON; unique in the form */
	const char *label; /* as on the portal */
	const char *value; /* NULL = empty */
	const char *error; /* said beside the field; NULL = none */
	const char *help;  /* said in the status line while the cursor is here */
	bool required;
	bool fixed;   /* shown, can't be changed */
	size_t limit; /* characters; 0 = none; with one, a live counter from 80 characters on */
	const char *const *choices;
	size_t choice_count;
};

struct page_form {
	const struct page_paragraph *above; /* what the form is, what will happen */
	size_t above_count;
	const struct page_field *fields;
	size_t count;
};

struct page_button {
	const char *label;
	const char *key; /* name in the event */
};

struct page_dialog {
	const struct page_paragraph *paragraphs;
	size_t count;
	const struct page_button *buttons;
	size_t button_count;
	size_t safe; /* where the cursor starts, and what Esc presses: the harmless one */
};

/* From the actions table: "Enter" "abrir". */
struct page_hint {
	const char *key;
	const char *word;
};

struct page {
	enum page_kind kind;
	const char *title;
	const char *status; /* left of the last line; NULL = nothing to say */
	const struct page_hint *hints;
	size_t hint_count;   /* the most useful first: those that don't fit are left out */
	const char *mute[5]; /* commands that do nothing here now: no hint of them; NULL: none */
	unsigned part; /* another one begins at its top; 0 is come back to where it was left */
	int64_t until; /* ms UTC: then it says something else by itself; 0: it does not */
	/* The one that `kind` names. */
	struct page_list list;
	struct page_text text;
	struct page_form form;
	struct page_dialog dialog;
};

struct page_menu {
	const char *key; /* "1" */
	const char *label;
};

/* What stands round every page. */
struct page_frame {
	const char *program; /* "Buzón IMSS" */
	const char *who;     /* name; the first to be shortened; may be NULL */
	const char *rfc;     /* may be NULL */
	const char *banner;  /* "PRUEBA"; NULL in production */
	const char *clock;   /* "jue 12/nov/2026 17:52 ZC" */
	const struct page_menu *menu;
	size_t menu_count;
	size_t menu_current; /* menu_count = none */
};

#endif
