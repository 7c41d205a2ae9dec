#include <stdio.h>
#include "app/evidence.h"
#include "app/hoja.h"
#include "app/mailbox.h"
#include "app/mandado.h"
#include "base/texto.h"
#include "net/json_line.h"

static enum err print_done(
	struct sesion *s, const struct m_acuse *m, const char *folio, const char *saved)
{
	struct arena *a = s->v->arena;
	const char *legal = hora_text(a, zona_centro(), m->legal, HORA_ACUSE);
	const char *fecha = fecha_text(a, zona_civil(zona_centro(), m->legal).dia, FECHA_ISO);
	struct json_line j;

	if (legal == NULL || fecha == NULL || saved == NULL)
		return ERR_NO_MEMORY;
	if (s->v->opt[OPTION_json] != NULL) {
		json_line_begin(&j, a);
		json_line_text(&j, "folio", m->folio);
		json_line_text(&j, "notificacion", folio);
		json_line_int(&j, "legal", m->legal);
		json_line_text(&j, "fecha_legal", fecha);
		json_line_text(&j, "guardado", saved);
		return json_line_end(&j, stdout);
	}
	printf(_("Acuse %s\n"), m->folio);
	printf(_("Fecha y hora de notificación: %s (ZC)\n"), legal);
	printf(_("Guardado en %s\n"), saved);
	return OK;
}

/* The client saved JSON and PDF already; -o is one more copy. */
static enum err hecho(
	struct sesion *s, const struct mandado *mandado, const struct mandado_hecho *h)
{
	struct arena *a = s->v->arena;
	const struct m_notificacion_abrir *rq = mandado->ctx;
	const struct m_acuse *m = &h->acuse;
	const char *copy = s->v->opt[OPTION_salida];
	struct evidence ev = {.acuse = *m, .json = h->json};
	const char *saved = copy;
	enum err e = OK;

	if (copy == NULL)
		saved = arena_printf(a, "%s/%s.{json,pdf}", client_acuses(s->client), m->folio);
	else
		e = evidence_write(a, &ev, client_trust(s->client), copy);
	/* The act is done: its folio and date are said even where the copy failed. */
	enum err printed = print_done(s, m, rq->folio, e == OK ? saved : client_acuses(s->client));

	if (e != OK)
		s->v->detail = copy;
	return e != OK ? e : printed;
}

/* Notified without being opened, or withdrawn: nothing to sign, and where to go on. */
static enum err still_to_open(struct verb_call *v, const struct m_notificacion *n)
{
	if (n->forma != NULL && strcmp(n->forma, "retirada") == 0) {
		v->detail = n->motivo;
		return ERR_WITHDRAWN;
	}
	if (n->notificada == 0)
		return OK;
	v->detail = arena_printf(v->arena, _("buzon-tui documento %s"), n->folio);
	return ERR_ALREADY_NOTIFIED;
}

static enum err antes(struct sesion *s, struct mandado *m)
{
	struct m_notificacion_abrir *rq = m->ctx;
	const char *folio = rq->folio;
	struct arena *a = s->v->arena;
	struct mailbox box;
	struct calendario c;
	struct hoja h;
	enum err e = mailbox_fetch(s, &box);
	const struct m_notificacion *n = e == OK ? mailbox_find(&box, folio) : NULL;

	s->v->detail = folio;
	if (e == OK && n == NULL)
		return ERR_NOT_FOUND;
	if (e == OK && n->abierta != 0) {
		s->v->detail = n->acuse != NULL ? arena_printf(a, _("acuse %s"), n->acuse) : NULL;
		return ERR_ALREADY_OPENED;
	}
	if (e == OK)
		e = still_to_open(s->v, n);
	if (e == OK)
		e = mailbox_calendario(&box, a, n, &c);
	if (e == OK)
		e = hoja_make(n, &c, client_now(s->client), &h);
	if (e == OK && s->v->opt[OPTION_si] == NULL)
		e = s->v->opt[OPTION_json] != NULL
			    ? hoja_json(a, stdout, n, &c, &h)
			    : hoja_print(a, stdout, n, &h, client_now(s->client));
	if (e != OK)
		return e;
	rq->fecha_legal = fecha_text(a, h.si_abre.dia, FECHA_ISO);
	m->expires = h.vale_hasta;
	return rq->fecha_legal != NULL ? OK : ERR_NO_MEMORY;
}

enum err verbo_abrir(struct verb_call *v)
{
	/* The date is what is accepted: known once the effects were. */
	struct m_notificacion_abrir rq = {.folio = v->args[0], .fecha_legal = ""};
	struct mandado m = {.route = ROUTE_ID_notificacion_abrir,
		.request = &rq,
		.incompleta = true,
		.antes = antes,
		.pregunta =
			_("Escribe SI para firmarla y abrirla; cualquier otra cosa no hace nada: "),
		.hecho = hecho,
		.ctx = &rq};

	/* The result says folio and date; the evidence goes to a file. */
	if (v->opt[OPTION_salida] != NULL && strcmp(v->opt[OPTION_salida], "-") == 0)
		return ERR_USAGE;
	return mandado(v, &m);
}
