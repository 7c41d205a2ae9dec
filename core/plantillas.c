#include "core/plantillas.h"

#include <string.h>
#include "base/buf.h"
#include "base/file.h"
#include "base/utf8.h"
#include "core/plantillas_propias.h"

#define FILE_LIMIT 65536
/* The fixed part of an SMS: what is put in must find room, too. */
#define SMS_BYTES 160
#define NAME_BYTES 32
#define ASUNTO "Asunto: "
/* There by themselves. */
#define ALWAYS "prueba buzon"

static const struct {
	const char *nombre;
	bool sms;
	const char *asunto;
	const char *valores;
} filas[PLANTILLAS] = {
#define CORREO false
#define SMS true
#define PLANTILLA(name, how, subject, values, ...) {#name, how, subject, values},
#include "core/plantillas.def"
#undef PLANTILLA
#undef CORREO
#undef SMS
};

enum plantilla plantilla_find(const char *nombre)
{
	for (int i = 0; i < PLANTILLAS; i++)
		if (strcmp(filas[i].nombre, nombre) == 0)
			return (enum plantilla)i;
	return PLANTILLAS;
}

/* ---- values in a text ---- */

/* "{name}" at `at`: its name and bytes; 0: none. */
static size_t value_at(const char *at, char ret_name[NAME_BYTES])
{
	size_t n = *at == '{' ? strspn(at + 1, "abcdefghijklmnopqrstuvwxyz_0123456789") : 0;

	if (n == 0 || n >= NAME_BYTES || at[n + 1] != '}')
		return 0;
	memcpy(ret_name, at + 1, n);
	ret_name[n] = '\0';
	return n + 2;
}

static const char *value_of(const struct m_dato *datos, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(datos[i].etiqueta, name) == 0)
			return datos[i].valor;
	return "";
}

static void put_escaped(struct buf *b, const char *text)
{
	for (; *text != '\0'; text++)
		switch (*text) {
		case '<':
			buf_text(b, "&lt;");
			break;
		case '>':
			buf_text(b, "&gt;");
			break;
		case '&':
			buf_text(b, "&amp;");
			break;
		case '"':
			buf_text(b, "&quot;");
			break;
		default:
			buf_char(b, *text);
		}
}

struct filling {
	enum plantilla_forma forma;
	const struct m_dato *datos;
	size_t count;
};

static bool has_all(const struct filling *f, const char *line, size_t size)
{
	char name[NAME_BYTES];

	for (size_t at = 0; at < size; at++)
		if (value_at(line + at, name) != 0 && *value_of(f->datos, f->count, name) == '\0')
			return false;
	return true;
}

static void put_line(const struct filling *f, struct buf *b, const char *line, size_t size)
{
	char name[NAME_BYTES];

	for (size_t at = 0; at < size;) {
		size_t n = value_at(line + at, name);

		if (n == 0) {
			buf_char(b, line[at++]);
			continue;
		}
		const char *value = value_of(f->datos, f->count, name);

		if (f->forma == PLANTILLA_HTML)
			put_escaped(b, value);
		else
			buf_text(b, value);
		at += n;
	}
}

const char *plantilla_llenar(struct arena *a, const char *texto, enum plantilla_forma forma,
	const struct m_dato *datos, size_t count)
{
	const struct filling f = {forma, datos, count};
	struct buf b;

	buf_init(&b, a);
	buf_text(&b, "");
	while (*texto != '\0') {
		size_t size = strcspn(texto, "\n");
		bool ended = texto[size] == '\n';

		if (has_all(&f, texto, size)) {
			put_line(&f, &b, texto, size);
			if (ended)
				buf_char(&b, '\n');
		}
		texto += size + ended;
	}
	return buf_end_text(&b);
}

/* ---- checking ---- */

static bool is_word_of(const char *list, const char *name)
{
	size_t n = strlen(name);

	for (const char *at = list; (at = strstr(at, name)) != NULL; at += n)
		if ((at == list || at[-1] == ' ') && (at[n] == ' ' || at[n] == '\0'))
			return true;
	return false;
}

/* NULL: it is good; else what is wrong with it, in `a`. */
static const char *wrong_with(struct arena *a, enum plantilla p, const char *texto)
{
	unsigned line = 1;
	char name[NAME_BYTES];

	if (!utf8_valid(texto, strlen(texto)))
		return "no es texto en UTF-8";
	if (filas[p].sms && strlen(texto) > SMS_BYTES)
		return "es más largo que un SMS (160 bytes)";
	for (const char *at = texto; *at != '\0'; at++) {
		line += *at == '\n';
		if (*at != '{')
			continue;
		if (value_at(at, name) == 0)
			return arena_printf(a,
				"en el renglón %u hay una { sin {nombre}; se admite: %s " ALWAYS,
				line, filas[p].valores);
		if (!is_word_of(filas[p].valores, name) && !is_word_of(ALWAYS, name))
			return arena_printf(a,
				"en el renglón %u no se conoce {%s}; se admite: %s " ALWAYS, line,
				name, filas[p].valores);
	}
	return NULL;
}

struct reading {
	struct arena *arena;
	const char *folder;
	const char *message;
};

/* The operator's file in its place, where there is one. */
static enum err replace(struct reading *r, enum plantilla p, const char *ending, const char **text)
{
	struct bytes file;
	char *path = arena_printf(r->arena, "%s/%s.%s", r->folder, filas[p].nombre, ending);

	if (path == NULL)
		return ERR_NO_MEMORY;
	if (!file_exists(path))
		return OK;
	enum err e = file_read(r->arena, path, FILE_LIMIT, &file);

	if (e == ERR_NO_MEMORY)
		return e;
	const char *wrong = e != OK ? "no se puede leer, o pasa de 64 KiB"
			    : memchr(file.data, '\0', file.size) != NULL
				    ? "no es texto"
				    : wrong_with(r->arena, p, (const char *)file.data);

	if (wrong == NULL) {
		*text = (const char *)file.data;
		return OK;
	}
	r->message = arena_printf(
		r->arena, "%s: %s; corrígelo, o bórralo y se usará el incluido.", path, wrong);
	return r->message != NULL ? ERR_CONFIG : ERR_NO_MEMORY;
}

/* "Asunto: ..." on the first line, and the rest behind it. */
static enum err take_subject(struct arena *a, struct plantilla_textos *t)
{
	if (strncmp(t->texto, ASUNTO, strlen(ASUNTO)) != 0)
		return OK;
	const char *from = t->texto + strlen(ASUNTO);
	size_t size = strcspn(from, "\r\n");
	char *asunto = arena_printf(a, "%.*s", (int)size, from);

	if (asunto == NULL)
		return ERR_NO_MEMORY;
	t->asunto = asunto;
	t->texto = from + size + strspn(from + size, "\r\n");
	return OK;
}

static enum err read_one(struct reading *r, enum plantilla p, struct plantilla_textos *ret)
{
	bool sms = filas[p].sms;
	enum err e = OK;

	*ret = (struct plantilla_textos){.nombre = filas[p].nombre,
		.sms = sms,
		.asunto = filas[p].asunto,
		.texto = plantillas_propias[p].texto,
		.html = plantillas_propias[p].html};
	if (r->folder != NULL)
		e = replace(r, p, sms ? "sms" : "txt", &ret->texto);
	if (e == OK && r->folder != NULL && !sms)
		e = replace(r, p, "html", &ret->html);
	return e == OK && !sms ? take_subject(r->arena, ret) : e;
}

enum err plantillas_read(
	struct arena *a, const char *folder, struct plantillas *ret, const char **ret_message)
{
	struct reading r = {.arena = a, .folder = folder};
	enum err e = OK;

	for (int i = 0; e == OK && i < PLANTILLAS; i++)
		e = read_one(&r, (enum plantilla)i, &ret->de[i]);
	if (e == ERR_CONFIG)
		*ret_message = r.message;
	return e;
}
