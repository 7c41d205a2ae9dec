/*
 * The keys that a person gave to actions ([teclas] of the configuration), over those of the table.
 *
 * Two steps, so that keys can be exchanged: each line is taken by itself, then the whole is
 * checked. Ctrl-C always leaves, and no action can take a key that moves the cursor, leads to a
 * menu, or is a letter where text is typed.
 */
#ifndef SCREENS_TECLAS_H
#define SCREENS_TECLAS_H

#include "screens/action.h"

#define TECLAS_SIZE 64 /* bytes of one action's keys */
#define TECLAS_SAY 320 /* bytes of a sentence about what is wrong */

/* By value: no pointers in it. "" = as in the table. */
struct teclas {
	char keys[ACTION_COUNT][TECLAS_SIZE];
};

/* The action of that command, or ACTION_COUNT. */
enum action teclas_command(const char *command);
/*
 * `keys` (names of tui/keys.h, separated by blanks; written as keys_name does) for the action.
 * False with a Spanish clause in `say`, nothing changed.
 */
bool teclas_set(struct teclas *t, enum action a, const char *keys, char say[TECLAS_SAY]);
/*
 * Does a key mean two things on one screen? Then true, with the one of the two whose line is at
 * fault in *ret_action (one that the person set) and a Spanish clause in `say`.
 */
bool teclas_clash(const struct teclas *t, enum action *ret_action, char say[TECLAS_SAY]);

/* From now on hints, help and keys go by a copy of these; NULL: by the table. One thread. */
void teclas_use(const struct teclas *t);
/* The keys in use, the one to be shown first; "" for an action that has none. */
const char *teclas_of(enum action a);
/* The n-th name of a list separated by blanks; false past the last. */
bool teclas_name(const char *keys, size_t n, char to[KEYS_NAME_SIZE]);
/* Is the key in the list? */
bool teclas_has(const char *keys, uint32_t key);

#endif
