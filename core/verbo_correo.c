/*
 * `buzond correo`: the mail and SMS that this server left in its own folders, for whoever has no
 * carrier (the demo), and what still waits to be handed over.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "base/file.h"
#include "base/utf8.h"
#include "core/mime_lee.h"
#include "core/verbos.h"
#include "ley/zona.h"
#include "net/json_line.h"

#define FILE_LIMIT (1024 * 1024)
/* The newest of each folder. */
#define SHOWN 200
#define FOLDERS 3

struct pieza {
	const char *via;
	const char *id;
	int64_t fecha; /* ms UTC */
	const char *para;
	const char *asunto; /* of an SMS, its text */
	const char *texto;
};

struct lista {
	struct verbo *v;
	struct pieza piezas[FOLDERS * SHOWN];
	size_t count;
};

static const char *clean(struct verbo *v, const char *text)
{
	const char *to = text != NULL ? utf8_clean(v->arena, text) : "";

	return to != NULL ? to : "";
}

/* Line by line: its ends are kept. */
static const char *clean_lines(struct verbo *v, const char *text)
{
	struct buf b;

	buf_init(&b, v->arena);
	buf_text(&b, "");
	while (*text != '\0') {
		size_t n = strcspn(text, "\n");
		char *line = arena_printf(v->arena, "%.*s", (int)n, text);

		buf_text(&b, clean(v, line));
		buf_char(&b, '\n');
		text += n + (text[n] == '\n');
	}
	const char *all = buf_end_text(&b);

	return all != NULL ? all : "";
}

/* ---- reading ---- */

/* The first part that is plain text, else the message itself. */
static struct mime_parte plain_part(struct arena *a, const struct mime_parte *whole)
{
	struct mime_parte part;

	for (size_t i = 0; mime_hija(a, whole, i, &part); i++)
		if (mime_es(a, &part, "text/plain"))
			return part;
	return *whole;
}

static const char *between(struct verbo *v, const char *text, char open, char close)
{
	const char *from = text != NULL ? strchr(text, open) : NULL;

	return from != NULL ? arena_printf(v->arena, "%.*s",
				      (int)strcspn(from + 1, (char[]){close, '\0'}), from + 1)
			    : text;
}

static enum err read_mail(struct verbo *v, const char *name, struct bytes file, struct pieza *ret)
{
	struct mime_parte whole = mime_lee(file);
	struct mime_parte plain = plain_part(v->arena, &whole);
	const char *asunto = mime_campo(v->arena, whole.head, "Subject");
	const char *id = between(v, mime_campo(v->arena, whole.head, "Message-ID"), '<', '@');
	struct bytes text;
	enum err e = mime_cuerpo(v->arena, &plain, &text);

	if (e != OK)
		return e;
	*ret = (struct pieza){.via = "correo",
		.id = clean(v, id),
		.fecha = strtoll(name, NULL, 10) * 1000,
		.para = clean(v, between(v, mime_campo(v->arena, whole.head, "To"), '<', '>')),
		.asunto = asunto != NULL ? mime_palabras(v->arena, asunto) : "",
		.texto = clean_lines(v, (const char *)text.data)};
	return ret->asunto != NULL ? OK : ERR_NO_MEMORY;
}

static enum err read_sms(struct verbo *v, const char *name, struct bytes file, struct pieza *ret)
{
	struct mime_parte whole = mime_lee(file);
	const char *text = clean_lines(v, (const char *)whole.body.data);
	char *line = arena_strdup(v->arena, text);

	if (line == NULL)
		return ERR_NO_MEMORY;
	for (char *c = line; *c != '\0'; c++)
		if (*c == '\n')
			*c = c[1] != '\0' ? ' ' : '\0';
	*ret = (struct pieza){.via = "sms",
		.id = clean(v, mime_campo(v->arena, whole.head, "ID")),
		.fecha = strtoll(name, NULL, 10),
		.para = clean(v, mime_campo(v->arena, whole.head, "Para")),
		.asunto = line,
		.texto = text};
	return OK;
}

static enum err read_folder(struct lista *l, const char *folder, const char *ending,
	enum err (*read)(struct verbo *v, const char *name, struct bytes file, struct pieza *ret))
{
	struct verbo *v = l->v;
	char **names = NULL;
	size_t count = 0;
	enum err e = file_list(v->arena, folder, ending, &names, &count);

	/* Nothing was sent yet. */
	if (e == ERR_NO_FILE)
		return OK;
	for (size_t i = count > SHOWN ? count - SHOWN : 0; e == OK && i < count; i++) {
		char *path = arena_printf(v->arena, "%s/%s", folder, names[i]);
		struct bytes file;

		e = path != NULL ? file_read(v->arena, path, FILE_LIMIT, &file) : ERR_NO_MEMORY;
		if (e == OK)
			e = read(v, names[i], file, &l->piezas[l->count]);
		if (e == OK)
			l->count++;
		else if (e != ERR_NO_MEMORY) /* gone meanwhile, or nothing of ours */
			e = OK;
	}
	return e;
}

static int by_date(const void *a, const void *b)
{
	const struct pieza *one = a;
	const struct pieza *two = b;

	return (one->fecha > two->fecha) - (one->fecha < two->fecha);
}

static enum err read_all(struct lista *l, const struct config *c)
{
	char *fresh = arena_printf(l->v->arena, "%s/new", c->correo_carpeta);
	char *seen = arena_printf(l->v->arena, "%s/cur", c->correo_carpeta);
	enum err e =
		fresh != NULL && seen != NULL ? read_folder(l, seen, "", read_mail) : ERR_NO_MEMORY;

	if (e == OK)
		e = read_folder(l, fresh, "", read_mail);
	if (e == OK)
		e = read_folder(l, c->sms_carpeta, ".txt", read_sms);
	if (e == OK)
		qsort(l->piezas, l->count, sizeof(l->piezas[0]), by_date);
	return e;
}

/* ---- showing ---- */

static const char *when(struct verbo *v, int64_t instant)
{
	const char *text = hora_text(v->arena, zona_centro(), instant, HORA_DIA);

	return text != NULL ? text : "?";
}

static void put_piece(struct json_line *j, const struct pieza *p, bool whole)
{
	json_line_text(j, "via", p->via);
	json_line_text(j, "id", p->id);
	json_line_int(j, "fecha", p->fecha);
	json_line_text(j, "para", p->para);
	json_line_text(j, "asunto", p->asunto);
	if (whole)
		json_line_text(j, "texto", p->texto);
}

static enum err show_list(const struct lista *l, bool json)
{
	struct verbo *v = l->v;
	struct json_line j;

	if (json) {
		json_line_begin(&j, v->arena);
		json_line_list(&j, "mensajes");
		for (size_t i = 0; i < l->count; i++) {
			json_line_object(&j);
			put_piece(&j, &l->piezas[i], false);
			json_line_object_end(&j);
		}
		json_line_list_end(&j);
		return json_line_end(&j, v->out);
	}
	if (l->count == 0)
		fputs("No hay correo ni SMS en las carpetas de este servidor.\n", v->out);
	for (size_t i = 0; i < l->count; i++) {
		const struct pieza *p = &l->piezas[i];

		fprintf(v->out, "%.8s  %s  %-6s  %s\n          %s\n", p->id, when(v, p->fecha),
			p->via, p->para, p->asunto);
	}
	if (l->count != 0)
		fputs("\nbuzond correo --de ID muestra uno entero.\n", v->out);
	return OK;
}

static enum err show_one(const struct lista *l, const char *id, bool json)
{
	struct verbo *v = l->v;
	const struct pieza *p = NULL;

	for (size_t i = 0; i < l->count; i++)
		if (*id != '\0' && strncmp(l->piezas[i].id, id, strlen(id)) == 0)
			p = &l->piezas[i];
	if (p == NULL)
		return verbo_fallo(
			v, ERR_NOT_FOUND, "No hay un mensaje con ese ID; consulta buzond correo.");
	if (json) {
		struct json_line j;

		json_line_begin(&j, v->arena);
		put_piece(&j, p, true);
		return json_line_end(&j, v->out);
	}
	fprintf(v->out, "Para:   %s\nFecha:  %s\n", p->para, when(v, p->fecha));
	if (strcmp(p->via, "correo") == 0)
		fprintf(v->out, "Asunto: %s\n", p->asunto);
	fprintf(v->out, "\n%s", p->texto);
	return OK;
}

/* ---- what waits ---- */

static enum err show_pending_json(
	struct verbo *v, const struct out_envios_pendientes *rows, size_t count)
{
	struct json_line j;

	json_line_begin(&j, v->arena);
	json_line_list(&j, "pendientes");
	for (size_t i = 0; i < count; i++) {
		json_line_object(&j);
		json_line_text(&j, "via", rows[i].via);
		json_line_text(&j, "id", rows[i].id);
		json_line_int(&j, "fecha", rows[i].creado);
		json_line_text(&j, "para", rows[i].destino);
		json_line_text(&j, "plantilla", rows[i].plantilla);
		json_line_text(&j, "detalle", rows[i].detalle);
		json_line_object_end(&j);
	}
	json_line_list_end(&j);
	return json_line_end(&j, v->out);
}

static enum err show_pending(struct verbo *v, const struct config *c, bool json)
{
	AUTO(store) s = NULL;
	struct in_envios_pendientes all = {0};
	struct out_envios_pendientes *rows;
	size_t count = 0;
	enum err e = verbo_almacen(v, c, &s);

	if (e == OK)
		e = q_envios_pendientes_all(s, &all, SHOWN, v->arena, &rows, &count);
	if (e != OK || json)
		return e != OK ? e : show_pending_json(v, rows, count);
	if (count == 0)
		fputs("No hay mensajes por entregar.\n", v->out);
	for (size_t i = 0; i < count; i++)
		fprintf(v->out, "%s  %-6s  %s  %s%s%s\n", when(v, rows[i].creado), rows[i].via,
			clean(v, rows[i].destino), rows[i].plantilla,
			rows[i].detalle != NULL ? "  " : "", clean(v, rows[i].detalle));
	return OK;
}

enum err verbo_correo(struct verbo *v, const struct args_correo *args)
{
	struct lista *l = arena_zalloc(v->arena, sizeof(*l));
	struct config c;
	enum err e = l != NULL ? verbo_configuracion(v, args->config, &c) : ERR_NO_MEMORY;

	if (e == OK && args->pendientes && args->de != NULL)
		e = verbo_fallo(
			v, ERR_USAGE, "--de y --pendientes no van juntas; quita una de las dos.");
	if (e != OK || args->pendientes)
		return e != OK ? e : show_pending(v, &c, args->json);
	l->v = v;
	e = read_all(l, &c);
	if (e != OK)
		return e;
	return args->de != NULL ? show_one(l, args->de, args->json) : show_list(l, args->json);
}
