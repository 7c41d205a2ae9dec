/*
 * The line behind `:` as a command ("orden"): names of actions.def on the screen where it is typed
 * and the screens of the menu. Pure: what to do with it is the app's.
 *
 * Accents and case don't count, and a beginning that only one name has is enough.
 */
#ifndef SCREENS_ORDEN_H
#define SCREENS_ORDEN_H

#include "screens/action.h"

#define ORDEN_SIZE 256 /* bytes of a line that completion and history keep */

enum orden_kind {
	ORDEN_NOTHING, /* say: what is wrong, and which names are near; NULL for an empty line */
	ORDEN_ACTION,  /* action, argument */
	ORDEN_SCREEN,  /* screen of the menu */
};

struct orden {
	enum orden_kind kind;
	enum action action;
	enum screen screen;
	const char *argument; /* a choice as arguments.def has it, or a text; NULL: none */
	const char *say;
};

/* What only the app knows of what commands may take; borrowed. */
struct orden_profiles {
	const char *const *names;
	size_t count;
	const char *const *filtros; /* "tipo R-7.3", "rp B07…": values that rows have */
	size_t filtro_count;
};

/* Texts are in the arena or the tables. `profiles` may be NULL. ERR_NO_MEMORY. */
enum err orden_parse(struct arena *a, enum screen s, const struct orden_profiles *profiles,
	const char *text, struct orden *ret) MUST_CHECK;

/*
 * What `text` is as that argument: the choice that it names (or, where nothing else is taken, the
 * only one that begins so), or the text itself where any is taken; NULL: neither.
 */
enum err orden_argument(struct arena *a, enum argument argument,
	const struct orden_profiles *profiles, const char *text, const char **ret) MUST_CHECK;
/* The choices that begin so. */
enum err orden_choices(struct arena *a, enum argument argument,
	const struct orden_profiles *profiles, const char *text, const char *const **ret_choices,
	size_t *ret_count) MUST_CHECK;

/*
 * Lines that `text` may become, whole, in the order of the tables. Of a filter the last of its
 * parts is completed, whatever stands before it.
 */
struct orden_candidates {
	const char **lines;
	const char **words; /* of each, the part that is new: to be shown */
	size_t count;
};

enum err orden_candidates(struct arena *a, enum screen s, const struct orden_profiles *profiles,
	const char *text, struct orden_candidates *ret) MUST_CHECK;

/* Tab after Tab: which candidate of which line is shown. Zeroed when a prompt is opened. */
struct orden_tab {
	char base[ORDEN_SIZE];
	char shown[ORDEN_SIZE];
	size_t next;
	bool single; /* there was but one: the next Tab goes on from there */
};

/*
 * WIDGET_COMPLETE: the line to be set into the prompt (prompt_set), and the words to choose from
 * for prompt_note; "" where the line is decided. NULL in *ret_line: nothing to complete, a bell.
 */
enum err orden_complete(struct orden_tab *t, struct arena *a, enum screen s,
	const struct orden_profiles *profiles, const char *text, const char **ret_line,
	const char **ret_note) MUST_CHECK;

#endif
