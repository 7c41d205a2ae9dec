#include "app/verbs.h"

#include <stdio.h>
#include <stdlib.h>
#include "app/llano.h"
#include "base/file.h"
#include "base/texto.h"

#define GLOBAL                                                                                     \
	(WITH(perfil) | WITH(config) | WITH(json) | WITH(clave_fd) | WITH(confianza) |             \
		WITH(depurar) | WITH(ayuda) | WITH(help) | WITH(version))

/* What only the screen takes, where no verb is given. */
#define OF_SCREEN (WITH(llano) | WITH(lineas))

struct option_row {
	const char *name;
	char letter;
	const char *value;
	const char *what; /* NULL: another row's second name */
};

struct verb_row {
	const char *name;
	const char *args;
	size_t least;
	size_t most;
	uint64_t options;
	const char *what;
	enum err (*run)(struct verb_call *v);
};

static const struct option_row options[] = {
#define OPTION(id, long_name, short_name, arg, text) {long_name, short_name, arg, text},
#define VERB(...)
#include "app/verbs.def"
#undef OPTION
#undef VERB
};

static const struct verb_row verbs[] = {
#define OPTION(...)
#define VERB(id, arguments, fewest, greatest, own, text)                                           \
	{#id, arguments, fewest, greatest, own, text, verbo_##id},
#include "app/verbs.def"
#undef OPTION
#undef VERB
};

static const struct verb_row *verb_find(const char *name)
{
	for (size_t i = 0; name != NULL && i < COUNT_OF(verbs); i++)
		if (strcmp(verbs[i].name, name) == 0)
			return &verbs[i];
	return NULL;
}

static enum option option_find(const char *text, size_t size)
{
	unsigned o = 0;

	while (o < OPTION_COUNT &&
		(strlen(options[o].name) != size || memcmp(options[o].name, text, size) != 0))
		o++;
	return (enum option)o;
}

static enum option option_of_letter(char letter)
{
	unsigned o = 0;

	while (o < OPTION_COUNT && (letter == '\0' || options[o].letter != letter))
		o++;
	return (enum option)o;
}

struct reader {
	struct verb_call *v;
	char **argv;
	int argc;
	int at;
	const char **ret_message;
};

static enum err wrong(struct reader *r, const char *format, const char *what)
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	const char *text = arena_printf(r->v->arena, format, what);
#pragma GCC diagnostic pop

	if (text == NULL)
		return ERR_NO_MEMORY;
	*r->ret_message = text;
	return ERR_USAGE;
}

/* `value` is what stood behind "=" or the letter; NULL: the next argument. */
static enum err take_option(struct reader *r, enum option o, const char *value, const char *typed)
{
	if (o == OPTION_COUNT)
		return wrong(r, _("No existe la opción %s; consulta buzon-tui --ayuda."), typed);
	if (options[o].value == NULL) {
		if (value != NULL)
			return wrong(r, _("La opción --%s no lleva valor."), options[o].name);
		r->v->opt[o] = "";
		return OK;
	}
	if (value == NULL && r->at + 1 < r->argc)
		value = r->argv[++r->at];
	if (value == NULL || value[0] == '\0')
		return wrong(r, _("A la opción --%s le falta su valor."), options[o].name);
	/* What is said bit by bit adds up; anything else said twice is what was said last. */
	if (o == OPTION_permiso && r->v->opt[o] != NULL)
		value = arena_printf(r->v->arena, "%s,%s", r->v->opt[o], value);
	r->v->opt[o] = value;
	return value != NULL ? OK : ERR_NO_MEMORY;
}

static enum err take_long(struct reader *r, const char *text)
{
	const char *equal = strchr(text, '=');
	size_t size = equal != NULL ? (size_t)(equal - text) : strlen(text);

	return take_option(r, option_find(text, size), equal != NULL ? equal + 1 : NULL, text - 2);
}

static enum err take_short(struct reader *r, const char *text)
{
	return take_option(
		r, option_of_letter(text[0]), text[1] != '\0' ? text + 1 : NULL, text - 1);
}

static enum err take_all(struct reader *r)
{
	struct verb_call *v = r->v;
	bool only_words = false;
	enum err e = OK;

	for (r->at = 1; e == OK && r->at < r->argc; r->at++) {
		const char *text = r->argv[r->at];

		if (!only_words && strcmp(text, "--") == 0)
			only_words = true;
		else if (!only_words && strncmp(text, "--", 2) == 0)
			e = take_long(r, text + 2);
		else if (!only_words && text[0] == '-' && text[1] != '\0')
			e = take_short(r, text + 1);
		else if (v->verb == NULL)
			v->verb = text;
		else
			v->args[v->args_count++] = text;
	}
	return e;
}

static enum err check_options(struct reader *r, const struct verb_row *row)
{
	uint64_t allowed = GLOBAL | (row != NULL ? row->options : OF_SCREEN);

	for (unsigned o = 0; o < OPTION_COUNT; o++)
		if (r->v->opt[o] != NULL && (allowed & UINT64_C(1) << o) == 0)
			return wrong(r,
				_("La opción --%s no es de este comando; agrega --ayuda para "
				  "ver las suyas."),
				options[o].name);
	return OK;
}

static enum err check_lineas(struct reader *r)
{
	const char *text = r->v->opt[OPTION_lineas];
	char *end = NULL;
	long n = text != NULL ? strtol(text, &end, 10) : 0;

	if (text != NULL &&
		(text[0] < '0' || text[0] > '9' || *end != '\0' || n < 1 || n > LLANO_LINES_MOST))
		return wrong(r, "%s", _("--lineas lleva un número, de 1 a 500."));
	r->v->lineas = (size_t)n;
	return OK;
}

static enum err check_fd(struct reader *r)
{
	const char *text = r->v->opt[OPTION_clave_fd];
	char *end = NULL;
	long n = text != NULL ? strtol(text, &end, 10) : -1;

	if (text != NULL && (text[0] < '0' || text[0] > '9' || *end != '\0' || n > 1023))
		return wrong(r, "%s", _("--clave-fd lleva el número de un descriptor abierto."));
	r->v->clave_fd = (int)n;
	return OK;
}

static enum err check_call(struct reader *r)
{
	struct verb_call *v = r->v;
	const struct verb_row *row = verb_find(v->verb);
	bool asks = v->opt[OPTION_ayuda] != NULL || v->opt[OPTION_version] != NULL;

	if (v->verb != NULL && row == NULL)
		return wrong(r, _("No existe el comando %s; consulta buzon-tui --ayuda."), v->verb);
	enum err e = check_options(r, row);

	if (e != OK || asks)
		return e;
	if (row != NULL && (v->args_count < row->least || v->args_count > row->most))
		return wrong(r, _("Se escribe así: buzon-tui %s."),
			arena_printf(v->arena, "%s%s%s", row->name, row->args[0] != '\0' ? " " : "",
				row->args));
	e = check_lineas(r);
	return e == OK ? check_fd(r) : e;
}

enum err verbs_read(
	struct arena *a, int argc, char **argv, struct verb_call *ret, const char **ret_message)
{
	struct verb_call v = {.arena = a, .clave_fd = -1};
	struct reader r = {&v, argv, argc, 0, ret_message};

	v.args = arena_array(a, (size_t)argc + 1, sizeof(*v.args));
	if (v.args == NULL)
		return ERR_NO_MEMORY;
	enum err e = take_all(&r);

	if (v.opt[OPTION_help] != NULL)
		v.opt[OPTION_ayuda] = "";
	if (e == OK)
		e = check_call(&r);
	if (e == OK)
		*ret = v;
	return e;
}

static void help_option(const struct option_row *o)
{
	char name[64];

	if (o->what == NULL)
		return;
	if (o->letter != '\0')
		snprintf(name, sizeof(name), "-%c, --%s%s%s", o->letter, o->name,
			o->value != NULL ? " " : "", o->value != NULL ? o->value : "");
	else
		snprintf(name, sizeof(name), "    --%s%s%s", o->name, o->value != NULL ? " " : "",
			o->value != NULL ? o->value : "");
	printf("  %-26s %s\n", name, texto(o->what));
}

/* What does not fit beside its arguments goes below them. */
static void help_verb(const struct verb_row *row)
{
	if (strlen(row->args) > 8)
		printf("  %-15s %s\n%27s%s\n", row->name, row->args, "", texto(row->what));
	else
		printf("  %-15s %-8s %s\n", row->name, row->args, texto(row->what));
}

void verbs_help(const char *verb)
{
	const struct verb_row *row = verb_find(verb);
	uint64_t shown = GLOBAL | (row != NULL ? row->options : OF_SCREEN);

	if (row != NULL) {
		printf(_("Uso: buzon-tui %s [opciones]%s%s\n\n"), row->name,
			row->args[0] != '\0' ? " " : "", row->args);
		printf("%s.\n", texto(row->what));
	} else {
		printf("%s", _("Uso: buzon-tui [opciones]            la pantalla\n"
			       "     buzon-tui COMANDO [opciones]    el mismo acto, como "
			       "comando\n"));
		printf("\n%s\n", _("Comandos:"));
		for (size_t i = 0; i < COUNT_OF(verbs); i++)
			help_verb(&verbs[i]);
	}
	printf("\n%s\n", _("Opciones:"));
	for (unsigned o = 0; o < OPTION_COUNT; o++)
		if ((shown & UINT64_C(1) << o) != 0)
			help_option(&options[o]);
}

enum err verbs_run(struct verb_call *v)
{
	const struct verb_row *row = verb_find(v->verb);

	return row != NULL ? row->run(v) : ERR_USAGE;
}

enum err verbs_config(struct verb_call *v, struct config_app *ret)
{
	const char *path = v->opt[OPTION_config];

	if (path == NULL)
		path = config_app_path(v->arena);
	else if (!file_exists(path)) {
		v->detail = path;
		return ERR_NO_FILE;
	}
	if (path == NULL)
		return ERR_NO_MEMORY;
	return config_app_read(v->arena, path, ret, &v->detail);
}
