/*
 * `buzond verificar-almacen`: all that is stored, proved again (core/verifica.h): a line a failure,
 * and how much was looked at.
 */
#include <inttypes.h>
#include <signal.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/utf8.h"
#include "core/verbos.h"
#include "core/verifica.h"
#include "net/json_line.h"

#define LINE_ARENA (1024 * 1024)
#define PROGRESS_MS 1000
#define LINE_WIDTH 78

struct walk {
	struct verbo *v;
	bool json;
	bool terminal; /* somebody watches */
	bool shown;    /* progress stands on the line */
	int64_t last;
	enum err err; /* of telling */
};

static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
	(void)number;
	interrupted = 1;
}

/* ---- telling ---- */

static void clear_progress(struct walk *w)
{
	if (w->shown)
		fprintf(w->v->err, "\r%*s\r", LINE_WIDTH, "");
	w->shown = false;
}

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

	clear_progress(w);
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
	int64_t now = clock_monotonic();

	if (w->terminal && now - w->last >= PROGRESS_MS) {
		clear_progress(w);
		fprintf(w->v->err,
			"Comprobando: %" PRId64 " actos, %" PRId64 " acuses, %" PRId64
			" notificaciones; %" PRId64 " fallas ",
			c->actos, c->acuses, c->notificaciones, c->fallas);
		fflush(w->v->err);
		w->shown = true;
		w->last = now;
	}
	return !interrupted && w->err == OK;
}

static enum err tell_sum(struct walk *w, const struct verifica_cuenta *c, bool whole)
{
	struct json_line j;

	clear_progress(w);
	if (!w->json) {
		fprintf(w->v->out,
			"%" PRId64 " actos, %" PRId64 " acuses, %" PRId64
			" notificaciones comprobados; %" PRId64 " fallas.\n",
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

/* Interrupted in the middle of a page it ends behind it: what was told stays told. */
static enum err walk_until_signal(const struct verifica_config *c, struct verifica_cuenta *ret)
{
	const struct sigaction act = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
	struct sigaction was_int;
	struct sigaction was_term;

	interrupted = 0;
	sigaction(SIGINT, &act, &was_int);
	sigaction(SIGTERM, &act, &was_term);
	enum err e = verifica(c, ret);

	sigaction(SIGTERM, &was_term, NULL);
	sigaction(SIGINT, &was_int, NULL);
	return e;
}

static enum err walk(struct walk *w, struct store *s, const struct trust *t)
{
	struct verifica_config c = {.store = s, .trust = t, .tell = tell, .go_on = go_on, .ctx = w};
	struct verifica_cuenta sum = {0};
	enum err e = walk_until_signal(&c, &sum);
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
	struct walk w = {.v = v,
		.json = args->json,
		.terminal = isatty(fileno(v->err)) == 1,
		.last = clock_monotonic()};
	enum err e = verbo_configuracion(v, args->config, &c);

	if (e == OK)
		e = open_trust(v, &c, &t);
	if (e == OK)
		e = verbo_almacen(v, &c, &s);
	return e == OK ? walk(&w, s, t) : e;
}
