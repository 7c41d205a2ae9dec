/*
 * `buzond publicar`: a comunicado or a document for one, for a list, or for everybody (Lineamientos
 * 8; R-5), signed by a public servant, over the wire.
 */
#include <string.h>
#include <strings.h>
#include "base/csv.h"
#include "base/file.h"
#include "core/verbo_firma.h"
#include "crypto/rfc.h"
#include "ley/documento.h"
#include "ley/rp.h"

#define RECIPIENTS 500
#define TEXT_BYTES 8000

AUTO_TYPE(stream, FILE, (void)fclose);

struct work {
	struct verbo *v;
	const struct args_publicar *args;
	struct m_publicar m;
};

static enum err add(struct work *w, const char *rfc, const char *rp, int linea)
{
	struct m_publicar *m = &w->m;
	struct m_destinatario to = {0};
	enum err e = rfc_normalize(w->v->arena, rfc, &to.rfc);

	if (e == OK && rp != NULL && *rp != '\0')
		e = rp_normalize(w->v->arena, rp, &to.rp);
	if (e == ERR_BAD_RFC || e == ERR_BAD_FIELD)
		return linea != 0 ? verbo_fallo(w->v, ERR_BAD_FIELD,
					    "Lista, renglón %d: «%s» no es un RFC, o no lo es su "
					    "registro patronal.",
					    linea, rfc)
				  : verbo_fallo(w->v, ERR_BAD_FIELD,
					    "«%s» no es un RFC, o no lo es su registro patronal.",
					    rfc);
	if (e == OK && m->para_count == RECIPIENTS)
		return verbo_fallo(w->v, ERR_BAD_FIELD,
			"Se admiten hasta %d; publica en varias veces, o para todos.", RECIPIENTS);
	if (e == OK)
		m->para[m->para_count++] = to;
	return e;
}

static enum err read_para(struct work *w)
{
	char *words = arena_strdup(w->v->arena, w->args->para);
	char *rest = NULL;
	enum err e = words != NULL ? OK : ERR_NO_MEMORY;

	for (char *word = e == OK ? strtok_r(words, ", ", &rest) : NULL; e == OK && word != NULL;
		word = strtok_r(NULL, ", ", &rest)) {
		char *rp = strchr(word, ':');

		if (rp != NULL)
			*rp++ = '\0';
		e = add(w, word, rp, 0);
	}
	return e;
}

/* RFC, or RFC and RP; a header that says so is left out. */
static enum err read_list(struct work *w)
{
	ARENA(row, 256 * 1024);
	AUTO(stream) in = fopen(w->args->lista, "re");
	struct csv csv = {.in = in, .separator = ',', .line = 1};
	struct csv_record r = {0};
	enum err e = OK;

	if (in == NULL)
		return verbo_fallo(
			w->v, ERR_NO_FILE, "No se encontró %s; revisa --lista.", w->args->lista);
	while (e == OK) {
		e = csv_next(&csv, &row, &r);
		if (e == ERR_BAD_FIELD)
			return verbo_fallo(w->v, e, "Lista, renglón %d: %s", r.line, r.reason);
		if (e == OK && !(w->m.para_count == 0 && strcasecmp(r.fields[0], "rfc") == 0))
			e = add(w, r.fields[0], r.count > 1 ? r.fields[1] : NULL, r.line);
		arena_free(&row);
	}
	return e == ERR_NOT_FOUND ? OK : e;
}

static enum err read_recipients(struct work *w)
{
	const struct args_publicar *a = w->args;

	if ((a->para != NULL) + (a->lista != NULL) + a->todos != 1)
		return verbo_fallo(w->v, ERR_USAGE,
			"Indica para quiénes: --para, --lista o --todos, una de las tres.");
	w->m.todos = a->todos;
	w->m.para = arena_array(w->v->arena, RECIPIENTS, sizeof(*w->m.para));
	if (w->m.para == NULL)
		return ERR_NO_MEMORY;
	enum err e = a->todos ? OK : a->para != NULL ? read_para(w) : read_list(w);

	return e == OK && !a->todos && w->m.para_count == 0
		       ? verbo_fallo(w->v, ERR_BAD_FIELD, "La lista no tiene ningún RFC.")
		       : e;
}

static enum err check_texts(struct work *w)
{
	const struct args_publicar *a = w->args;
	enum err e = verbo_firma_texto(w->v, "--tipo", a->tipo, 100);

	if (strcmp(a->clase, "comunicado") != 0 && strcmp(a->clase, "documento") != 0)
		return verbo_fallo(w->v, ERR_USAGE, "--clase admite comunicado o documento.");
	if (e == OK)
		e = verbo_firma_texto(w->v, "--titulo", a->titulo, 300);
	if (e == OK)
		e = verbo_firma_texto(w->v, "--texto", a->texto, TEXT_BYTES);
	w->m.clase = a->clase;
	w->m.tipo = a->tipo;
	w->m.titulo = a->titulo;
	w->m.texto = a->texto;
	return e;
}

/* One addressee is named in what is signed; several are not. */
static enum err sign_file(struct work *w, struct verbo_firma *f)
{
	struct m_publicar *m = &w->m;
	struct oficina_dicho d;

	if (w->args->pdf == NULL)
		return OK;
	oficina_subir(f->linea, w->v->arena, w->args->pdf, &m->sha256, &d);
	if (d.err == ERR_NO_FILE)
		return verbo_fallo(w->v, d.err, "No se encontró %s; revisa --pdf.", w->args->pdf);
	d.resuelto = true;
	enum err e = verbo_firma_dicho(w->v, &d);

	return e == OK ? oficina_documento(f->oficina, w->v->arena, m->titulo, m->sha256,
				 m->para_count == 1 ? m->para[0].rfc : DOCUMENTO_PARA_VARIOS,
				 &m->fecha, &m->firma)
		       : e;
}

enum err verbo_publicar(struct verbo *v, const struct args_publicar *args)
{
	struct work w = {.v = v, .args = args};
	const struct oficina_de de = VERBO_FIRMA_DE(args);
	struct verbo_firma f = {0};
	struct m_acuse acuse = {0};
	enum err e = check_texts(&w);

	if (e == OK)
		e = read_recipients(&w);
	if (e == OK)
		e = verbo_firma_begin(v, &de, &f);
	if (e == OK)
		e = sign_file(&w, &f);
	if (e == OK)
		e = verbo_firma_pedir(v, &f, ROUTE_ID_publicar, &w.m, &acuse);
	if (e == OK)
		e = verbo_firma_acuse(v, args->json, &acuse, w.m.sha256);
	verbo_firma_end(&f);
	return e;
}
