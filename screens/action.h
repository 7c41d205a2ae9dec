/*
 * What a person can do with a key, from one table: keys, hints, help and manual say the same.
 */
#ifndef SCREENS_ACTION_H
#define SCREENS_ACTION_H

#include "base/arena.h"
#include "base/err.h"
#include "tui/keys.h"
#include "tui/page.h"

enum screen {
#define SCREEN(id, ...) SCREEN_##id,
#include "screens/screens.def"
#undef SCREEN
	SCREEN_COUNT
};

enum action {
#define ACTION(id, ...) ACTION_##id,
#include "screens/actions.def"
#undef ACTION
	ACTION_COUNT
};

enum argument {
#define ARGUMENT(id, ...) ARGUMENT_##id,
#include "screens/arguments.def"
#undef ARGUMENT
	ARGUMENT_COUNT
};

struct screen_row {
	const char *id;
	const char *key;  /* "" where the menu does not lead there */
	const char *menu; /* the menu's word; "": the name */
	const char *name;
	bool habilitado; /* to be entered with an enabled Buzón only */
};

struct argument_row {
	const char *word;    /* "" for none */
	const char *choices; /* separated by "|" */
	bool open;	     /* other texts are taken too */
};

struct action_row {
	const char *id;
	const char *command;
	enum argument argument;
	const char *keys; /* as the table has them; in use: teclas_of */
	const char *word;
	const char *help;
	unsigned where; /* 1u << enum screen */
};

/* The row; NULL past the last. */
const struct screen_row *screen_row(enum screen s);
const struct action_row *action_row(enum action a);
const struct argument_row *argument_row(enum argument a);
/* The screen that this key of the menu leads to, or SCREEN_COUNT. */
enum screen screen_of_key(uint32_t key);
/* Can it be entered, where the Buzón is enabled or not (Lineamientos 5.2)? The one place that says.
 */
bool screen_abierta(enum screen s, bool habilitado);
/* The action of the key (in use: screens/teclas.h) on that screen, or ACTION_COUNT. */
enum action action_of_key(enum screen s, uint32_t key);
/* It does nothing on that page now: nothing is said of it. */
bool action_muted(const struct page *page, enum action a);
/* The hint line of the screen, in the arena. ERR_NO_MEMORY. */
enum err action_hints(struct arena *a, enum screen s, struct page *page) MUST_CHECK;
/*
 * The menu of what can be entered, in the arena; *ret_current is where `s` stands, the count
 * where it has no entry.
 */
enum err action_menu(struct arena *a, enum screen s, bool habilitado,
	const struct page_menu **ret_menu, size_t *ret_count, size_t *ret_current) MUST_CHECK;

#endif
