#include "app/mandado.h"

#include <stdio.h>
#include "net/answer.h"
#include "app/confirmar.h"
#include "base/texto.h"
#include "ley/zona.h"
#include "screens/acto.h"

#define SEEN_ALLOWANCE ((size_t)16 << 20)

/* ---- Signed before ---- */

static bool read_body(struct arena *a, enum route route, struct bytes body, union peticion *ret)
{
	return codec_decode(a, route_row(route)->request, CODEC_TOLERANT, body, ret, NULL) == OK;
}

/* An act of a kind that has no word for what it is about, or that can't be read, is its bytes. */
static bool about_the_same(
	struct arena *a, const struct mandado *m, const struct outbox_act *act, struct bytes body)
{
	const struct acto_clase *clase = acto_clase(act->route);
	union peticion theirs;
	union peticion ours;

	if (clase == NULL || !read_body(a, act->route, act->body, &theirs) ||
		!read_body(a, act->route, body, &ours))
		return m->incompleta || bytes_equal(act->body, body);
	const char *that = clase->clave(a, &theirs);
	const char *this = clase->clave(a, &ours);

	return that != NULL && this != NULL && strcmp(that, this) == 0;
}

/* *ret_name NULL: none; *ret_same: it says what would be signed now. */
static enum err find_pending(
	struct sesion *s, const struct mandado *m, const char **ret_name, bool *ret_same)
{
	struct arena *a = s->v->arena;
	const struct m_hat hat = {s->perfil->rfc, s->perfil->calidad};
	struct bytes body;
	char **names = NULL;
	size_t count = 0;
	enum err e = request_body(a, m->route, m->request, &hat, &body);

	if (e == OK)
		e = outbox_list(client_outbox(s->client), a, &names, &count);
	for (size_t i = 0; e == OK && i < count; i++) {
		struct outbox_act act;

		if (outbox_get(client_outbox(s->client), a, names[i], &act) != OK ||
			act.route != m->route || !about_the_same(a, m, &act, body))
			continue;
		*ret_name = names[i];
		*ret_same = m->incompleta || bytes_equal(act.body, body);
	}
	return e;
}

/* ---- Sent ---- */

static void tell_kept(const struct sesion *s)
{
	if (client_outbox_count(s->client) != 0)
		fprintf(stderr, "%s\n",
			_("El acto firmado se conserva y se reenviará sin duplicarse: repite "
			  "este comando."));
}

static void *answer_of(enum route route, struct mandado_hecho *h)
{
	return route_row(route)->acuse ? (void *)&h->acuse : (void *)&h->reenviado;
}

static enum err sign(struct sesion *s, struct mandado *m, struct mandado_hecho *ret)
{
	const char *campo = NULL;
	enum err e = m->antes != NULL ? m->antes(s, m) : OK;

	if (e == OK && m->pregunta != NULL)
		e = confirmar(s->v, m->pregunta);
	/* What was accepted must still be so after the person thought about it. */
	if (e == OK && m->expires != 0 && client_now(s->client) > m->expires)
		e = ERR_EFFECT_CHANGED;
	if (e != OK)
		return e;
	e = client_call_wait(s->client, s->v->arena, m->route, m->request, m->expires,
		answer_of(m->route, ret), &ret->json, &campo);
	if (e != OK) {
		s->v->detail = campo;
		tell_kept(s);
	}
	return e;
}

static enum err repeat(
	struct sesion *s, enum route route, const char *name, struct mandado_hecho *ret)
{
	enum err e = client_send_wait(
		s->client, s->v->arena, name, answer_of(route, ret), &ret->json, &s->v->detail);

	if (e != OK)
		tell_kept(s);
	return e;
}

/* What this command was just refused is its own error: it is not told again as an old one. */
static void seen(struct sesion *s, int64_t since)
{
	ARENA(a, SEEN_ALLOWANCE);
	struct outbox_act *acts = NULL;
	size_t count = 0;

	if (outbox_rejected(client_outbox(s->client), &a, &acts, &count) != OK)
		return;
	for (size_t i = 0; i < count; i++)
		if (acts[i].cuando >= since &&
			outbox_forget(client_outbox(s->client), &a, acts[i].name) != OK)
			return;
}

static enum err in_session(struct sesion *s, struct mandado *m)
{
	struct mandado_hecho done = {0};
	const char *pending = NULL;
	bool same = true;
	int64_t since = client_now(s->client);
	enum err e = find_pending(s, m, &pending, &same);

	if (e == OK)
		e = pending != NULL ? repeat(s, m->route, pending, &done) : sign(s, m, &done);
	if (e != OK)
		seen(s, since);
	if (e == OK)
		e = m->hecho(s, m, &done);
	if (e == OK && !same)
		fprintf(stderr, "%s\n",
			_("Lo que llegó es el acto que firmaste antes, con otros datos que los de "
			  "ahora. Revisa su acuse; si hace falta otro acto, repite el comando."));
	/* A line that failed this act would only make the person wait again for the others. */
	if (!answer_retries(e))
		sesion_flush(s);
	return e;
}

enum err mandado(struct verb_call *v, struct mandado *m)
{
	SESION(s);
	enum err e = sesion_open(v, &s);

	return e == OK ? in_session(&s, m) : e;
}

/* ---- Told ---- */

bool mandado_speaks(const struct sesion *s)
{
	return s->v->opt[OPTION_si] == NULL && s->v->opt[OPTION_json] == NULL;
}

static const char *saved(const struct sesion *s, const struct m_acuse *m)
{
	return arena_printf(s->v->arena, "%s/%s.{json,pdf}", client_acuses(s->client), m->folio);
}

static enum err print_json(struct sesion *s, const struct m_acuse *m, const char *where,
	const char *key, const char *about)
{
	struct json_line j;

	json_line_begin(&j, s->v->arena);
	json_line_text(&j, "folio", m->folio);
	json_line_text(&j, "tipo", m->tipo);
	json_line_text(&j, "titular", m->titular);
	json_line_text(&j, "firmante", m->firmante);
	json_line_text(&j, "calidad", m->calidad);
	json_line_text(&j, "estatus", m->estatus);
	json_line_int(&j, "legal", m->legal);
	json_line_text(&j, "guardado", where);
	if (about != NULL)
		json_line_text(&j, key, about);
	return json_line_end(&j, stdout);
}

enum err mandado_print(
	struct sesion *s, const struct mandado_hecho *h, const char *key, const char *about)
{
	struct arena *a = s->v->arena;
	const struct m_acuse *m = &h->acuse;
	const char *legal = hora_text(a, zona_centro(), m->legal, HORA_ACUSE);
	const char *where = saved(s, m);

	if (legal == NULL || where == NULL)
		return ERR_NO_MEMORY;
	if (s->v->opt[OPTION_json] != NULL)
		return print_json(s, m, where, key, about);
	printf("%s\n", sesion_clean(a, m->tipo));
	printf(_("Acuse %s\n"), sesion_clean(a, m->folio));
	printf(_("Fecha: %s (ZC)\n"), legal);
	printf(_("Guardado en %s\n"), where);
	return OK;
}
