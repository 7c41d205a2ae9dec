#include "base/ini.h"

#include "base/utf8.h"

static char *trim(char *text)
{
	text += strspn(text, " \t\r");
	for (size_t n = strlen(text); n != 0 && strchr(" \t\r", text[n - 1]) != NULL; n--)
		text[n - 1] = '\0';
	return text;
}

/* "[section name]" in place; false where it is not closed or empty. */
static bool split_section(char *line, struct ini_line *at)
{
	size_t n = strlen(line);

	if (n < 3 || line[n - 1] != ']')
		return false;
	line[n - 1] = '\0';
	char *section = trim(line + 1);
	char *blank = strchr(section, ' ');

	at->name = "";
	if (blank != NULL) {
		*blank = '\0';
		at->name = trim(blank + 1);
	}
	at->section = section;
	at->key = NULL;
	at->value = NULL;
	return *section != '\0';
}

static const char *take_line(char *line, struct ini_line *at, ini_handler handler, void *ctx)
{
	const char *allowed = "";

	line = trim(line);
	if (*line == '\0' || *line == '#' || *line == ';')
		return NULL;
	if (*line == '[') {
		if (!split_section(line, at))
			return "se espera [sección] o [sección nombre]";
		return handler(ctx, at, &allowed) == OK ? NULL : allowed;
	}
	char *equal = strchr(line, '=');

	if (equal == NULL)
		return "se espera clave = valor";
	*equal = '\0';
	at->key = trim(line);
	at->value = trim(equal + 1);
	return handler(ctx, at, &allowed) == OK ? NULL : allowed;
}

enum err ini_parse(struct arena *a, const char *file, struct bytes text, ini_handler handler,
	void *ctx, const char **ret_message)
{
	struct ini_line at = {.section = "", .name = ""};
	char *line = text.size <= 256 * 1024 ? arena_copy(a, text.data, text.size) : NULL;
	const char *wrong = NULL;

	if (text.size > 256 * 1024)
		wrong = "el archivo pasa de 256 KiB";
	else if (line == NULL)
		return ERR_NO_MEMORY;
	else if (!utf8_valid(line, text.size) || strlen(line) != text.size)
		wrong = "el archivo no es texto UTF-8";
	for (int number = 1; line != NULL; number++) {
		char *end = strchr(line, '\n');

		if (end != NULL)
			*end = '\0';
		at.number = number;
		if (wrong == NULL)
			wrong = take_line(line, &at, handler, ctx);
		if (wrong != NULL) {
			*ret_message = arena_printf(a, "%s, línea %d: %s.", file, number, wrong);
			return *ret_message != NULL ? ERR_CONFIG : ERR_NO_MEMORY;
		}
		line = end != NULL ? end + 1 : NULL;
	}
	return OK;
}
