#include "screens/action.h"

#include <stdint.h>
#include "base/texto.h"
#include "screens/teclas.h"

#define IN(id) (1u << SCREEN_##id)
#define LATER(screens) 0u
#define EVERYWHERE ((1u << SCREEN_COUNT) - 1)
#define FORMS                                                                                      \
	(IN(acceso) | IN(firmar) | IN(medio_nuevo) | IN(medio_validar) | IN(representante_nuevo))
#define SIEMPRE false
#define HABILITADO true

static const struct screen_row screen_rows[] = {
#define SCREEN(id, key, menu, name, when) {#id, key, menu, name, when},
#include "screens/screens.def"
#undef SCREEN
};

static const struct action_row action_rows[] = {
#define ACTION(id, command, argument, keys, word, help, where)                                     \
	{#id, command, ARGUMENT_##argument, keys, word, help, where},
#include "screens/actions.def"
#undef ACTION
};

static const struct argument_row argument_rows[] = {
#define ARGUMENT(id, word, choices, open) {word, choices, open},
#include "screens/arguments.def"
#undef ARGUMENT
};

const struct screen_row *screen_row(enum screen s)
{
	return (unsigned)s < SCREEN_COUNT ? &screen_rows[s] : NULL;
}

const struct action_row *action_row(enum action a)
{
	return (unsigned)a < ACTION_COUNT ? &action_rows[a] : NULL;
}

const struct argument_row *argument_row(enum argument a)
{
	return (unsigned)a < ARGUMENT_COUNT ? &argument_rows[a] : NULL;
}

enum screen screen_of_key(uint32_t key)
{
	for (size_t i = 0; i < SCREEN_COUNT; i++)
		if (teclas_has(screen_rows[i].key, key))
			return (enum screen)i;
	return SCREEN_COUNT;
}

bool screen_abierta(enum screen s, bool habilitado)
{
	return (unsigned)s < SCREEN_COUNT && (habilitado || !screen_rows[s].habilitado);
}

enum action action_of_key(enum screen s, uint32_t key)
{
	for (size_t i = 0; i < ACTION_COUNT; i++)
		if ((action_rows[i].where & 1u << s) != 0 &&
			teclas_has(teclas_of((enum action)i), key))
			return (enum action)i;
	return ACTION_COUNT;
}

bool action_muted(const struct page *page, enum action a)
{
	for (size_t i = 0; i < COUNT_OF(page->mute); i++)
		if (page->mute[i] != NULL && strcmp(page->mute[i], action_rows[a].command) == 0)
			return true;
	return false;
}

enum err action_hints(struct arena *a, enum screen s, struct page *page)
{
	struct page_hint *hints = arena_array(a, ACTION_COUNT, sizeof(*hints));
	size_t n = 0;

	if (hints == NULL)
		return ERR_NO_MEMORY;
	for (size_t i = 0; i < ACTION_COUNT; i++) {
		const struct action_row *row = &action_rows[i];
		char name[KEYS_NAME_SIZE];

		if ((row->where & 1u << s) == 0 || row->word[0] == '\0' ||
			action_muted(page, (enum action)i) ||
			!teclas_name(teclas_of((enum action)i), 0, name))
			continue;
		hints[n] = (struct page_hint){arena_strdup(a, name), texto(row->word)};
		if (hints[n++].key == NULL)
			return ERR_NO_MEMORY;
	}
	page->hints = hints;
	page->hint_count = n;
	return OK;
}

enum err action_menu(struct arena *a, enum screen s, bool habilitado,
	const struct page_menu **ret_menu, size_t *ret_count, size_t *ret_current)
{
	struct page_menu *menu = arena_array(a, SCREEN_COUNT, sizeof(*menu));
	size_t n = 0;
	size_t current = SIZE_MAX;

	if (menu == NULL)
		return ERR_NO_MEMORY;
	for (size_t i = 0; i < SCREEN_COUNT; i++) {
		const struct screen_row *row = &screen_rows[i];

		if (row->key[0] == '\0' || !screen_abierta((enum screen)i, habilitado))
			continue;
		if (i == (size_t)s)
			current = n;
		menu[n++] = (struct page_menu){
			row->key, texto(row->menu[0] != '\0' ? row->menu : row->name)};
	}
	*ret_menu = menu;
	*ret_count = n;
	*ret_current = current == SIZE_MAX ? n : current;
	return OK;
}
