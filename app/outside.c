#include "app/outside.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "app/program.h"
#include "base/file.h"
#include "base/texto.h"
#include "tui/plain.h"

#define WORDS_MOST 16
#define ALLOWANCE ((size_t)4 << 20)

/* The words of a setting like "less -R"; a shell is not asked. */
static const char *const *words(struct arena *a, const char *text, const char *last)
{
	const char **argv = arena_array(a, WORDS_MOST + 2, sizeof(*argv));
	char *copy = arena_strdup(a, text);
	char *rest = NULL;
	size_t n = 0;

	if (argv == NULL || copy == NULL)
		return NULL;
	for (char *w = strtok_r(copy, " \t", &rest); w != NULL && n < WORDS_MOST;
		w = strtok_r(NULL, " \t", &rest))
		argv[n++] = w;
	argv[n] = last;
	return n > 0 ? argv : NULL;
}

/* The first of them that is there; what the person named is the only one tried. */
static enum err run(struct app *app, const char *named, const char *const *usual, const char *last,
	struct bytes input, int *ret_status)
{
	const char *const given[] = {named, NULL};
	const char *const *all = named != NULL && named[0] != '\0' ? given : usual;
	enum err err = ERR_NO_FILE;

	app->front.suspend(app->front.ctx);
	for (size_t i = 0; all[i] != NULL && err == ERR_NO_FILE; i++) {
		ARENA(a, ALLOWANCE);
		const char *const *argv = words(&a, all[i], last);

		err = argv == NULL ? ERR_NO_MEMORY : program_foreground(argv, input, ret_status);
	}
	app->front.resume(app->front.ctx);
	return err;
}

/* Which signal ended it, by program_foreground's status; 0: it ended by itself. */
static int signal_of(int status)
{
	return status > 128 && status <= 128 + SIGRTMAX ? status - 128 : 0;
}

static enum err print(const struct page *page, char **ret_text, size_t *ret_size)
{
	struct winsize size = {0};
	struct plain_options options = {.utf8 = true};

	/* Broken at blanks for the terminal that shows it. */
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
		options.width = size.ws_col;
	FILE *out = open_memstream(ret_text, ret_size);

	if (out == NULL)
		return ERR_NO_MEMORY;
	enum err err = plain_page(out, NULL, page, &options);

	return fclose(out) == 0 ? err : ERR_NO_MEMORY;
}

void outside_page(struct app *app, const struct page *page)
{
	static const char *const usual[] = {"less", "more", NULL};
	char *text = NULL;
	size_t size = 0;
	int status = 0;
	enum err err = print(page, &text, &size);

	if (err == OK)
		err = run(app, getenv("PAGER"), usual, NULL, bytes_of(text, size), &status);
	free(text);
	if (err == ERR_NO_FILE)
		app_say(app, _("No se encuentra el paginador; pon otro en $PAGER."));
	else if (err != OK)
		app_say(app, "%s", err_sentence(err));
	else if (signal_of(status) != 0)
		app_say(app, _("El paginador murió (señal %d)."), signal_of(status));
}

/* What holds at once; false: a bad line, which was said. */
static bool read_again(struct app *app)
{
	ARENA(a, ALLOWANCE);
	struct config_app fresh;
	const char *path = app->config->path;
	const char *name = strrchr(path, '/');
	size_t folder = name != NULL ? (size_t)(name + 1 - path) : 0;
	const char *message = NULL;
	enum err err = config_app_read(&a, path, &fresh, &message);

	/* The folder was just edited in: the last line is short, and what is wrong must be on it.
	 */
	if (err != OK && message != NULL && strncmp(message, path, folder) == 0)
		message += folder;
	if (err != OK) {
		app_say(app, _("Sigue lo de antes. %s"),
			message != NULL ? message : err_sentence(err));
		return false;
	}
	teclas_use(&fresh.teclas);
	app->bloqueo_ms = fresh.bloqueo_ms;
	return true;
}

void outside_config(struct app *app)
{
	static const char *const usual[] = {"sensible-editor", "nano", "vi", NULL};
	const char *named = getenv("VISUAL");
	const char *path = app->config->path;
	int status = 0;
	enum err err;

	if (named == NULL || named[0] == '\0')
		named = getenv("EDITOR");
	err = run(app, named, usual, path, (struct bytes){0}, &status);
	if (err == ERR_NO_FILE)
		app_say(app, _("No se encuentra el editor; pon otro en $EDITOR. El archivo es %s"),
			path);
	else if (err != OK)
		app_say(app, "%s", err_sentence(err));
	if (err != OK || !read_again(app))
		return;
	if (signal_of(status) != 0)
		app_say(app, _("El editor murió (señal %d); vale lo que dejó escrito."),
			signal_of(status));
	else
		app_say(app,
			_("Configuración leída: teclas y bloqueo valen ya; tema y perfiles, al "
			  "volver a entrar."));
}
