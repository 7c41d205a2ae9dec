#include "screens/teclas.h"

#include <stdio.h>
#include <string.h>
#include "base/texto.h"

static struct teclas in_use;

/* What is longer than every name is cut: it is no key either way. */
static void copy_name(char to[KEYS_NAME_SIZE], const char *from, size_t size)
{
	if (size >= KEYS_NAME_SIZE)
		for (size = KEYS_NAME_SIZE - 1; size > 0 && (from[size] & 0xc0) == 0x80;)
			size--;
	memcpy(to, from, size);
	to[size] = '\0';
}

bool teclas_name(const char *keys, size_t n, char to[KEYS_NAME_SIZE])
{
	for (keys += strspn(keys, " \t");; n--) {
		size_t size = strcspn(keys, " \t");

		if (size == 0)
			return false;
		if (n == 0) {
			copy_name(to, keys, size);
			return true;
		}
		keys += size + strspn(keys + size, " \t");
	}
}

bool teclas_has(const char *keys, uint32_t key)
{
	char name[KEYS_NAME_SIZE];

	for (size_t i = 0; teclas_name(keys, i, name); i++) {
		uint32_t k;

		if (keys_parse(name, &k) && k == key)
			return true;
	}
	return false;
}

enum action teclas_command(const char *command)
{
	size_t a = 0;

	while (a < ACTION_COUNT &&
		(action_row((enum action)a)->where == 0 ||
			strcmp(action_row((enum action)a)->command, command) != 0))
		a++;
	return (enum action)a;
}

/* ---- one line ----------------------------------------------------------------------------- */

/* What lists, texts and dialogs take before any action is looked up, and the menu's numbers. */
static bool is_movement(uint32_t key)
{
	return teclas_has("Up Down Left Right Home End PgUp PgDn Tab BackTab Space h j k l g G "
			  "Ctrl-B Ctrl-D Ctrl-F Ctrl-U",
		       key) ||
	       (key >= '0' && key <= '9');
}

/* Does it reach the action where text is typed? */
static bool passes_form(uint32_t key)
{
	return !keys_is_text(key) && !is_movement(key) &&
	       !teclas_has("Enter Backspace Delete Ctrl-A Ctrl-E Ctrl-K Ctrl-W", key);
}

static bool in_forms(enum action a)
{
	/* Text is typed where the help has to do without `?`. */
	return (action_row(a)->where & action_row(ACTION_form_help)->where) != 0;
}

static bool refuse(char say[TECLAS_SAY], const char *what, const char *why)
{
	(void)snprintf(say, TECLAS_SAY, "%s %s", what, why);
	return false;
}

static bool key_allowed(enum action a, const char *name, uint32_t *ret_key, char say[TECLAS_SAY])
{
	if (!keys_parse(name, ret_key))
		return refuse(say, name,
			_("no es una tecla; se admite una letra o signo, Enter, Esc, Espacio, Supr, "
			  "Insertar, Retroceso, F1 a F12 y Ctrl-A a Ctrl-Z"));
	if (teclas_has(action_row(a)->keys, *ret_key))
		return true;
	if (*ret_key == KEYS_CTRL('C') || *ret_key == KEYS_CTRL('Z'))
		return refuse(say, name, _("siempre sale o suspende el programa; usa otra tecla"));
	if (is_movement(*ret_key))
		return refuse(say, name,
			_("mueve el cursor o lleva a un menú; usa otra tecla para esto"));
	return true;
}

static bool add(char to[TECLAS_SIZE], uint32_t key, char say[TECLAS_SAY])
{
	char name[KEYS_NAME_SIZE];
	size_t used = strlen(to);

	if (teclas_has(to, key))
		return true;
	(void)keys_name(key, name);
	if (used + 1 + strlen(name) >= TECLAS_SIZE)
		return refuse(say, name, _("ya no cabe: son demasiadas teclas para una sola cosa"));
	(void)snprintf(to + used, TECLAS_SIZE - used, "%s%s", used != 0 ? " " : "", name);
	return true;
}

bool teclas_set(struct teclas *t, enum action a, const char *keys, char say[TECLAS_SAY])
{
	char all[TECLAS_SIZE] = "";
	char name[KEYS_NAME_SIZE];
	bool reaches = !in_forms(a);
	const char *command = action_row(a)->command;

	for (size_t i = 0; teclas_name(keys, i, name); i++) {
		uint32_t key;

		if (!key_allowed(a, name, &key, say) || !add(all, key, say))
			return false;
		reaches = reaches || passes_form(key);
	}
	keys += strspn(keys, " \t");
	if (all[0] == '\0')
		return refuse(say, command,
			keys[0] == '\0' ? _("lleva una o más teclas, separadas por espacios")
					: _("lleva nombres de teclas más cortos"));
	if (!reaches)
		return refuse(say, command,
			_("también se usa donde se escribe texto: agrega una tecla que no sea letra, "
			  "como F1, Esc o Ctrl-G"));
	if (a == ACTION_quit && !add(all, KEYS_CTRL('C'), say))
		return false;
	memcpy(t->keys[a], all, sizeof(all));
	return true;
}

/* ---- the whole ---------------------------------------------------------------------------- */

static const char *keys_in(const struct teclas *t, enum action a)
{
	return t->keys[a][0] != '\0' ? t->keys[a] : action_row(a)->keys;
}

static bool shared_key(const char *a, const char *b, char name[KEYS_NAME_SIZE])
{
	for (size_t i = 0; teclas_name(a, i, name); i++) {
		uint32_t key;

		if (keys_parse(name, &key) && teclas_has(b, key))
			return true;
	}
	return false;
}

static const char *first_screen(unsigned where)
{
	unsigned s = 0;

	while (s < SCREEN_COUNT && (where & 1u << s) == 0)
		s++;
	return s < SCREEN_COUNT ? texto(screen_row((enum screen)s)->name) : "";
}

static bool clash(const struct teclas *t, enum action set, enum action other, char say[TECLAS_SAY])
{
	const struct action_row *one = action_row(set);
	const struct action_row *two = action_row(other);
	char name[KEYS_NAME_SIZE];

	if ((one->where & two->where) == 0 || !shared_key(keys_in(t, set), keys_in(t, other), name))
		return false;
	(void)snprintf(say, TECLAS_SAY,
		_("la tecla %s ya es de %s (%s); usa otra para %s, o cambia también la de %s"),
		name, two->command, first_screen(one->where & two->where), one->command,
		two->command);
	return true;
}

bool teclas_clash(const struct teclas *t, enum action *ret_action, char say[TECLAS_SAY])
{
	for (unsigned a = 0; a < ACTION_COUNT; a++)
		for (unsigned b = 0; b < ACTION_COUNT; b++)
			if (a != b && t->keys[a][0] != '\0' &&
				clash(t, (enum action)a, (enum action)b, say)) {
				*ret_action = (enum action)a;
				return true;
			}
	return false;
}

/* ---- in use ------------------------------------------------------------------------------- */

void teclas_use(const struct teclas *t)
{
	in_use = t != NULL ? *t : (struct teclas){0};
}

const char *teclas_of(enum action a)
{
	return (unsigned)a < ACTION_COUNT ? keys_in(&in_use, a) : "";
}
