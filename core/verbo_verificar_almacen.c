/*
 * `buzond verificar-almacen`: all that is stored, proved again (core/verifica.h): a line a failure,
 * and how much was looked at.
 */
#include <inttypes.h>
#include "base/utf8.h"
#include "core/avance.h"
#include "core/interrumpir.h"
#include "core/verbos.h"
#include "core/verifica.h"
#include "net/json_line.h"

#define LINE_ARENA (1024 * 1024)

struct walk {
	struct verbo *v;
	bool json;
	struct avance avance;
	enum err err; /* of telling */
};

/* ---- telling ---- */

static const char *clean(struct arena *a, const char *text)
{
	const char *made = text != NULL ? utf8_clean(a, text) : "?";

	return made != NULL ? made : "?";
}

static void tell_line(struct walk *w, struct arena *a, const struct verifica_hallazgo *h)
{
	fprintf(w->v->out, "%s %s%s%s: %s%s%s%s\n", h->objeto, clean(a, h->clave),
		h->folio != NULL ? ", folio " : "", h->folio != NULL ? clean(a, h->folio) : "",
		verifica_frase(h->falla), h->detalle != NULL ? " («" : "",
		h->detalle != NULL ? h->detalle : "", h->detalle != NULL ? "» no se cumple)" : "");
}

static enum err tell_json(struct walk *w, struct arena *a, const struct verifica_hallazgo *h)
{
	struct json_line j;

	json_line_begin(&j, a);
	json_line_text(&j, "objeto", h->objeto);
	json_line_text(&j, "clave", clean(a, h->clave));
	json_line_text(&j, "folio", h->folio != NULL ? clean(a, h->folio) : NULL);
	json_line_text(&j, "falla", verifica_nombre(h->falla));
	json_line_text(&j, "dice", verifica_frase(h->falla));
	json_line_text(&j, "detalle", h->detalle);
	return json_line_end(&j, w->v->out);
}

static void tell(void *ctx, const struct verifica_hallazgo *h)
{
	ARENA(a, LINE_ARENA);
	struct walk *w = ctx;

	avance_clear(&w->avance);
	if (!w->json)
		tell_line(w, &a, h);
	else if (tell_json(w, &a, h) != OK)
		w->err = ERR_NO_MEMORY;
	/* Whoever reads it by a pipe learns of it now. */
	fflush(w->v->out);
}

static bool go_on(void *ctx, const struct verifica_cuenta *c)
{
	struct walk *w = ctx;

	avance_say(&w->avance,
		"Comprobando: %" PRId64 " actos, %" PRId64 " acuses, %" PRId64
		" notificaciones; %" PRId64 " fallas ",
		c->actos, c->acuses, c->notificaciones, c->fallas);
	return !interrumpir_came() && w->err == OK;
}

static enum err tell_sum(struct walk *w, const struct verifica_cuenta *c, bool whole)
{
	struct json_line j;

	avance_clear(&w->avance);
	if (!w->json) {
		fprintf(w->v->out,
			"Comprobado: actos %" PRId64 ", acuses %" PRId64 ", notificaciones %" PRId64
			". Fallas: %" PRId64 ".\n",
			c->actos, c->acuses, c->notificaciones, c->fallas);
		return OK;
	}
	json_line_begin(&j, w->v->arena);
	json_line_int(&j, "actos", c->actos);
	json_line_int(&j, "acuses", c->acuses);
	json_line_int(&j, "notificaciones", c->notificaciones);
	json_line_int(&j, "fallas", c->fallas);
	json_line_bool(&j, "completo", whole);
	return json_line_end(&j, w->v->out);
}

/* ---- walking ---- */

static enum err walk(struct walk *w, struct store *s, const struct trust *t)
{
	struct verifica_config c = {.store = s, .trust = t, .tell = tell, .go_on = go_on, .ctx = w};
	struct verifica_cuenta sum = {0};
	struct interrumpir signals;

	interrumpir_begin(&signals);
	enum err e = verifica(&c, &sum);

	interrumpir_end(&signals);
	enum err told = tell_sum(w, &sum, e == OK);

	if (e == ERR_CANCELLED && w->err != OK)
		return w->err;
	if (e == ERR_CANCELLED)
		return verbo_fallo(w->v, e,
			"Se interrumpió: sólo se comprobó lo que dice la cuenta; repite buzond "
			"verificar-almacen para comprobarlo todo.");
	if (e == ERR_STORE || e == ERR_BUSY)
		return verbo_fallo(w->v, e,
			"El almacén dejó de poder leerse, así que no se comprobó todo; revisa la "
			"base de datos y su disco y repite buzond verificar-almacen.");
	if (e == OK)
		e = told;
	return e == OK && sum.fallas != 0 ? ERR_STORE_NOT_PROVED : e;
}

static enum err open_trust(struct verbo *v, const struct config *c, struct trust **ret)
{
	enum err e = trust_open(c->confianza, ret);

	if (e == ERR_NO_FILE || e == ERR_BAD_CERT || e == ERR_CONFIG)
		return verbo_fallo(v, ERR_CONFIG,
			"La carpeta de confianza %s no existe, no tiene raíces o tiene un archivo "
			"que no sirve; corrige carpeta en [confianza].",
			c->confianza);
	return e;
}

enum err verbo_verificar_almacen(struct verbo *v, const struct args_verificar_almacen *args)
{
	AUTO(trust) t = NULL;
	AUTO(store) s = NULL;
	struct config c;
	struct walk w = {.v = v, .json = args->json};
	enum err e = verbo_configuracion(v, args->config, &c);

	if (e == OK)
		e = open_trust(v, &c, &t);
	if (e == OK)
		e = verbo_almacen(v, &c, &s);
	avance_begin(&w.avance, v->err);
	return e == OK ? walk(&w, s, t) : e;
}
