#include "tui/keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "base/utf8.h"

struct name {
	const char *text;
	uint32_t key;
};

/* The first name of a key is the one that is shown. */
static const struct name names[] = {
	{"Enter", KEYS_ENTER},
	{"Esc", KEYS_ESC},
	{"Tab", KEYS_TAB},
	{"BackTab", KEYS_BACKTAB},
	{"Backspace", KEYS_BACKSPACE},
	{"Delete", KEYS_DELETE},
	{"Insert", KEYS_INSERT},
	{"Up", KEYS_UP},
	{"Down", KEYS_DOWN},
	{"Left", KEYS_LEFT},
	{"Right", KEYS_RIGHT},
	{"Home", KEYS_HOME},
	{"End", KEYS_END},
	{"PgUp", KEYS_PGUP},
	{"PgDn", KEYS_PGDN},
	{"Space", ' '},
	{"Intro", KEYS_ENTER},
	{"Entrar", KEYS_ENTER},
	{"Escape", KEYS_ESC},
	{"Tabulador", KEYS_TAB},
	{"Retroceso", KEYS_BACKSPACE},
	{"Supr", KEYS_DELETE},
	{"Insertar", KEYS_INSERT},
	{"Arriba", KEYS_UP},
	{"Abajo", KEYS_DOWN},
	{"Izquierda", KEYS_LEFT},
	{"Derecha", KEYS_RIGHT},
	{"Inicio", KEYS_HOME},
	{"Fin", KEYS_END},
	{"RePág", KEYS_PGUP},
	{"AvPág", KEYS_PGDN},
	{"PageUp", KEYS_PGUP},
	{"PageDown", KEYS_PGDN},
	{"Espacio", ' '},
};

static bool parse_control(const char *name, uint32_t *ret_key)
{
	if (strncasecmp(name, "Ctrl-", 5) != 0 || strlen(name) != 6)
		return false;
	char c = name[5];

	c = c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
	/* Ctrl-H, I, J, M and [ are Backspace, Tab, Enter and Esc on every terminal. */
	if (c < 'A' || c > 'Z' || c == 'H' || c == 'I' || c == 'J' || c == 'M')
		return false;
	*ret_key = KEYS_CTRL(c);
	return true;
}

static bool parse_function(const char *name, uint32_t *ret_key)
{
	char *end = NULL;

	if ((name[0] != 'F' && name[0] != 'f') || name[1] < '1' || name[1] > '9')
		return false;
	unsigned long n = strtoul(name + 1, &end, 10);

	if (*end != '\0' || n > 12)
		return false;
	*ret_key = KEYS_F1 + (uint32_t)n - 1;
	return true;
}

bool keys_parse(const char *name, uint32_t *ret_key)
{
	size_t size = strlen(name);
	uint32_t c;

	if (size == 0)
		return false;
	if (utf8_decode(name, size, &c) == size && keys_is_text(c)) {
		*ret_key = c;
		return true;
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcasecmp(names[i].text, name) == 0) {
			*ret_key = names[i].key;
			return true;
		}
	return parse_control(name, ret_key) || parse_function(name, ret_key);
}

const char *keys_name(uint32_t key, char to[KEYS_NAME_SIZE])
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].key == key) {
			(void)snprintf(to, KEYS_NAME_SIZE, "%s", names[i].text);
			return to;
		}
	if (key >= KEYS_F1 && key <= KEYS_F12)
		(void)snprintf(to, KEYS_NAME_SIZE, "F%u", (unsigned)(key - KEYS_F1 + 1));
	else if (key >= 1 && key <= 26)
		(void)snprintf(to, KEYS_NAME_SIZE, "Ctrl-%c", (char)('A' + key - 1));
	else
		to[utf8_encode(key, to)] = '\0';
	return to;
}

bool keys_is_text(uint32_t key)
{
	return key >= 0x20 && key <= 0x10ffff && (key < 0x7f || key > 0x9f);
}

uint32_t keys_of_char(uint32_t c)
{
	switch (c) {
	case '\r':
	case '\n':
		return KEYS_ENTER;
	case '\t':
		return KEYS_TAB;
	case 0x1b:
		return KEYS_ESC;
	case 0x7f:
	case 0x08:
		return KEYS_BACKSPACE;
	case 0:
		return KEYS_NONE;
	default:
		return c;
	}
}
