#include "tools/tablas.h"

#include <stdio.h>
#include <string.h>

static const struct screen_row {
	const char *key;
	const char *name;
} screens[] = {
#define SCREEN(id, key, menu, name, when) {key, name},
#include "screens/screens.def"
#undef SCREEN
};

static const struct argument_row {
	const char *word;
	const char *choices;
	bool open;
} arguments[] = {
#define ARGUMENT(id, word, choices, open) {word, choices, open},
#include "screens/arguments.def"
#undef ARGUMENT
};

static const struct action_row {
	const char *command;
	enum argument argument;
	const char *keys;
	const char *help;
	unsigned where;
} actions[] = {
#define ACTION(id, command, argument, keys, word, help, where)                                     \
	{command, ARGUMENT_##argument, keys, help, where},
#include "screens/actions.def"
#undef ACTION
};

/* A word of a macro's line: what mdoc would take for a delimiter is text. */
static void mdoc_word(const char *text, size_t size)
{
	fputs(size == 1 && strchr("().,:;?![]|", text[0]) != NULL ? " \\&" : " ", stdout);
	for (size_t i = 0; i < size; i++)
		if (text[i] == '\\')
			fputs("\\e", stdout);
		else
			putchar(text[i]);
}

static void mdoc_line(const char *text)
{
	if (text[0] == '.' || text[0] == '\'')
		fputs("\\&", stdout);
	for (; *text != '\0'; text++)
		if (*text == '\\')
			fputs("\\e", stdout);
		else
			putchar(*text);
}

/* "a b" or "a|b" with commas between. */
static void mdoc_list(const char *items, char separator)
{
	for (size_t n = 0; *items != '\0'; n++) {
		size_t size = strcspn(items, (char[]){separator, '\0'});

		if (n != 0)
			fputs(" ,", stdout);
		mdoc_word(items, size);
		items += size + (items[size] != '\0' ? 1 : 0);
	}
}

/* "En Acuse, Documento.", or what it is not in, where that is shorter. */
static void mdoc_where(unsigned where)
{
	unsigned in = 0;

	for (unsigned s = 0; s < SCREEN_COUNT; s++)
		in += (where >> s) & 1;
	bool most = in * 2 > SCREEN_COUNT;
	const char *before = most ? " menos en " : "En ";

	if (most)
		fputs("En todas las pantallas", stdout);
	for (unsigned s = 0; s < SCREEN_COUNT; s++)
		if (((where >> s) & 1) != (most ? 1u : 0u)) {
			printf("%s%s", before, screens[s].name);
			before = ", ";
		}
	puts(".");
}

static void mdoc_argument(enum argument argument)
{
	const struct argument_row *row = &arguments[argument];

	if (row->choices[0] == '\0')
		return;
	puts(".Pp");
	printf(".Ar %s\nes uno de\n.Li", row->word);
	mdoc_list(row->choices, '|');
	puts(row->open ? " ;\no un texto que se busca." : " .");
}

static void mdoc_action(const struct action_row *row)
{
	const char *word = arguments[row->argument].word;

	fputs(".It", stdout);
	if (row->keys[0] != '\0') {
		fputs(" Ic", stdout);
		mdoc_list(row->keys, ' ');
		fputs(" :", stdout);
	}
	printf(" Cm %s", row->command);
	if (word[0] != '\0')
		printf(" Op Ar %s", word);
	putchar('\n');
	mdoc_line(row->help);
	puts(".");
	mdoc_where(row->where);
	mdoc_argument(row->argument);
}

static void mdoc_menus(void)
{
	puts(".Pp\nLos menús:");
	puts(".Bl -tag -width Ds -compact");
	for (size_t i = 0; i < COUNT_OF(screens); i++)
		if (screens[i].key[0] != '\0') {
			fputs(".It Ic", stdout);
			mdoc_list(screens[i].key, ' ');
			printf("\n%s\n", screens[i].name);
		}
	puts(".El");
}

void tablas_mdoc(void)
{
	puts(".Pp\nCada acción tiene un nombre; con él se le dan otras teclas en\n.Li [teclas]\n"
	     "de la configuración.");
	if (actions[ACTION_command].where != 0)
		printf("También se escribe, tras\n.Ic \\&%s ,\ncomo comando: basta el principio, y\n"
		       ".Ic Tab\nlo completa.\n",
			actions[ACTION_command].keys);
	puts(".Bl -tag -width Ds");
	for (size_t i = 0; i < COUNT_OF(actions); i++)
		if (actions[i].where != 0)
			mdoc_action(&actions[i]);
	puts(".El");
	mdoc_menus();
}
