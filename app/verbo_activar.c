#include <stdio.h>
#include "app/mailbox.h"
#include "app/mandado.h"
#include "base/file.h"
#include "base/texto.h"
#include "crypto/sha.h"
#include "ley/plazo_activar.h"
#include "ley/zona.h"
#include "screens/contacto.h"

/* The text in force; what came is that text, by its hash, or nothing. */
static enum err fetch(struct sesion *s, const char *cual, struct m_texto *ret)
{
	struct arena *a = s->v->arena;
	struct m_texto_pedir rq = {.cual = cual};
	const char *hex = NULL;
	enum err e = sesion_call(s, a, ROUTE_ID_texto, &rq, ret, NULL);

	if (e == OK)
		e = sha256_hex(a, ret->texto, &hex);
	if (e == OK && strcmp(hex, ret->sha256) != 0)
		e = ERR_BAD_ANSWER;
	return e;
}

/* ---- --ver ---- */

static enum err print_text(struct verb_call *v, const struct m_texto *t)
{
	const char *to = v->opt[OPTION_salida];
	struct json_line j;

	v->detail = to;
	if (to != NULL && strcmp(to, "-") != 0) {
		enum err e = file_write(to, t->texto, 0600);

		if (e != OK)
			return e;
		fprintf(stderr, _("Guardado en %s\n"), to);
	}
	if (v->opt[OPTION_json] != NULL) {
		json_line_begin(&j, v->arena);
		json_line_text(&j, "cual", t->cual);
		json_line_text(&j, "version", t->version);
		json_line_text(&j, "sha256", t->sha256);
		json_line_text(&j, "guardado", to);
		return json_line_end(&j, stdout);
	}
	fprintf(stderr, _("Versión %s, SHA-256 %s\n"), sesion_clean(v->arena, t->version),
		sesion_clean(v->arena, t->sha256));
	if (to != NULL && strcmp(to, "-") != 0)
		return OK;
	return fwrite(t->texto.data, 1, t->texto.size, stdout) == t->texto.size ? OK : ERR_IO;
}

static enum err show(struct verb_call *v)
{
	SESION(s);
	const char *cual = v->opt[OPTION_ver];
	struct m_texto t;

	if (strcmp(cual, "terminos") != 0 && strcmp(cual, "privacidad") != 0) {
		v->detail = arena_printf(
			v->arena, _("--ver lleva terminos o privacidad, no «%s»"), cual);
		return ERR_USAGE;
	}
	enum err e = sesion_open(v, &s);

	if (e == OK)
		e = fetch(&s, cual, &t);
	return e == OK ? print_text(v, &t) : e;
}

/* ---- The steps (A-02) ---- */

static bool validated(const struct m_cuenta *c, const char *mecanismo)
{
	for (size_t i = 0; i < c->medios_count; i++) {
		const struct m_medio *m = &c->medios[i];

		if (contacto_es(m, mecanismo, NULL) && m->validado != 0 && m->baja == 0)
			return true;
	}
	return false;
}

/* What may not be seen was not told: that is not to lack it. */
static bool sees(const struct m_cuenta *c)
{
	return mailbox_nivel(c, AMBITO_MEDIOS) >= NIVEL_LEER;
}

static const char *mark(bool done)
{
	return done ? _("[hecho]") : _("[falta]");
}

static const char *mark_medio(const struct m_cuenta *c, const char *mecanismo)
{
	return sees(c) ? mark(validated(c, mecanismo)) : _("[no se ve]");
}

/* L-T1 */
static enum err print_term(struct sesion *s, const struct m_cuenta *c)
{
	int64_t now = client_now(s->client);
	int32_t days = plazo_activar_dias(c->plazo, now);
	const char *plazo = hora_text(s->v->arena, zona_centro(), c->plazo, HORA_DIA);

	if (plazo == NULL)
		return ERR_NO_MEMORY;
	if (c->plazo == 0)
		printf("%s\n", _("  Plazo para habilitarlo: sin plazo señalado"));
	else if (now > c->plazo)
		printf(_("  El plazo para habilitarlo venció el %s (ZC): habilítalo cuanto antes\n"),
			plazo);
	else
		printf(ngettext("  Plazo para habilitarlo: hasta el %s (ZC); queda %d día\n",
			       "  Plazo para habilitarlo: hasta el %s (ZC); quedan %d días\n",
			       (unsigned long)days),
			plazo, (int)days);
	return OK;
}

static enum err print_steps(struct sesion *s, const struct m_cuenta *c)
{
	struct arena *a = s->v->arena;

	printf(_("1 %s Entrar al Buzón\n"), mark(true));
	printf(_("2 %s Autenticarte con tu e.firma: %s\n"), mark(true), sesion_clean(a, c->nombre));
	printf(_("3 %s Registrar y validar tus medios de contacto: correo electrónico %s, celular "
		 "%s\n"),
		sees(c) ? mark(validated(c, CONTACTO_CORREO) && validated(c, CONTACTO_CELULAR))
			: _("[no se ve]"),
		mark_medio(c, CONTACTO_CORREO), mark_medio(c, CONTACTO_CELULAR));
	printf(_("4 %s Firmar los términos (versión %s, SHA-256 %s)\n"), mark(c->habilitado != 0),
		sesion_clean(a, c->terminos), sesion_clean(a, c->terminos_sha256));
	printf(_("  Léelos con: buzon-tui activar --ver terminos; el aviso de privacidad (versión "
		 "%s), con --ver privacidad\n"),
		sesion_clean(a, c->privacidad));
	return c->habilitado == 0 ? print_term(s, c) : OK;
}

static enum err print_json(struct sesion *s, const struct m_cuenta *c)
{
	struct json_line j;

	json_line_begin(&j, s->v->arena);
	if (sees(c)) {
		json_line_bool(&j, "correo", validated(c, CONTACTO_CORREO));
		json_line_bool(&j, "celular", validated(c, CONTACTO_CELULAR));
	}
	json_line_int(&j, "habilitado", c->habilitado);
	json_line_int(&j, "plazo", c->plazo);
	json_line_text(&j, "terminos", c->terminos);
	json_line_text(&j, "terminos_sha256", c->terminos_sha256);
	json_line_text(&j, "privacidad", c->privacidad);
	json_line_text(&j, "privacidad_sha256", c->privacidad_sha256);
	return json_line_end(&j, stdout);
}

/* Only what the server shows under that hash is signed under it. */
static enum err same_text(
	struct sesion *s, const char *cual, const char *version, const char *sha256)
{
	struct m_texto t;
	enum err e = fetch(s, cual, &t);

	if (e == OK && (strcmp(t.version, version) != 0 || strcmp(t.sha256, sha256) != 0))
		e = ERR_TERMS_CHANGED;
	return e;
}

static enum err antes(struct sesion *s, struct mandado *m)
{
	struct m_activar *rq = m->ctx;
	const struct m_cuenta *c = NULL;
	enum err e = mailbox_cuenta(s, &c);

	if (e == OK && s->v->opt[OPTION_si] == NULL)
		e = s->v->opt[OPTION_json] != NULL ? print_json(s, c) : print_steps(s, c);
	if (e == OK && c->habilitado != 0)
		e = ERR_ALREADY_ENABLED;
	if (e == OK && mailbox_nivel(c, AMBITO_ACTIVACION) < NIVEL_FIRMAR)
		e = ERR_NO_SCOPE;
	if (e == OK && sees(c) &&
		(!validated(c, CONTACTO_CORREO) || !validated(c, CONTACTO_CELULAR)))
		e = ERR_NOT_READY;
	if (e == OK)
		e = same_text(s, "terminos", c->terminos, c->terminos_sha256);
	if (e == OK)
		e = same_text(s, "privacidad", c->privacidad, c->privacidad_sha256);
	if (e != OK)
		return e;
	rq->terminos = c->terminos;
	rq->terminos_sha256 = c->terminos_sha256;
	rq->privacidad = c->privacidad;
	rq->privacidad_sha256 = c->privacidad_sha256;
	return OK;
}

static enum err hecho(struct sesion *s, const struct mandado *m, const struct mandado_hecho *h)
{
	(void)m;
	return mandado_print(s, h, NULL, NULL);
}

enum err verbo_activar(struct verb_call *v)
{
	struct m_activar rq = {
		.terminos = "", .terminos_sha256 = "", .privacidad = "", .privacidad_sha256 = ""};
	struct mandado m = {.route = ROUTE_ID_activar,
		.request = &rq,
		.incompleta = true,
		.antes = antes,
		.pregunta =
			_("Escribe SI para aceptar los términos y habilitar el Buzón; cualquier "
			  "otra cosa no hace nada: "),
		.hecho = hecho,
		.ctx = &rq};

	if (v->opt[OPTION_ver] != NULL)
		return show(v);
	if (v->opt[OPTION_salida] != NULL) {
		v->detail = _("--salida va con --ver, que dice qué se guarda");
		return ERR_USAGE;
	}
	return mandado(v, &m);
}
