/*
 * Keys by number and by name, both ways: the actions table, the help and the person's
 * configuration say names; the loop compares numbers.
 *
 * A key is one uint32_t: a character is its Unicode number, Ctrl-A..Ctrl-Z are 1..26 (but Tab,
 * Enter, which have their own), named keys stand above Unicode.
 */
#ifndef TUI_KEYS_H
#define TUI_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KEYS_NAME_SIZE 24

enum key_code {
	KEYS_ENTER = 0x110000,
	KEYS_ESC,
	KEYS_TAB,
	KEYS_BACKTAB,
	KEYS_BACKSPACE,
	KEYS_DELETE,
	KEYS_INSERT,
	KEYS_UP,
	KEYS_DOWN,
	KEYS_LEFT,
	KEYS_RIGHT,
	KEYS_HOME,
	KEYS_END,
	KEYS_PGUP,
	KEYS_PGDN,
	KEYS_F1, /* F1..F12 follow one another */
	KEYS_F12 = KEYS_F1 + 11,
	KEYS_NONE = 0x11ffff,
};

#define KEYS_CTRL(letter) ((uint32_t)(letter)&0x1fu)

enum key_kind {
	KEY_KIND_KEY,	 /* event.key */
	KEY_KIND_PASTE,	 /* event.text: nothing in it is a command */
	KEY_KIND_RESIZE, /* the size changed, or the screen must be painted anew */
	KEY_KIND_EOF,	 /* the terminal is gone: save and leave */
};

struct key_event {
	enum key_kind kind;
	uint32_t key;
	const char *text; /* pasted UTF-8, NUL behind it, valid until the next term_key */
	size_t size;
};

/*
 * "Enter", "Esc", "Ctrl-L", "F1", "PgDn", "Space", "k", "Ñ"; case counts for characters only;
 * Spanish names ("AvPág", "Espacio", "Supr") are taken too. False where it names no key.
 */
bool keys_parse(const char *name, uint32_t *ret_key);
/* The name that keys_parse takes; written into `to`, which is returned. */
const char *keys_name(uint32_t key, char to[KEYS_NAME_SIZE]);
/* What a character from a terminal means: CR and LF are Enter, DEL and BS Backspace, NUL nothing.
 */
uint32_t keys_of_char(uint32_t c);
/* Is it a character that belongs into text? */
bool keys_is_text(uint32_t key);

#endif
