#include "app/publicados.h"

#include <stdio.h>
#include "app/consulta.h"
#include "app/descarga.h"
#include "base/file.h"
#include "base/texto.h"
#include "net/json_line.h"

#define ROW_BYTES ((size_t)512 << 10)

/* ---- the list ---- */

static enum err print_json(struct arena *a, const struct publicacion *row)
{
	struct json_line j;

	json_line_begin(&j, a);
	json_line_message(&j, &message_publicacion, &row->m);
	json_line_bool(&j, "leida", row->leida);
	return json_line_end(&j, stdout);
}

static void print_columns(struct arena *a, const char *publicada, const char *leida,
	const char *folio, const char *titulo)
{
	printf("%s  %s  %s  %s\n", sesion_cell(a, publicada, 11), sesion_cell(a, leida, 5),
		sesion_cell(a, folio, 21), sesion_clean(a, titulo));
}

static enum err print_row(struct arena *a, const struct publicacion *row)
{
	const char *dia =
		fecha_text(a, zona_civil(zona_centro(), row->m.publicada).dia, FECHA_LISTA);

	if (dia == NULL)
		return ERR_NO_MEMORY;
	print_columns(a, dia, row->leida ? "" : _("nuevo"), row->m.folio, row->m.titulo);
	return OK;
}

static enum err list(struct verb_call *v, struct cartelera *c)
{
	bool json = v->opt[OPTION_json] != NULL;
	size_t count = cartelera_count(c);
	enum err e = c->err;

	if (e == OK && count == 0)
		fprintf(stderr, "%s\n",
			c->clase == CARTELERA_DOCUMENTOS ? _("No hay documentos publicados.")
							 : _("No hay comunicados."));
	if (e == OK && count != 0 && !json)
		print_columns(v->arena, _("Publicado"), "", _("Folio"), _("Título"));
	for (size_t i = 0; e == OK && i < count; i++) {
		ARENA(a, ROW_BYTES);
		struct publicacion row;

		e = cartelera_at(c, &a, i, &row);
		if (e == OK)
			e = json ? print_json(&a, &row) : print_row(&a, &row);
	}
	return e;
}

/* ---- one of them ---- */

static void print_text(struct arena *a, const struct m_publicacion *m)
{
	const char *when = hora_text(a, zona_centro(), m->publicada, HORA_DIA);

	printf("%s\n%s · %s%s%s · %s\n", sesion_clean(a, m->titulo), sesion_clean(a, m->tipo),
		when != NULL ? when : "", m->funcionario != NULL ? " · " : "",
		sesion_clean(a, m->funcionario), m->folio);
	if (m->texto != NULL)
		printf("\n%s\n", sesion_clean(a, m->texto));
	if (m->sha256 == NULL)
		return;
	putchar('\n');
	printf(_("Archivo: PDF de %lld KB, SHA-256 %s\n"), (long long)((m->bytes + 1023) / 1024),
		m->sha256);
}

/* What is kept was proved when it came. */
static enum err file_kept(struct consulta *c, const char *folio, struct bytes *ret)
{
	struct m_documento head;

	return local_documento(c->keep.reader, c->v->arena, folio, &head, ret);
}

static enum err file_fetched(struct consulta *c, const char *folio, struct bytes *ret)
{
	struct descarga d = {0};
	struct acuse_proof proof;

	if (c->sesion.client == NULL || c->linea != OK)
		return c->linea != OK ? c->linea : ERR_NETWORK;
	enum err e = descarga_traer(&c->sesion, c->v->arena, folio, &d);

	if (e == OK)
		e = descarga_comprobar(&c->sesion, &d, true, &proof);
	if (e != OK)
		return e;
	*ret = bytes_of(d.data, (size_t)d.size);
	/* Where it can't be kept it is fetched again. */
	(void)!local_take_documento(c->keep.writer, &d.first, *ret);
	return OK;
}

static enum err save_file(struct consulta *c, const char *folio, const char *to)
{
	struct bytes whole = {0};
	enum err e = file_kept(c, folio, &whole);

	if (e == ERR_NOT_FOUND)
		e = file_fetched(c, folio, &whole);
	if (e != OK)
		return e;
	if (strcmp(to, "-") == 0)
		return fwrite(whole.data, 1, whole.size, stdout) == whole.size ? OK : ERR_IO;
	c->v->detail = to;
	e = file_write(to, whole, 0600);
	if (e == OK)
		fprintf(stderr, _("Guardado en %s (%lld bytes)\n"), to, (long long)whole.size);
	if (e == OK)
		c->v->detail = NULL;
	return e;
}

static enum err show(struct consulta *c, struct cartelera *list, const char *folio)
{
	struct verb_call *v = c->v;
	const char *to = v->opt[OPTION_salida];
	struct publicacion row;
	enum err e = cartelera_find(list, v->arena, folio, &row);

	if (e == OK && cartelera_clase(row.m.clase) != list->clase)
		e = ERR_NOT_FOUND;
	if (e != OK) {
		v->detail = folio;
		return e;
	}
	if (to != NULL && row.m.sha256 == NULL) {
		v->detail = _("no tiene archivo");
		return ERR_NOT_FOUND;
	}
	if (to == NULL && list->clase == CARTELERA_DOCUMENTOS && row.m.sha256 != NULL)
		to = arena_printf(v->arena, "%s.pdf", row.m.folio);
	row.leida = true;
	if (local_take_leida(c->keep.writer, folio, true) != OK)
		row.leida = false;
	/* Standard output is the file's, where it was asked for there. */
	if (to == NULL || strcmp(to, "-") != 0) {
		if (v->opt[OPTION_json] != NULL)
			e = print_json(v->arena, &row);
		else
			print_text(v->arena, &row.m);
	}
	return e == OK && to != NULL ? save_file(c, folio, to) : e;
}

enum err publicados_run(struct verb_call *v, enum cartelera_clase clase)
{
	CONSULTA(c);
	const struct perfil *p = NULL;
	enum err e = sesion_perfil(v, &p);

	/* A folio with a slash would choose its own folder. */
	if (e == OK && v->args_count != 0 && strchr(v->args[0], '/') != NULL)
		e = ERR_NOT_FOUND;
	if (e == OK)
		e = consulta_open(v, p, &c);
	if (e != OK)
		return e;
	if (c.linea != OK)
		fprintf(stderr, _("%s\nLo que sigue es lo guardado en este equipo.\n"),
			err_sentence(c.linea));
	if (!model_habilitado(&c.model))
		return c.linea != OK ? c.linea : ERR_NOT_ENABLED;
	struct cartelera *all = clase == CARTELERA_DOCUMENTOS ? &c.model.documentos_publicados
							      : &c.model.comunicados;

	if (model_nivel(&c.model, clase == CARTELERA_DOCUMENTOS ? AMBITO_DOCUMENTOS
								: AMBITO_COMUNICADOS) < NIVEL_LEER)
		return ERR_NO_SCOPE;
	return v->args_count != 0 ? show(&c, all, v->args[0]) : list(v, all);
}
