#include "core/verbos.h"

#include <stdarg.h>
#include <string.h>
#include "base/utf8.h"
#include "ley/zona.h"

#define STANDARD_CONFIG "/etc/buzond.conf"
/* A document of 10 MB, its copies on the way to the store, and the rest. */
#define VERB_ARENA (64 * 1024 * 1024)

#define OPTION_BYTES 64

enum need { NEED, MAY };

struct option {
	const char *name;  /* as the struct's member: its _ are written - */
	const char *value; /* what to call it in the help; NULL: a flag */
	enum need need;
	size_t offset;
	const char *what;
};

struct verb {
	const char *name;
	const char *what;
	const struct option *options;
	size_t count;
	enum err (*run)(struct verbo *v, const void *args);
};

#define VERBO(v, what) static const struct option options_##v[] = {
#define OPCION(v, m, value, need, what) {#m, value, need, offsetof(struct args_##v, m), what},
#define BANDERA(v, m, what) {#m, NULL, MAY, offsetof(struct args_##v, m), what},
#define END(v)                                                                                     \
	}                                                                                          \
	;
#include "core/verbos.def"
#undef VERBO
#undef OPCION
#undef BANDERA
#undef END

union any_args {
#define VERBO(v, what) struct args_##v v;
#define OPCION(v, m, value, need, what)
#define BANDERA(v, m, what)
#define END(v)
#include "core/verbos.def"
#undef VERBO
};

#define VERBO(v, what)                                                                             \
	static enum err run_##v(struct verbo *verb, const void *args)                              \
	{                                                                                          \
		return verbo_##v(verb, args);                                                      \
	}
#include "core/verbos.def"
#undef VERBO

static const struct verb verbs[] = {
#define VERBO(v, what) {#v, what, options_##v, COUNT_OF(options_##v), run_##v},
#include "core/verbos.def"
#undef VERBO
#undef OPCION
#undef BANDERA
#undef END
};

/* ---- help ---- */

/* A name of the table as it is typed. */
static void typed(const char *name, char ret_text[OPTION_BYTES])
{
	snprintf(ret_text, OPTION_BYTES, "%s", name);
	for (char *c = ret_text; *c != '\0'; c++)
		if (*c == '_')
			*c = '-';
}

/* "--plazo-dias N" */
static void written(const struct option *o, char ret_text[OPTION_BYTES])
{
	char name[OPTION_BYTES];

	typed(o->name, name);
	if (snprintf(ret_text, OPTION_BYTES, "--%s%s%s", name, o->value != NULL ? " " : "",
		    o->value != NULL ? o->value : "") < 0)
		*ret_text = '\0';
}

static void print_option(FILE *out, const struct option *o)
{
	char text[OPTION_BYTES];

	written(o, text);
	fprintf(out, "      %-30s %s%s\n", text, o->what, o->need == NEED ? " (obligatoria)" : "");
}

static void print_verb(FILE *out, const struct verb *verb)
{
	char name[OPTION_BYTES];

	typed(verb->name, name);
	fprintf(out, "  buzond %s\n      %s.\n", name, verb->what);
	for (size_t i = 0; i < verb->count; i++)
		print_option(out, &verb->options[i]);
}

static void print_help(FILE *out)
{
	fputs("buzond: servidor del Buzón IMSS\n\n", out);
	for (size_t i = 0; i < COUNT_OF(verbs); i++)
		print_verb(out, &verbs[i]);
	fputs("  buzond --ayuda | --version\n", out);
}

/* ---- reading the line ---- */

/* Does `--given` (up to `size`) name that option? */
static bool names(const char *given, size_t size, const char *name)
{
	if (strlen(name) != size)
		return false;
	for (size_t i = 0; i < size; i++)
		if (given[i] != (name[i] == '_' ? '-' : name[i]))
			return false;
	return true;
}

static const struct option *find_option(const struct verb *verb, const char *given, size_t size)
{
	for (size_t i = 0; i < verb->count; i++)
		if (names(given, size, verb->options[i].name))
			return &verb->options[i];
	return NULL;
}

/* One argument, or two; *at moves past what was taken. */
static enum err take(
	struct verbo *v, const struct verb *verb, int argc, char *const *argv, int *at, char *args)
{
	const char *given = argv[(*at)++];
	const char *equal = strchr(given, '=');
	size_t size = equal != NULL ? (size_t)(equal - given) : strlen(given);
	const struct option *o =
		strncmp(given, "--", 2) == 0 ? find_option(verb, given + 2, size - 2) : NULL;

	if (o == NULL || (o->value == NULL && equal != NULL))
		return verbo_fallo(v, ERR_USAGE,
			"buzond %s no admite «%s»; consulta buzond %s --ayuda.", verb->name, given,
			verb->name);
	if (o->value == NULL) {
		*(bool *)(void *)(args + o->offset) = true;
		return OK;
	}
	const char **to = (const char **)(void *)(args + o->offset);

	if (*to != NULL)
		return verbo_fallo(
			v, ERR_USAGE, "%.*s está dos veces; déjala una.", (int)size, given);
	if (equal == NULL && *at == argc)
		return verbo_fallo(v, ERR_USAGE, "A %s le falta su valor (%s).", given, o->value);
	*to = equal != NULL ? equal + 1 : argv[(*at)++];
	return OK;
}

static enum err missing(struct verbo *v, const struct verb *verb, const struct option *o)
{
	char name[OPTION_BYTES];
	char verb_name[OPTION_BYTES];

	written(o, name);
	typed(verb->name, verb_name);
	return verbo_fallo(v, ERR_USAGE, "Falta %s; consulta buzond %s --ayuda.", name, verb_name);
}

static enum err read_args(
	struct verbo *v, const struct verb *verb, int argc, char *const *argv, char *args)
{
	enum err e = OK;

	for (int at = 2; e == OK && at < argc;)
		e = take(v, verb, argc, argv, &at, args);
	for (size_t i = 0; e == OK && i < verb->count; i++) {
		const struct option *o = &verb->options[i];

		if (o->need == NEED && *(const char **)(void *)(args + o->offset) == NULL)
			e = missing(v, verb, o);
	}
	return e;
}

static enum err run(struct verbo *v, const struct verb *verb, int argc, char *const *argv)
{
	union any_args args;

	memset(&args, 0, sizeof(args));
	for (int i = 2; i < argc; i++)
		if (strcmp(argv[i], "--ayuda") == 0) {
			print_verb(v->out, verb);
			return OK;
		}
	enum err e = read_args(v, verb, argc, argv, (char *)&args);

	return e == OK ? verb->run(v, &args) : e;
}

static enum err dispatch(struct verbo *v, int argc, char *const *argv)
{
	const char *name = argc > 1 ? argv[1] : "";

	if (strcmp(name, "--ayuda") == 0 || strcmp(name, "--help") == 0 ||
		strcmp(name, "-h") == 0) {
		print_help(v->out);
		return OK;
	}
	if (strcmp(name, "--version") == 0) {
		fprintf(v->out, "buzond %s\n", BUZON_VERSION);
		return OK;
	}
	for (size_t i = 0; i < COUNT_OF(verbs); i++)
		if (names(name, strlen(name), verbs[i].name))
			return run(v, &verbs[i], argc, argv);
	return verbo_fallo(v, ERR_USAGE, "%s%s%s consulta buzond --ayuda.",
		*name == '\0' ? "Falta el comando;" : "buzond no conoce «", name,
		*name == '\0' ? "" : "»;");
}

int verbos_run(int argc, char *const *argv, int64_t now, FILE *out, FILE *err)
{
	ARENA(a, VERB_ARENA);
	struct verbo v = {.arena = &a, .now = now, .out = out, .err = err};
	enum err e = dispatch(&v, argc, argv);

	if (e == OK && fflush(out) != 0)
		e = ERR_IO;
	if (e != OK)
		fprintf(err, "%s\n", v.mensaje != NULL ? v.mensaje : err_sentence(e));
	return err_exit(e);
}

/* ---- what verbs share ---- */

enum err verbo_fallo(struct verbo *v, enum err e, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	v->mensaje = arena_vprintf(v->arena, format, args);
	va_end(args);
	return e;
}

enum err verbo_configuracion(struct verbo *v, const char *path, struct config *ret)
{
	return config_read(v->arena, path != NULL ? path : STANDARD_CONFIG, ret, &v->mensaje);
}

enum err verbo_configuracion_sello(struct verbo *v, const char *path, struct config *ret)
{
	return config_read_sello(v->arena, path != NULL ? path : STANDARD_CONFIG, ret, &v->mensaje);
}

static enum err look_for(struct verbo *v, const char *place, enum store_age *ret)
{
	enum err e = store_age(place, DB_READ, ret);

	if (e == ERR_NO_FILE)
		return verbo_fallo(v, e,
			"No existe el almacén %s; revisa archivo en [almacen] de la configuración.",
			place);
	if (e == ERR_STORE && store_shared(place))
		return verbo_fallo(v, e,
			"No se pudo leer el almacén; revisa que PostgreSQL atienda y que almacen "
			"en [almacen] sea correcto.");
	if (e == ERR_STORE)
		return verbo_fallo(v, ERR_NOT_A_STORE,
			"%s no es un almacén de buzond o está dañado; revisa archivo en [almacen], "
			"o restaura un respaldo con buzond restaurar.",
			place);
	return e;
}

enum err verbo_almacen(struct verbo *v, const struct config *c, struct store **ret)
{
	enum store_age age = STORE_EMPTY;
	enum err e = look_for(v, c->almacen, &age);

	if (e != OK)
		return e;
	if (age == STORE_EMPTY)
		return verbo_fallo(v, ERR_NOT_A_STORE,
			"El almacén está vacío; arranca buzond servir una vez para que lo prepare.");
	if (age != STORE_GOOD)
		return age == STORE_OLD ? ERR_STORE_OLD : ERR_STORE_NEWER;
	return store_open(c->almacen, DB_READ, ret);
}

const char *verbo_instante(struct verbo *v, int64_t instant)
{
	return hora_text(v->arena, zona_centro(), instant, HORA_ACUSE);
}

static bool has_control(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			return true;
	return false;
}

enum err verbo_texto(struct verbo *v, const char *option, const char *text, size_t max)
{
	if (text == NULL)
		return OK;
	if (*text == '\0' || strlen(text) > max || !utf8_valid(text, strlen(text)) ||
		has_control(text))
		return verbo_fallo(v, ERR_BAD_FIELD,
			"%s admite texto en UTF-8 de 1 a %zu bytes, sin caracteres de control.",
			option, max);
	return OK;
}
