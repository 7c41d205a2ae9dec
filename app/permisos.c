#include "app/permisos.h"

#include <string.h>

/* The menu of "ambito:nivel" and its level; AMBITOS where it is neither. */
static enum ambito read_one(struct arena *a, const char *word, enum nivel *ret_nivel)
{
	size_t size = strcspn(word, ":");
	const char *menu = arena_printf(a, "%.*s", (int)size, word);

	*ret_nivel = word[size] == ':' ? nivel_of(word + size + 1) : NIVEL_NADA;
	return menu != NULL && *ret_nivel != NIVEL_NADA ? ambito_of(menu) : AMBITOS;
}

enum err permisos_parse(struct arena *a, const char *text, struct m_permiso **ret,
	size_t *ret_count, const char **ret_wrong)
{
	struct m_permiso *list = arena_array(a, AMBITOS, sizeof(*list));
	bool seen[AMBITOS] = {false};
	size_t count = 0;

	if (list == NULL)
		return ERR_NO_MEMORY;
	while (text != NULL && text[0] != '\0') {
		size_t size = strcspn(text, ",");
		const char *word = arena_printf(a, "%.*s", (int)size, text);
		enum nivel nivel;

		if (word == NULL)
			return ERR_NO_MEMORY;
		enum ambito ambito = read_one(a, word, &nivel);

		if (ambito >= AMBITOS || seen[ambito]) {
			*ret_wrong = word;
			return ERR_BAD_FIELD;
		}
		seen[ambito] = true;
		list[count++] = (struct m_permiso){
			.ambito = ambito_word(ambito), .nivel = nivel_word(nivel)};
		text += text[size] == ',' ? size + 1 : size;
	}
	*ret = list;
	*ret_count = count;
	return OK;
}

const char *permisos_text(struct arena *a, const struct m_permiso *permisos, size_t count)
{
	const char *text = "";

	for (size_t i = 0; text != NULL && i < count; i++)
		text = arena_printf(a, "%s%s%s:%s", text, i != 0 ? "," : "", permisos[i].ambito,
			permisos[i].nivel);
	return text;
}
