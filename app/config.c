#include "app/config.h"

#include <stdlib.h>
#include "app/folders.h"
#include "net/request.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/ini.h"
#include "base/texto.h"
#include "base/utf8.h"
#include "crypto/rfc.h"

#define FILE_MOST (256 * 1024)
#define PERFILES_MOST 500
#define WORDS_MOST 32
#define SECOND_MS INT64_C(1000)
#define MINUTE_MS (60 * SECOND_MS)
#define BLOQUEO_MS (15 * MINUTE_MS)
#define BLOQUEO_MOST (720 * MINUTE_MS)

struct reading {
	struct arena *arena;
	const char *folder; /* relative paths begin here */
	struct config_app *config;
	struct perfil *perfil; /* NULL: not in a profile's section */
	bool general;
	bool teclas;
	int line[ACTION_COUNT]; /* where an action's keys were set */
};

typedef enum err (*setter)(struct reading *r, const char *value, const char **ret_allowed);

static enum err refuse(const char **ret_allowed, const char *allowed)
{
	*ret_allowed = allowed;
	return ERR_CONFIG;
}

static enum err set_rfc(struct reading *r, const char *value, const char **ret_allowed)
{
	if (rfc_normalize(r->arena, value, &r->perfil->rfc) != OK)
		return refuse(
			ret_allowed, _("rfc lleva 12 caracteres (persona moral) o 13 (física)"));
	return OK;
}

static enum err set_calidad(struct reading *r, const char *value, const char **ret_allowed)
{
	if (route_who_of(value) == 0)
		return refuse(ret_allowed, _("calidad admite: propio, representante, funcionario"));
	r->perfil->calidad = arena_strdup(r->arena, value);
	return r->perfil->calidad != NULL ? OK : ERR_NO_MEMORY;
}

static enum err set_path(
	struct reading *r, const char *value, const char **to, const char **ret_allowed)
{
	if (value[0] == '\0')
		return refuse(ret_allowed, _("aquí va una ruta: /una/ruta, ~/una/ruta, o desde la "
					     "carpeta de este archivo"));
	*to = folders_expand(r->arena, r->folder, value);
	return *to != NULL ? OK : ERR_NO_MEMORY;
}

static enum err set_certificado(struct reading *r, const char *value, const char **ret_allowed)
{
	return set_path(r, value, &r->perfil->certificado, ret_allowed);
}

static enum err set_llave(struct reading *r, const char *value, const char **ret_allowed)
{
	return set_path(r, value, &r->perfil->llave, ret_allowed);
}

static enum err set_ca(struct reading *r, const char *value, const char **ret_allowed)
{
	return set_path(r, value, &r->perfil->ca, ret_allowed);
}

static enum err set_confianza(struct reading *r, const char *value, const char **ret_allowed)
{
	return set_path(r, value, &r->perfil->confianza, ret_allowed);
}

static enum err set_servidor(struct reading *r, const char *value, const char **ret_allowed)
{
	enum err e = request_server(r->arena, value, &r->perfil->servidor, NULL);

	if (e == ERR_BAD_FIELD)
		return refuse(ret_allowed, _("servidor es https://equipo o https://equipo:puerto "
					     "(http:// sólo hacia 127.0.0.1, [::1] o localhost)"));
	return e;
}

/* One word in place: blanks end it, "..." and '...' keep them. NULL: a quote is left open. */
static char *take_word(char *from, char **ret_rest)
{
	char *to = from;
	char quote = '\0';

	for (; *from != '\0' && (quote != '\0' || (*from != ' ' && *from != '\t')); from++) {
		if (quote != '\0' ? *from == quote : *from == '"' || *from == '\'')
			quote = quote != '\0' ? '\0' : *from;
		else
			*to++ = *from;
	}
	if (quote != '\0')
		return NULL;
	*ret_rest = *from != '\0' ? from + 1 : from;
	*to = '\0';
	return to;
}

static enum err set_clave_comando(struct reading *r, const char *value, const char **ret_allowed)
{
	char *text = arena_strdup(r->arena, value);
	const char **words = arena_array(r->arena, WORDS_MOST + 1, sizeof(*words));
	size_t n = 0;

	if (text == NULL || words == NULL)
		return ERR_NO_MEMORY;
	for (text += strspn(text, " \t"); *text != '\0'; text += strspn(text, " \t")) {
		if (n == WORDS_MOST)
			return refuse(ret_allowed, _("clave_comando admite hasta 32 palabras"));
		words[n++] = text;
		if (take_word(text, &text) == NULL)
			return refuse(ret_allowed, _("en clave_comando falta cerrar una comilla"));
	}
	if (n == 0)
		return refuse(ret_allowed,
			_("clave_comando es un programa y sus palabras: pass show sat"));
	r->perfil->clave_comando = words;
	return OK;
}

static enum err set_bloqueo(struct reading *r, const char *value, const char **ret_allowed)
{
	char *unit = NULL;
	long n = strtol(value, &unit, 10);
	bool seconds = strcmp(unit + strspn(unit, " \t"), "s") == 0;
	bool minutes = unit[0] == '\0' || strcmp(unit + strspn(unit, " \t"), "min") == 0;
	int64_t ms = n < 1 || n > BLOQUEO_MOST ? 0 : n * (seconds ? SECOND_MS : MINUTE_MS);

	if (value[0] < '0' || value[0] > '9' || (!seconds && !minutes) || ms < 1 ||
		ms > BLOQUEO_MOST)
		return refuse(ret_allowed,
			_("bloqueo lleva minutos, de 1 a 720 (15), o segundos con su unidad (90 s)"));
	r->config->bloqueo_ms = ms;
	return OK;
}

static enum err set_tema(struct reading *r, const char *value, const char **ret_allowed)
{
	if (strcmp(value, "auto") != 0 && strcmp(value, "mono") != 0)
		return refuse(ret_allowed, _("tema admite: auto (colores donde la terminal los "
					     "tiene), mono (sin colores)"));
	r->config->mono = strcmp(value, "mono") == 0;
	return OK;
}

static enum err set_modo(struct reading *r, const char *value, const char **ret_allowed)
{
	if (strcmp(value, "auto") != 0 && strcmp(value, "llano") != 0)
		return refuse(
			ret_allowed, _("modo admite: auto (la pantalla donde la terminal puede), "
				       "llano (en líneas, como --llano)"));
	r->config->llano = strcmp(value, "llano") == 0;
	return OK;
}

static enum err set_llavero(struct reading *r, const char *value, const char **ret_allowed)
{
	if (strcmp(value, "si") != 0 && strcmp(value, "no") != 0)
		return refuse(ret_allowed, _("llavero admite: si, no"));
	r->perfil->llavero = value[0] == 's';
	return OK;
}

static const struct setting {
	const char *key;
	setter set;
	bool general;
} settings[] = {
	{"rfc", set_rfc, false},
	{"calidad", set_calidad, false},
	{"certificado", set_certificado, false},
	{"llave", set_llave, false},
	{"clave_comando", set_clave_comando, false},
	{"llavero", set_llavero, false},
	{"servidor", set_servidor, false},
	{"ca", set_ca, false},
	{"confianza", set_confianza, false},
	{"bloqueo", set_bloqueo, true},
	{"tema", set_tema, true},
	{"modo", set_modo, true},
};

#define ALLOWED_PERFIL                                                                             \
	N_("en [perfil ...] se admite: rfc, calidad, certificado, llave, clave_comando, llavero, " \
	   "servidor, ca, confianza")
#define ALLOWED_GENERAL N_("en [general] se admite: bloqueo, tema, modo")
#define ALLOWED_SECTIONS N_("las secciones son [general], [teclas] y [perfil nombre]")

/* A profile's name is a folder's name too. */
static bool name_allowed(const char *name)
{
	size_t n = strlen(name);

	return n != 0 && n <= 64 && name[0] != '.' && strpbrk(name, "/\\\"'") == NULL;
}

static const char *missing_key(const struct perfil *p)
{
	if (p->rfc == NULL)
		return "rfc";
	if (p->certificado == NULL)
		return "certificado";
	if (p->llave == NULL)
		return "llave";
	return p->servidor == NULL ? "servidor" : NULL;
}

/* The profile that ends here is whole. */
static enum err end_perfil(struct reading *r, const char **ret_allowed)
{
	const char *key = r->perfil != NULL ? missing_key(r->perfil) : NULL;

	if (key == NULL)
		return OK;
	const char *text = arena_printf(r->arena,
		_("antes de aquí, a [perfil %s] le falta %s; son obligatorios rfc, certificado, "
		  "llave "
		  "y servidor"),
		r->perfil->nombre, key);

	return text != NULL ? refuse(ret_allowed, text) : ERR_NO_MEMORY;
}

static enum err begin_perfil(struct reading *r, const char *name, const char **ret_allowed)
{
	struct config_app *c = r->config;

	if (!name_allowed(name))
		return refuse(ret_allowed,
			_("el perfil lleva un nombre: [perfil ana], sin / ni comillas"));
	for (size_t i = 0; i < c->perfiles_count; i++)
		if (strcmp(c->perfiles[i].nombre, name) == 0)
			return refuse(
				ret_allowed, _("ese perfil ya está más arriba; usa otro nombre"));
	if (c->perfiles_count == PERFILES_MOST)
		return refuse(ret_allowed, _("se admiten hasta 500 perfiles"));
	r->perfil = &c->perfiles[c->perfiles_count++];
	r->perfil->calidad = "propio";
	r->perfil->nombre = arena_strdup(r->arena, name);
	return r->perfil->nombre != NULL ? OK : ERR_NO_MEMORY;
}

static enum err begin_section(
	struct reading *r, const struct ini_line *line, const char **ret_allowed)
{
	enum err e = end_perfil(r, ret_allowed);

	r->perfil = NULL;
	r->general = strcmp(line->section, "general") == 0 && line->name[0] == '\0';
	r->teclas = strcmp(line->section, "teclas") == 0 && line->name[0] == '\0';
	if (e != OK || r->general || r->teclas)
		return e;
	if (strcmp(line->section, "perfil") != 0)
		return refuse(ret_allowed, texto(ALLOWED_SECTIONS));
	return begin_perfil(r, line->name, ret_allowed);
}

/* A sentence of screens/teclas, kept. */
static enum err refuse_keys(struct reading *r, const char *say, const char **ret_allowed)
{
	const char *text = arena_strdup(r->arena, say);

	return text != NULL ? refuse(ret_allowed, text) : ERR_NO_MEMORY;
}

static enum err no_command(struct reading *r, const char **ret_allowed)
{
	struct buf text;

	buf_init(&text, r->arena);
	buf_text(&text, _("en [teclas] va comando = teclas; los comandos son: "));
	for (unsigned a = 0; a < ACTION_COUNT; a++)
		if (action_row((enum action)a)->where != 0)
			buf_printf(&text, "%s%s", a != 0 ? ", " : "",
				action_row((enum action)a)->command);
	const char *allowed = buf_end_text(&text);

	return allowed != NULL ? refuse(ret_allowed, allowed) : ERR_NO_MEMORY;
}

static enum err take_keys(struct reading *r, const struct ini_line *line, const char **ret_allowed)
{
	enum action a = teclas_command(line->key);
	char say[TECLAS_SAY];

	if (a == ACTION_COUNT)
		return no_command(r, ret_allowed);
	if (!teclas_set(&r->config->teclas, a, line->value, say))
		return refuse_keys(r, say, ret_allowed);
	r->line[a] = line->number;
	return OK;
}

static enum err take_line(void *ctx, const struct ini_line *line, const char **ret_allowed)
{
	struct reading *r = ctx;

	*ret_allowed = _("no hay memoria suficiente");
	if (line->key == NULL)
		return begin_section(r, line, ret_allowed);
	if (r->teclas)
		return take_keys(r, line, ret_allowed);
	if (r->perfil == NULL && !r->general)
		return refuse(ret_allowed,
			_("antes va una sección: las secciones son [general], [teclas] y [perfil nombre]"));
	for (size_t i = 0; i < COUNT_OF(settings); i++)
		if (settings[i].general == r->general && strcmp(settings[i].key, line->key) == 0)
			return settings[i].set(r, line->value, ret_allowed);
	return refuse(ret_allowed, texto(r->general ? ALLOWED_GENERAL : ALLOWED_PERFIL));
}

static const char *folder_of(struct arena *a, const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? "." : arena_printf(a, "%.*s", (int)(slash - path), path);
}

static enum err parse(
	struct reading *r, const char *path, struct bytes text, const char **ret_message)
{
	const char *allowed = NULL;
	char say[TECLAS_SAY];
	enum action at_fault;
	enum err e = ini_parse(r->arena, path, text, take_line, r, ret_message);

	if (e == OK && teclas_clash(&r->config->teclas, &at_fault, say)) {
		*ret_message = arena_printf(
			r->arena, _("%s, línea %d: %s."), path, r->line[at_fault], say);
		return *ret_message != NULL ? ERR_CONFIG : ERR_NO_MEMORY;
	}
	if (e == OK)
		e = end_perfil(r, &allowed);
	if (e != OK && allowed != NULL) {
		*ret_message = arena_printf(r->arena, _("%s, al final: %s."), path, allowed);
		return *ret_message != NULL ? e : ERR_NO_MEMORY;
	}
	return e;
}

enum err config_app_read(
	struct arena *a, const char *path, struct config_app *ret, const char **ret_message)
{
	struct config_app config = {.path = arena_strdup(a, path), .bloqueo_ms = BLOQUEO_MS};
	struct reading r = {.arena = a, .config = &config};
	struct bytes text;
	enum err e = config.path != NULL ? file_read(a, path, FILE_MOST, &text) : ERR_NO_MEMORY;

	if (e == ERR_NO_FILE && !file_exists(path)) {
		*ret = config;
		return OK;
	}
	if (e == ERR_NO_MEMORY)
		return e;
	if (e != OK) {
		*ret_message = arena_printf(a,
			_("%s no se puede leer; revisa sus permisos y que pese "
			  "menos de 256 KiB."),
			path);
		return *ret_message != NULL ? ERR_CONFIG : ERR_NO_MEMORY;
	}
	r.folder = folder_of(a, path);
	config.perfiles = arena_array(a, PERFILES_MOST, sizeof(*config.perfiles));
	if (r.folder == NULL || config.perfiles == NULL)
		return ERR_NO_MEMORY;
	e = parse(&r, path, text, ret_message);
	if (e == OK)
		*ret = config;
	return e;
}

const char *config_app_path(struct arena *a)
{
	const char *folder = folders_config(a);

	return folder != NULL ? arena_printf(a, "%s/config.ini", folder) : NULL;
}

enum err config_app_perfil(const struct config_app *c, const char *name, const struct perfil **ret)
{
	for (size_t i = 0; i < c->perfiles_count; i++)
		if (name == NULL || strcmp(c->perfiles[i].nombre, name) == 0) {
			*ret = &c->perfiles[i];
			return OK;
		}
	return ERR_NO_PROFILE;
}

const char *config_app_example(void)
{
	return "# Configuración de buzon-tui: guárdala en ~/.config/buzon-tui/config.ini\n"
	       "# Las líneas que empiezan con # o ; son comentarios.\n"
	       "\n"
	       "[general]\n"
	       "# Minutos sin uso tras los que se olvida la e.firma (de 1 a 720; en segundos: 90 s).\n"
	       "bloqueo = 15\n"
	       "# auto: colores donde la terminal los tiene; mono: sin colores, como con NO_COLOR.\n"
	       "tema = auto\n"
	       "# auto: la pantalla; llano: en líneas y preguntas, como con --llano.\n"
	       "modo = auto\n"
	       "\n"
	       "# Otras teclas: comando = teclas, separadas por espacios; la primera es la que se\n"
	       "# muestra. Los comandos y sus teclas están en la ayuda (?) y en buzon-tui(1).\n"
	       "; [teclas]\n"
	       "; abrir = Enter o\n"
	       "; sincronizar = F5 r\n"
	       "\n"
	       "# Un perfil por RFC; el primero es el que se usa si no se dice --perfil.\n"
	       "[perfil ana]\n"
	       "# El RFC a nombre de quien se actúa (titular).\n"
	       "rfc = XAXX010101000\n"
	       "# propio (el RFC es el de la e.firma), representante o funcionario.\n"
	       "calidad = propio\n"
	       "# La e.firma; las rutas pueden empezar con ~/ o ser relativas a esta carpeta.\n"
	       "certificado = ~/efirma/ana.cer\n"
	       "llave = ~/efirma/ana.key\n"
	       "# Programa que escribe la contraseña de la llave; sin él, se pregunta cada vez.\n"
	       "# Recibe la terminal. No pasa por un shell; \"comillas\" para los espacios.\n"
	       "; clave_comando = pass show sat/ana\n"
	       "# si: la contraseña se toma del llavero del escritorio, donde se guarda con\n"
	       "# buzon-tui llavero guardar. Si no se puede, se pregunta.\n"
	       "; llavero = si\n"
	       "# El servidor del Buzón: https://equipo[:puerto].\n"
	       "servidor = https://buzon.ejemplo.mx\n"
	       "# Autoridad (PEM) del servidor; sin ella, las del sistema.\n"
	       "; ca = ~/.config/buzon-tui/ca.pem\n"
	       "# Carpeta de confianza (raices, emisores, sellos) con la que se comprueban "
	       "acuses;\n"
	       "# sin ella no se puede firmar, pues el acuse no podría comprobarse.\n"
	       "confianza = ~/.config/buzon-tui/confianza\n";
}
