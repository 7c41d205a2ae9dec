#include "core/config.h"

#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include "base/file.h"
#include "base/ini.h"
#include "core/store/store.h"
#include "crypto/rfc.h"

#define FILE_LIMIT (256 * 1024)
/* What an acuse carries (messages.def). */
#define DIRECCION_BYTES 200
/* What fits into a socket's address. */
#define SOCKET_BYTES (sizeof(((struct sockaddr_un *)NULL)->sun_path) - 1)

enum kind { KIND_TEXT, KIND_PATH, KIND_LIST, KIND_NUMBER, KIND_FLAG };
enum need { NEED, MAY, USUAL };

struct row {
	const char *section;
	const char *key;
	enum kind kind;
	enum need need;
	size_t offset;
	size_t count_offset; /* of a list */
	size_t size;	     /* of a number's member */
	long standard;
	long min;
	long max;
};

#define MEMBER(m) offsetof(struct config, m)
#define BYTES_OF(m) sizeof(((const struct config *)NULL)->m)

static const struct row rows[] = {
#define SECTION(name, what)
#define TEXT(m, s, k, n, example, what) {#s, #k, KIND_TEXT, n, MEMBER(m), 0, 0, 0, 0, 0},
#define PATH(m, s, k, n, example, what) {#s, #k, KIND_PATH, n, MEMBER(m), 0, 0, 0, 0, 0},
#define LIST(m, s, k, n, example, what)                                                            \
	{#s, #k, KIND_LIST, n, MEMBER(m), MEMBER(m##_count), 0, 0, 0, 0},
#define NUMBER(m, s, k, standard, min, max, what)                                                  \
	{#s, #k, KIND_NUMBER, MAY, MEMBER(m), 0, BYTES_OF(m), standard, min, max},
#define FLAG(m, s, k, what) {#s, #k, KIND_FLAG, MAY, MEMBER(m), 0, 0, 0, 0, 0},
#include "core/config.def"
#undef SECTION
#undef TEXT
#undef PATH
#undef LIST
#undef NUMBER
#undef FLAG
};

static const char *const sections[] = {
#define SECTION(name, what) #name,
#define TEXT(m, s, k, n, example, what)
#define PATH(m, s, k, n, example, what)
#define LIST(m, s, k, n, example, what)
#define NUMBER(m, s, k, standard, min, max, what)
#define FLAG(m, s, k, what)
#include "core/config.def"
#undef SECTION
#undef TEXT
#undef PATH
#undef LIST
#undef NUMBER
#undef FLAG
};

/* What stands before an example's line: an optional one is commented out. */
#define BEFORE_NEED ""
#define BEFORE_MAY "#"
#define BEFORE_USUAL ""

/* One text, longer than what the standard promises and both compilers have. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Woverlength-strings"
static const char example[] =
	"# Configuración de buzond. Las rutas relativas parten de la carpeta de este archivo.\n"
#define SECTION(name, what) "\n# " what "\n[" #name "]\n"
#define TEXT(m, s, k, n, value, what) "# " what ".\n" BEFORE_##n #k " = " value "\n"
#define PATH(m, s, k, n, value, what) "# " what ".\n" BEFORE_##n #k " = " value "\n"
#define LIST(m, s, k, n, value, what) "# " what ".\n" BEFORE_##n #k " = " value "\n"
#define NUMBER(m, s, k, standard, min, max, what)                                                  \
	"# " what " (" #min " a " #max ").\n" #k " = " #standard "\n"
#define FLAG(m, s, k, what) "# " what " (si o no).\n" #k " = no\n"
#include "core/config.def"
#undef SECTION
#undef TEXT
#undef PATH
#undef LIST
#undef NUMBER
#undef FLAG
	"\n# Servidores públicos que firman actos (Lineamientos 7.1): una sección por RFC\n"
	"[funcionario XAXX010101000]\nnombre = NOMBRE COMPLETO\ncargo = Titular de la "
	"Subdelegación\n"
	"subdelegacion = Subdelegación Ejemplo\n"
	"# Tipos de acto que puede emitir (R-7.1 R-7.2 ..., o todos) y qué puede hacer: emitir\n"
	"# retirar estrados personal publicar, o todos. Lo que no está en la lista se rechaza.\n"
	"tipos = R-7.1 R-7.2\n"
	"actos = emitir retirar\n";

#pragma GCC diagnostic pop

const char *config_example(void)
{
	return example;
}

/* ---- reading ---- */

struct reading {
	struct arena *arena;
	struct config *config;
	const char *folder; /* of the file, with its slash; "" for the current one */
	size_t room;	    /* for public servants */
	bool seals;	    /* for buzond sellar */
	bool seen[COUNT_OF(rows)];
};

static void *member_at(const struct reading *r, size_t offset)
{
	return (char *)r->config + offset;
}

static const char *path_of(const struct reading *r, const char *value)
{
	return value[0] == '/' ? arena_strdup(r->arena, value)
			       : arena_printf(r->arena, "%s%s", r->folder, value);
}

static enum err split(
	const struct reading *r, const char *value, const char ***ret_list, size_t *ret_count)
{
	char *words = arena_strdup(r->arena, value);
	const char **list = arena_array(r->arena, strlen(value) / 2 + 1, sizeof(*list));
	size_t n = 0;
	char *rest = NULL;

	if (words == NULL || list == NULL)
		return ERR_NO_MEMORY;
	for (char *w = strtok_r(words, " ,\t", &rest); w != NULL; w = strtok_r(NULL, " ,\t", &rest))
		list[n++] = w;
	*ret_list = list;
	*ret_count = n;
	return OK;
}

static enum err take_list(const struct reading *r, const struct row *row, const char *value)
{
	return split(r, value, member_at(r, row->offset), member_at(r, row->count_offset));
}

static void put_number(const struct reading *r, const struct row *row, long value)
{
	void *to = member_at(r, row->offset);

	if (row->size == sizeof(unsigned short))
		*(unsigned short *)to = (unsigned short)value;
	else
		*(unsigned *)to = (unsigned)value;
}

static enum err take_number(
	const struct reading *r, const struct row *row, const char *value, const char **ret_allowed)
{
	char *end = NULL;
	long n = strtol(value, &end, 10);

	if (end == value || *end != '\0' || n < row->min || n > row->max) {
		const char *text = arena_printf(
			r->arena, "%s admite un entero de %ld a %ld", row->key, row->min, row->max);

		*ret_allowed = text != NULL ? text : "se admite un entero menor";
		return ERR_CONFIG;
	}
	put_number(r, row, n);
	return OK;
}

static enum err take_value(
	const struct reading *r, const struct row *row, const char *value, const char **ret_allowed)
{
	const char *text;

	switch (row->kind) {
	case KIND_LIST:
		return take_list(r, row, value);
	case KIND_NUMBER:
		return take_number(r, row, value, ret_allowed);
	case KIND_FLAG:
		*ret_allowed = "se admite si o no";
		if (strcmp(value, "si") != 0 && strcmp(value, "no") != 0)
			return ERR_CONFIG;
		*(bool *)member_at(r, row->offset) = value[0] == 's';
		return OK;
	default:
		text = row->kind == KIND_PATH ? path_of(r, value) : arena_strdup(r->arena, value);
		if (text == NULL)
			return ERR_NO_MEMORY;
		*(const char **)member_at(r, row->offset) = text;
		return OK;
	}
}

/* "se admite: a, b, c", of the keys of one section. */
static const char *allowed_keys(struct arena *a, const char *section)
{
	const char *text = "se admite";

	for (size_t i = 0; i < COUNT_OF(rows) && text != NULL; i++)
		if (strcmp(rows[i].section, section) == 0)
			text = arena_printf(
				a, "%s%s %s", text, text[9] == '\0' ? ":" : ",", rows[i].key);
	return text != NULL ? text : "";
}

static enum err begin_funcionario(struct reading *r, const char *name, const char **ret_allowed)
{
	struct config *c = r->config;
	const char *rfc = NULL;

	*ret_allowed = "se espera [funcionario RFC], con el RFC de una persona física";
	if (rfc_normalize(r->arena, name, &rfc) != OK || rfc_kind(rfc) != RFC_FISICA)
		return ERR_CONFIG;
	*ret_allowed = "ese funcionario ya está más arriba";
	if (config_funcionario(c, rfc) != NULL)
		return ERR_CONFIG;
	if (c->funcionarios_count == r->room) {
		size_t room = r->room != 0 ? r->room * 2 : 8;
		struct funcionario *more = arena_array(r->arena, room, sizeof(*more));

		if (more == NULL)
			return ERR_NO_MEMORY;
		if (c->funcionarios_count != 0)
			memcpy(more, c->funcionarios, c->funcionarios_count * sizeof(*more));
		c->funcionarios = more;
		r->room = room;
	}
	c->funcionarios[c->funcionarios_count++] =
		(struct funcionario){.rfc = rfc, .nombre = "", .cargo = "", .subdelegacion = ""};
	return OK;
}

#define TODOS "todos"

static unsigned facultad_of(const char *word)
{
	static const char *const words[FACULTADES] = {
#define FACULTAD(id, word) [FACULTAD_##id] = word,
#include "core/facultades.def"
#undef FACULTAD
	};

	for (unsigned i = 0; i < FACULTADES; i++)
		if (strcmp(words[i], word) == 0)
			return 1U << i;
	return strcmp(word, TODOS) == 0 ? FACULTADES_TODAS : 0;
}

static enum err take_actos(
	const struct reading *r, struct funcionario *f, const char *value, const char **ret_allowed)
{
	const char **words;
	size_t count;
	enum err e = split(r, value, &words, &count);

	*ret_allowed = "actos admite: emitir, retirar, estrados, personal, publicar, o todos";
	f->actos = 0;
	for (size_t i = 0; e == OK && i < count; i++) {
		unsigned bits = facultad_of(words[i]);

		f->actos |= bits;
		e = bits != 0 ? OK : ERR_CONFIG;
	}
	return e;
}

/* A clave of the catalogue, whatever an operator has published. */
static bool clave_shaped(const char *word)
{
	size_t size = strlen(word);

	return size > 2 && size <= 16 && strncmp(word, "R-", 2) == 0 &&
	       strspn(word + 2, "0123456789.") == size - 2;
}

static enum err take_tipos(
	const struct reading *r, struct funcionario *f, const char *value, const char **ret_allowed)
{
	enum err e = split(r, value, &f->tipos, &f->tipos_count);

	*ret_allowed = "tipos admite claves del catálogo, como R-7.1, o todos";
	f->todo_tipo = false;
	for (size_t i = 0; e == OK && i < f->tipos_count; i++) {
		bool all = strcmp(f->tipos[i], TODOS) == 0;

		f->todo_tipo = f->todo_tipo || all;
		e = all || clave_shaped(f->tipos[i]) ? OK : ERR_CONFIG;
	}
	return e;
}

static enum err take_funcionario(
	struct reading *r, const struct ini_line *line, const char **ret_allowed)
{
	struct funcionario *f = &r->config->funcionarios[r->config->funcionarios_count - 1];
	const char *text = arena_strdup(r->arena, line->value);

	if (text == NULL)
		return ERR_NO_MEMORY;
	if (strcmp(line->key, "actos") == 0)
		return take_actos(r, f, text, ret_allowed);
	if (strcmp(line->key, "tipos") == 0)
		return take_tipos(r, f, text, ret_allowed);
	*ret_allowed = "se admite: nombre, cargo, subdelegacion, tipos, actos";
	if (strcmp(line->key, "nombre") == 0)
		f->nombre = text;
	else if (strcmp(line->key, "cargo") == 0)
		f->cargo = text;
	else if (strcmp(line->key, "subdelegacion") == 0)
		f->subdelegacion = text;
	else
		return ERR_CONFIG;
	return OK;
}

static enum err begin_section(
	struct reading *r, const struct ini_line *line, const char **ret_allowed)
{
	const char *text = "se admiten las secciones";

	if (strcmp(line->section, "funcionario") == 0)
		return begin_funcionario(r, line->name, ret_allowed);
	*ret_allowed = "el calendario ya no va aquí: quita [calendario] y publícalo con buzond "
		       "calendario";
	if (strcmp(line->section, "calendario") == 0)
		return ERR_CONFIG;
	for (size_t i = 0; i < COUNT_OF(sections); i++)
		if (strcmp(line->section, sections[i]) == 0 && *line->name == '\0')
			return OK;
	for (size_t i = 0; i < COUNT_OF(sections) && text != NULL; i++)
		text = arena_printf(r->arena, "%s [%s]", text, sections[i]);
	if (text != NULL)
		text = arena_printf(r->arena, "%s [funcionario RFC]", text);
	*ret_allowed = text != NULL ? text : "";
	return ERR_CONFIG;
}

static enum err take_line(void *ctx, const struct ini_line *line, const char **ret_allowed)
{
	struct reading *r = ctx;

	if (line->key == NULL)
		return begin_section(r, line, ret_allowed);
	if (strcmp(line->section, "funcionario") == 0)
		return take_funcionario(r, line, ret_allowed);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		if (strcmp(rows[i].section, line->section) != 0 ||
			strcmp(rows[i].key, line->key) != 0)
			continue;
		*ret_allowed = "esa clave ya está más arriba";
		if (r->seen[i])
			return ERR_CONFIG;
		r->seen[i] = *line->value != '\0';
		return r->seen[i] ? take_value(r, &rows[i], line->value, ret_allowed) : OK;
	}
	*ret_allowed = *line->section == '\0' ? "se espera una [sección] antes"
					      : allowed_keys(r->arena, line->section);
	return ERR_CONFIG;
}

/* ---- the whole ---- */

static const char *missing_row(const struct reading *r)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (rows[i].need == NEED && !r->seen[i] &&
			(!r->seals || strcmp(rows[i].section, "sello") == 0))
			return arena_printf(
				r->arena, "falta %s en [%s]", rows[i].key, rows[i].section);
	return "";
}

static const char *missing_sello(const struct reading *r)
{
	const struct config *c = r->config;

	if (c->sello_llave == NULL && (r->seals || c->sello_socket == NULL))
		return r->seals ? "falta llave en [sello]"
				: "falta llave en [sello], o socket si sella buzond sellar";
	if (r->seals && c->sello_socket == NULL)
		return "falta socket en [sello]: dónde escucha buzond sellar";
	if (c->sello_socket != NULL && strlen(c->sello_socket) > SOCKET_BYTES)
		return arena_printf(r->arena,
			"en [sello], socket admite una ruta de hasta %zu bytes", SOCKET_BYTES);
	return "";
}

static const char *missing_servidor(const struct reading *r)
{
	const struct config *c = r->config;

	if ((c->archivo == NULL) == (c->almacen == NULL))
		return "en [almacen] va archivo (SQLite) o almacen (postgresql://), uno de los dos";
	if (c->almacen != NULL && !store_shared(c->almacen))
		return "almacen empieza con postgresql://; un archivo de SQLite va en archivo";
	if ((c->tls_certificado == NULL) != (c->tls_llave == NULL))
		return "tls_certificado y tls_llave van juntas, o ninguna";
	if (strncmp(c->direccion, "https://", 8) != 0 && strncmp(c->direccion, "http://", 7) != 0)
		return "direccion empieza con https:// (o http:// en pruebas)";
	if (c->direccion[strlen(c->direccion) - 1] == '/')
		return "direccion va sin diagonal al final";
	if (strlen(c->direccion) > DIRECCION_BYTES)
		return "direccion admite hasta 200 bytes";
	for (size_t i = 0; i < c->funcionarios_count; i++)
		if (*c->funcionarios[i].nombre == '\0' || *c->funcionarios[i].cargo == '\0')
			return arena_printf(r->arena, "faltan nombre o cargo en [funcionario %s]",
				c->funcionarios[i].rfc);
	return "";
}

static bool good_reminders(const struct config *c)
{
	if (c->recordatorios_count == 1 && strcmp(c->recordatorios[0], "no") == 0)
		return true;
	for (size_t i = 0; i < c->recordatorios_count; i++) {
		const char *day = c->recordatorios[i];

		if (day[0] < '1' || day[0] > '3' || day[1] != '\0')
			return false;
	}
	return true;
}

static const char *missing_avisos(const struct reading *r)
{
	return good_reminders(r->config) ? ""
					 : "en [avisos], recordatorios admite días de 1 a 3, o no";
}

static const char *missing(const struct reading *r)
{
	const char *wrong = missing_row(r);

	if (wrong != NULL && *wrong == '\0')
		wrong = missing_sello(r);
	if (wrong != NULL && *wrong == '\0' && !r->seals)
		wrong = missing_servidor(r);
	if (wrong != NULL && *wrong == '\0')
		wrong = missing_avisos(r);
	return wrong;
}

static void standards(const struct reading *r)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (rows[i].kind == KIND_NUMBER)
			put_number(r, &rows[i], rows[i].standard);
	r->config->escucha = "127.0.0.1";
}

static const char *folder_of(struct arena *a, const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? arena_printf(a, "%.*s", (int)(slash - path + 1), path) : "";
}

/* Where messages are left that no carrier takes: beside the store, else beside the file. */
static bool standard_folders(const struct reading *r)
{
	struct config *c = r->config;
	const char *beside = c->archivo != NULL ? folder_of(r->arena, c->archivo) : r->folder;

	if (beside == NULL)
		return false;
	if (c->correo_carpeta == NULL)
		c->correo_carpeta = arena_printf(r->arena, "%scorreo", beside);
	if (c->sms_carpeta == NULL)
		c->sms_carpeta = arena_printf(r->arena, "%ssms", beside);
	return c->correo_carpeta != NULL && c->sms_carpeta != NULL;
}

static enum err read_for(
	struct arena *a, const char *path, bool seals, struct config *ret, const char **ret_message)
{
	struct config c = {0};
	struct reading r = {.arena = a, .config = &c, .folder = folder_of(a, path), .seals = seals};
	struct bytes text;
	enum err e = file_read(a, path, FILE_LIMIT, &text);

	if (r.folder == NULL || e == ERR_NO_MEMORY)
		return ERR_NO_MEMORY;
	if (e != OK) {
		*ret_message = arena_printf(a,
			"No se pudo leer la configuración %s; indícala con --config o créala con "
			"buzond config --ejemplo.",
			path);
		return *ret_message != NULL ? ERR_CONFIG : ERR_NO_MEMORY;
	}
	standards(&r);
	e = ini_parse(a, path, text, take_line, &r, ret_message);
	if (e != OK)
		return e;
	const char *wrong = missing(&r);

	if (wrong == NULL || *wrong != '\0') {
		*ret_message =
			wrong != NULL ? arena_printf(a, "%s: %s; consulta buzond config --ejemplo.",
						path, wrong)
				      : NULL;
		return *ret_message != NULL ? ERR_CONFIG : ERR_NO_MEMORY;
	}
	if (c.almacen == NULL)
		c.almacen = c.archivo;
	if (!standard_folders(&r))
		return ERR_NO_MEMORY;
	*ret = c;
	return OK;
}

enum err config_read(
	struct arena *a, const char *path, struct config *ret, const char **ret_message)
{
	return read_for(a, path, false, ret, ret_message);
}

enum err config_read_sello(
	struct arena *a, const char *path, struct config *ret, const char **ret_message)
{
	return read_for(a, path, true, ret, ret_message);
}

const struct funcionario *config_funcionario(const struct config *c, const char *rfc)
{
	for (size_t i = 0; i < c->funcionarios_count; i++)
		if (strcmp(c->funcionarios[i].rfc, rfc) == 0)
			return &c->funcionarios[i];
	return NULL;
}

bool config_faculta(const struct funcionario *f, enum facultad que)
{
	return f != NULL && (f->actos & 1U << que) != 0;
}

bool config_faculta_tipo(const struct funcionario *f, const char *tipo)
{
	for (size_t i = 0; f != NULL && !f->todo_tipo && i < f->tipos_count; i++)
		if (strcmp(f->tipos[i], tipo) == 0)
			return true;
	return f != NULL && f->todo_tipo;
}
