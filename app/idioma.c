#include "app/idioma.h"

#include <limits.h>
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/texto.h"

#define DOMAIN "buzon-tui"
#define BESIDE "locale"

/* "es", "es_MX.UTF-8", "es:en"; "C.UTF-8" is C with an encoding. */
static bool speaks(const char *locale, const char *language)
{
	size_t size = strlen(language);

	return strncmp(locale, language, size) == 0 && strchr("_.@:", locale[size]) != NULL;
}

/* $LANGUAGE counts only where there is a locale (gettext(3)). */
static bool has_catalogue(void)
{
	const char *locale = setlocale(LC_MESSAGES, NULL);
	const char *first = getenv("LANGUAGE");

	if (locale == NULL || speaks(locale, "C") || speaks(locale, "POSIX"))
		return false;
	return !speaks(first != NULL && first[0] != '\0' ? first : locale, "es");
}

static bool find_beside(char path[PATH_MAX])
{
	ssize_t n = readlink("/proc/self/exe", path, PATH_MAX - 1);

	if (n <= 0)
		return false;
	path[n] = '\0';
	char *slash = strrchr(path, '/');

	if (slash == NULL || (size_t)(slash + 1 - path) + sizeof(BESIDE) > PATH_MAX)
		return false;
	memcpy(slash + 1, BESIDE, sizeof(BESIDE));
	return access(path, X_OK) == 0;
}

void idioma_setup(void)
{
	char beside[PATH_MAX];

	setlocale(LC_ALL, "");
	/* Numbers are written for programs too. */
	setlocale(LC_NUMERIC, "C");
	if (!has_catalogue()) {
		setlocale(LC_MESSAGES, "C");
		return;
	}
	bindtextdomain(DOMAIN, find_beside(beside) ? beside : BUZON_LOCALEDIR);
	bind_textdomain_codeset(DOMAIN, "UTF-8");
	textdomain(DOMAIN);
}
