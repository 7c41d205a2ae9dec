#include <langinfo.h>
#include <stdio.h>
#include "app/archivo.h"
#include "app/documento_prueba.h"
#include "app/evidence.h"
#include "app/openssl_lines.h"
#include "app/sesion.h"
#include "base/texto.h"
#include "net/json_line.h"

/* --confianza, else the profile's; none is told by the proof itself. */
static enum err open_trust(struct verb_call *v, struct trust **ret)
{
	const char *folder = v->opt[OPTION_confianza];
	const struct perfil *p = NULL;

	if (folder == NULL) {
		enum err e = sesion_perfil(v, &p);

		if (e == ERR_NO_PROFILE && v->opt[OPTION_perfil] == NULL)
			return OK;
		if (e != OK)
			return e;
		folder = p->confianza;
	}
	if (folder == NULL)
		return OK;
	enum err e = trust_open(folder, ret);

	if (e != OK)
		v->detail = folder;
	return e == ERR_NO_FILE ? ERR_NO_TRUST : e;
}

static enum err print_json_rows(struct arena *a, const struct acuse_proof *p)
{
	struct json_line j;
	enum err e = OK;

	for (size_t i = 0; e == OK && i < p->count; i++) {
		json_line_begin(&j, a);
		json_line_text(&j, "comprobacion", p->checks[i].what);
		json_line_bool(&j, "cumple", p->checks[i].holds);
		json_line_text(&j, "detalle", p->checks[i].detail);
		e = json_line_end(&j, stdout);
	}
	return e;
}

static enum err print_json(
	struct arena *a, const struct m_acuse *m, const struct acuse_proof *p, bool test)
{
	struct json_line j;
	enum err e = print_json_rows(a, p);

	if (e != OK)
		return e;
	json_line_begin(&j, a);
	json_line_text(&j, "folio", m->folio);
	json_line_text(&j, "tipo", m->tipo);
	json_line_bool(&j, "prueba", test);
	json_line_bool(&j, "comprobado", p->holds);
	return json_line_end(&j, stdout);
}

static void print_rows(struct arena *a, const struct acuse_proof *p, bool test)
{
	bool utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	const char *yes = utf8 ? _("✓ SÍ") : _("SI");
	const char *no = utf8 ? _("✗ NO") : _("NO");

	for (size_t i = 0; i < p->count; i++) {
		const char *detail = sesion_clean(a, p->checks[i].detail);

		printf("%s  %s%s%s\n", p->checks[i].holds ? yes : no,
			sesion_clean(a, p->checks[i].what), detail[0] != '\0' ? ": " : "", detail);
	}
	if (test)
		printf("%s\n", _("PRUEBA: los certificados de confianza son de prueba; este "
				 "acuse no "
				 "tiene efectos legales."));
}

static void print_checks(
	struct arena *a, const struct m_acuse *m, const struct acuse_proof *p, bool test)
{
	printf(_("%s, folio %s\n"), sesion_clean(a, m->tipo), sesion_clean(a, m->folio));
	print_rows(a, p, test);
	printf("%s\n", p->holds ? _("El acuse se comprobó por completo.")
				: _("El acuse NO se comprobó; lee arriba qué no se cumple."));
}

static enum err print_archive(struct verb_call *v, const struct m_archivo_indice *m,
	const struct acuse_proof *p, bool test)
{
	struct arena *a = v->arena;
	struct json_line j;

	if (v->opt[OPTION_json] == NULL) {
		printf(_("Archivo del Buzón IMSS de %s · %s, desde %s hasta %s\n"),
			sesion_clean(a, m->titular_nombre), sesion_clean(a, m->titular),
			m->desde != NULL ? sesion_clean(a, m->desde) : _("el principio"),
			sesion_clean(a, m->hasta));
		for (size_t i = 0; i < m->faltas_count; i++)
			printf(_("No lo trae (%s, %s): %s\n"), sesion_clean(a, m->faltas[i].clase),
				sesion_clean(a, m->faltas[i].folio),
				sesion_clean(a, m->faltas[i].motivo));
		print_rows(a, p, test);
		printf("%s\n",
			p->holds ? _("El archivo se comprobó por completo.")
				 : _("El archivo NO se comprobó; lee arriba qué no se cumple."));
		return OK;
	}
	enum err e = print_json_rows(a, p);

	if (e != OK)
		return e;
	json_line_begin(&j, a);
	json_line_text(&j, "titular", m->titular);
	json_line_int(&j, "archivos", (int64_t)m->entradas_count);
	json_line_int(&j, "faltas", (int64_t)m->faltas_count);
	json_line_bool(&j, "prueba", test);
	json_line_bool(&j, "comprobado", p->holds);
	return json_line_end(&j, stdout);
}

static enum err prove_archive(struct verb_call *v, const struct trust *t)
{
	struct m_archivo_indice m;
	struct archivo_cuenta c;
	struct acuse_proof proof;

	v->detail = v->args[0];
	enum err e = archivo_probar(v->arena, v->args[0], t, &m, &c, &proof);

	if (e != OK)
		return e;
	v->detail = NULL;
	e = print_archive(v, &m, &proof, t != NULL && trust_is_test(t));
	return e != OK ? e : proof.holds ? OK : ERR_NOT_PROVED;
}

/*
 * The acuse that was named, or the one beside a document that was; *ret_document: the document
 * that is proved with it, NULL: none.
 */
static enum err read_named(struct verb_call *v, struct evidence *ret, const char **ret_document)
{
	const char *named = v->args[0];
	enum err e = evidence_read(v->arena, named, ret);

	*ret_document = v->opt[OPTION_documento];
	if ((e != ERR_BAD_EVIDENCE && e != ERR_TOO_LARGE) || *ret_document != NULL)
		return e;
	*ret_document = named;
	return documento_prueba_busca(v->arena, named, ret);
}

static enum err prove_acuse(
	struct verb_call *v, const struct trust *t, struct evidence *ev, struct acuse_proof *ret)
{
	const char *document = NULL;

	v->detail = v->args[0];
	enum err e = read_named(v, ev, &document);

	if (e == OK)
		e = evidence_prove(v->arena, ev, t, ret);
	if (e != OK || document == NULL)
		return e;
	v->detail = document;
	return documento_prueba(v->arena, ev, document, t, ret);
}

enum err verbo_verificar(struct verb_call *v)
{
	AUTO(trust) t = NULL;
	struct evidence ev;
	struct acuse_proof proof;
	enum err e = open_trust(v, &t);

	if (e == OK && archivo_es(v->args[0]))
		return prove_archive(v, t);
	if (e == OK)
		e = prove_acuse(v, t, &ev, &proof);
	if (e != OK)
		return e;
	v->detail = NULL;
	bool test = t != NULL && trust_is_test(t);

	if (v->opt[OPTION_json] != NULL)
		e = print_json(v->arena, &ev.acuse, &proof, test);
	else
		print_checks(v->arena, &ev.acuse, &proof, test);
	if (e == OK && v->opt[OPTION_openssl] != NULL)
		e = openssl_lines(v->arena, &ev.acuse, v->opt[OPTION_openssl]);
	return e != OK ? e : proof.holds ? OK : ERR_NOT_PROVED;
}
