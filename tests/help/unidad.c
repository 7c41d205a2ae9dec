#include "tests/help/unidad.h"

#include <stdio.h>
#include <stdlib.h>
#include "base/file.h"
#include "tests/help/cm.h"

#define ROOM ((size_t)1024 * 1024)
#define WORD 80

static const char *must(const char *text)
{
	assert_non_null(text);
	return text;
}

const char *unidad_read(struct arena *a, const char *name, const char *folder)
{
	const char *root = getenv("BUZON_ROOT");
	const char *path =
		must(arena_printf(a, "%s/tools/servidor/%s", root != NULL ? root : ".", name));
	struct bytes file = {0};

	assert_int_equal(file_read(a, path, ROOM, &file), OK);
	const char *text = (const char *)file.data;
	const char *at = strstr(text, "@SBINDIR@");

	assert_non_null(at);
	return must(arena_printf(
		a, "%.*s%s%s", (int)(at - text), text, folder, at + strlen("@SBINDIR@")));
}

const char *unidad_values(struct arena *a, const char *unit, const char *key)
{
	const char *found = "";

	for (const char *l = unit; *l != '\0'; l += strcspn(l, "\n"), l += *l == '\n')
		if (strncmp(l, key, strlen(key)) == 0 && l[strlen(key)] == '=') {
			const char *value = l + strlen(key) + 1;

			found = must(arena_printf(
				a, "%s%.*s\n", found, (int)strcspn(value, "\n"), value));
		}
	return found;
}

bool unidad_has(const char *words, const char *word)
{
	char framed[WORD + 3];

	return (size_t)snprintf(framed, sizeof(framed), " %s ", word) < sizeof(framed) &&
	       strstr(words, framed) != NULL;
}

/* ---- system calls ------------------------------------------------------------------------- */

/* All groups, as systemd-analyze tells them. */
static const char *groups(struct arena *a)
{
	char *text = arena_alloc(a, ROOM);
	FILE *f = popen("systemd-analyze syscall-filter 2>/dev/null", "r");

	assert_non_null(text);
	assert_non_null(f);
	size_t n = fread(text, 1, ROOM - 1, f);

	text[n] = '\0';
	assert_int_equal(pclose(f), 0);
	return text;
}

/* The words with one more, or one less. */
static const char *with(struct arena *a, const char *words, const char *word, bool in)
{
	char framed[WORD + 3];
	const char *at = NULL;

	if (unidad_has(words, word) == in)
		return words;
	if (in)
		return must(arena_printf(a, "%s%s ", words, word));
	assert_in_range(snprintf(framed, sizeof(framed), " %s ", word), 3, WORD);
	at = strstr(words, framed);
	return must(arena_printf(a, "%.*s%s", (int)(at - words), words, at + strlen(framed) - 1));
}

static const char *change(
	struct arena *a, const char *all, const char *words, const char *word, bool in)
{
	const char *group =
		word[0] == '@' ? strstr(all, must(arena_printf(a, "%s\n", word))) : NULL;

	if (word[0] != '@')
		return with(a, words, word, in);
	assert_non_null(group);
	/* Its members are indented; a comment stands among them. */
	for (const char *l = strchr(group, '\n') + 1; strncmp(l, "    ", 4) == 0;
		l = strchr(l, '\n') + 1) {
		const char *name = must(arena_printf(a, "%.*s", (int)strcspn(l + 4, "\n"), l + 4));

		if (name[0] != '#')
			words = change(a, all, words, name, in);
	}
	return words;
}

const char *unidad_calls(struct arena *a, const char *unit)
{
	const char *all = groups(a);
	char *lines = arena_strdup(a, unidad_values(a, unit, "SystemCallFilter"));
	char *rest = NULL;
	char *words = NULL;
	const char *calls = change(a, all, " ", "@default", true);

	assert_non_null(lines);
	/* The first line says of what kind the list is: ours name what is let through. */
	assert_true(lines[0] != '~' && lines[0] != '\0');
	for (char *l = strtok_r(lines, "\n", &rest); l != NULL; l = strtok_r(NULL, "\n", &rest)) {
		bool in = l[0] != '~';

		for (char *w = strtok_r(l + !in, " ", &words); w != NULL;
			w = strtok_r(NULL, " ", &words))
			calls = change(a, all, calls, w, in);
	}
	return calls;
}
