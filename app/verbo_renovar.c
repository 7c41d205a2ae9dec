#include <stdio.h>
#include <string.h>
#include "app/copias.h"
#include "app/sesion.h"
#include "base/file.h"
#include "base/texto.h"
#include "net/json_line.h"

#define CERT_FILE_MOST (64 * 1024)

struct renovar {
	struct verb_call *v;
	const struct perfil *perfil;
	struct cert cert; /* the profile's, of now */
	struct copias at;
	char **names; /* of the copies under other certificates */
	size_t count;
};

static enum err look(struct renovar *r)
{
	struct arena *a = r->v->arena;
	struct bytes file = {0};
	enum err e = sesion_perfil(r->v, &r->perfil);

	if (e != OK)
		return e;
	e = file_read(a, r->perfil->certificado, CERT_FILE_MOST, &file);
	if (e == OK)
		e = cert_read(a, file, &r->cert);
	if (e != OK) {
		r->v->detail = r->perfil->certificado;
		return e;
	}
	e = copias_of(a, r->perfil, &r->at);
	if (e == OK)
		e = copias_others(a, &r->at, &r->cert, &r->names, &r->count);
	if (e == ERR_NO_FILE)
		r->v->detail = r->at.folder;
	return e;
}

/* One line of JSON for what was done, or a sentence. */
static enum err print(const struct renovar *r, const char *wire, const char *sentence)
{
	struct json_line j;

	if (r->v->opt[OPTION_json] == NULL) {
		puts(sentence);
		return OK;
	}
	json_line_begin(&j, r->v->arena);
	json_line_text(&j, "renovar", wire);
	json_line_text(&j, "perfil", r->perfil->nombre);
	json_line_list(&j, "copias");
	for (size_t i = 0; i < r->count; i++)
		json_line_item(&j, r->names[i]);
	json_line_list_end(&j);
	json_line_text(&j, "mensaje", sentence);
	return json_line_end(&j, stdout);
}

static enum err none(const struct renovar *r)
{
	return print(
		r, "nada", _("No quedó ninguna copia local de otro certificado en este perfil."));
}

static enum err tell(const struct renovar *r)
{
	if (r->count == 0)
		return none(r);
	if (r->v->opt[OPTION_json] == NULL)
		for (size_t i = 0; i < r->count; i++)
			printf("%s%s\n", r->at.folder, r->names[i]);
	return print(r, "quedan",
		_("Se guardaron con otro certificado. Para pasar sus borradores a tu e.firma "
		  "de ahora:\n"
		  "  buzon-tui renovar --certificado-anterior ARCHIVO.cer --llave-anterior "
		  "ARCHIVO.key\n"
		  "Para borrarlas con sus borradores:\n"
		  "  buzon-tui renovar --descartar --si"));
}

static enum err discard(const struct renovar *r)
{
	struct arena *a = r->v->arena;

	if (r->count == 0)
		return none(r);
	if (r->v->opt[OPTION_si] == NULL)
		return ERR_NEED_DISCARD;
	for (size_t i = 0; i < r->count; i++) {
		enum err e = copias_remove(a, &r->at, r->names[i]);

		if (e != OK) {
			r->v->detail = r->names[i];
			return e;
		}
	}
	const char *said = arena_printf(a,
		ngettext("Se descartó %zu copia local.", "Se descartaron %zu copias locales.",
			r->count),
		r->count);

	return said == NULL ? ERR_NO_MEMORY : print(r, "descartadas", said);
}

/* What gives the new key's password does not give the old one's: each step by its own name. */
static enum err open_old(struct renovar *r, struct efirma **ret)
{
	struct perfil before = *r->perfil;

	before.nombre = arena_printf(r->v->arena, "%s.anterior", r->perfil->nombre);
	before.certificado = r->v->opt[OPTION_certificado_anterior];
	before.llave = r->v->opt[OPTION_llave_anterior];
	before.clave_comando = NULL;
	return before.nombre == NULL ? ERR_NO_MEMORY : sesion_efirma(r->v, &before, true, ret);
}

static enum err carry(struct renovar *r)
{
	AUTO(efirma) now = NULL;
	AUTO(efirma) old = NULL;
	size_t carried = 0;
	enum err e = sesion_efirma(r->v, r->perfil, false, &now);

	if (e == OK)
		e = open_old(r, &old);
	if (e == OK)
		e = copias_carry(r->perfil, old, now, &carried);
	if (e != OK)
		return e;
	const char *said = arena_printf(r->v->arena,
		ngettext("Se pasó %zu dato (borradores e historial) a tu e.firma de "
			 "ahora; la copia anterior se quitó.",
			"Se pasaron %zu datos (borradores e historial) a tu e.firma "
			"de ahora; la copia anterior se quitó.",
			carried),
		carried);

	return said == NULL ? ERR_NO_MEMORY : print(r, "pasada", said);
}

enum err verbo_renovar(struct verb_call *v)
{
	struct renovar r = {.v = v};
	bool cer = v->opt[OPTION_certificado_anterior] != NULL;
	bool key = v->opt[OPTION_llave_anterior] != NULL;
	bool drop = v->opt[OPTION_descartar] != NULL;

	if (cer != key || (cer && drop) || (v->opt[OPTION_si] != NULL && !drop)) {
		v->detail = _("--certificado-anterior y --llave-anterior van juntas, sin "
			      "--descartar");
		return ERR_USAGE;
	}
	enum err e = look(&r);

	if (e != OK)
		return e;
	if (cer)
		return carry(&r);
	return drop ? discard(&r) : tell(&r);
}
