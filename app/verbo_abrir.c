#include <stdio.h>
#include <unistd.h>
#include "app/answer.h"
#include "app/evidence.h"
#include "app/hoja.h"
#include "app/mailbox.h"
#include "base/texto.h"
#include "net/json_line.h"

/* An act of the outbox that opens this folio: a command that died before its acuse. */
static enum err find_pending(struct sesion *s, const char *folio, const char **ret_name)
{
	struct arena *a = s->v->arena;
	char **names = NULL;
	size_t count = 0;
	enum err e = outbox_list(client_outbox(s->client), a, &names, &count);

	for (size_t i = 0; e == OK && i < count; i++) {
		struct m_notificacion_abrir rq;
		struct outbox_act act;

		if (outbox_get(client_outbox(s->client), a, names[i], &act) == OK &&
			act.route == ROUTE_ID_notificacion_abrir &&
			codec_decode(a, &message_notificacion_abrir, CODEC_TOLERANT, act.body, &rq,
				NULL) == OK &&
			strcmp(rq.folio, folio) == 0)
			*ret_name = names[i];
	}
	return e;
}

/* On a terminal the person may say so now; a script says --si. */
static enum err confirm(struct verb_call *v)
{
	char answer[16] = "";

	if (v->opt[OPTION_si] != NULL)
		return OK;
	if (isatty(STDIN_FILENO) == 0 || isatty(STDERR_FILENO) == 0)
		return ERR_NEED_YES;
	fflush(stdout);
	fprintf(stderr, "%s",
		_("Escribe SI para firmarla y abrirla; cualquier otra cosa no hace nada: "));
	if (fgets(answer, sizeof(answer), stdin) == NULL)
		return ERR_CANCELLED;
	answer[strcspn(answer, "\r\n")] = '\0';
	return strcmp(answer, "SI") == 0 || strcmp(answer, "si") == 0 ||
			       strcmp(answer, "SÍ") == 0 || strcmp(answer, "sí") == 0
		       ? OK
		       : ERR_CANCELLED;
}

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
static enum err finish(
	struct sesion *s, const struct m_acuse *m, struct bytes json, const char *folio)
{
	struct arena *a = s->v->arena;
	const char *copy = s->v->opt[OPTION_salida];
	struct evidence ev = {.acuse = *m, .json = json};
	const char *saved = copy;
	enum err e = OK;

	if (copy == NULL)
		saved = arena_printf(a, "%s/%s.{json,pdf}", client_acuses(s->client), m->folio);
	else
		e = evidence_write(a, &ev, client_trust(s->client), copy);
	/* The act is done: its folio and date are said even where the copy failed. */
	enum err printed = print_done(s, m, folio, e == OK ? saved : client_acuses(s->client));

	if (e != OK)
		s->v->detail = copy;
	return e != OK ? e : printed;
}

static void tell_kept(const struct sesion *s)
{
	if (client_outbox_count(s->client) != 0)
		fprintf(stderr, "%s\n",
			_("El acto firmado se conserva y se reenviará sin duplicarse: repite "
			  "este comando."));
}

static enum err send_opening(struct sesion *s, const struct m_notificacion *n, const struct hoja *h)
{
	struct arena *a = s->v->arena;
	struct m_notificacion_abrir rq = {.folio = n->folio};
	struct m_acuse acuse;
	struct bytes json;
	const char *campo = NULL;

	rq.fecha_legal = fecha_text(a, h->si_abre.dia, FECHA_ISO);
	if (rq.fecha_legal == NULL)
		return ERR_NO_MEMORY;
	enum err e = client_call_wait(s->client, a, ROUTE_ID_notificacion_abrir, &rq, h->vale_hasta,
		&acuse, &json, &campo);

	if (e == OK)
		return finish(s, &acuse, json, n->folio);
	tell_kept(s);
	s->v->detail = campo;
	return e;
}

static enum err open_now(struct sesion *s, const char *folio)
{
	struct arena *a = s->v->arena;
	struct mailbox m;
	struct hoja h;
	enum err e = mailbox_fetch(s, &m);
	const struct m_notificacion *n = e == OK ? mailbox_find(&m, folio) : NULL;

	s->v->detail = folio;
	if (e == OK && n == NULL)
		return ERR_NOT_FOUND;
	if (e == OK && n->abierta != 0) {
		s->v->detail = n->acuse != NULL ? arena_printf(a, _("acuse %s"), n->acuse) : NULL;
		return ERR_ALREADY_OPENED;
	}
	if (e == OK)
		e = hoja_make(n, &m.calendario, client_now(s->client), &h);
	if (e == OK && s->v->opt[OPTION_si] == NULL)
		e = s->v->opt[OPTION_json] != NULL
			    ? hoja_json(a, stdout, n, &m.calendario, &h)
			    : hoja_print(a, stdout, n, &h, client_now(s->client));
	if (e == OK)
		e = confirm(s->v);
	/* What was accepted must still be so after the person thought about it. */
	if (e == OK && client_now(s->client) > h.vale_hasta)
		e = ERR_EFFECT_CHANGED;
	return e == OK ? send_opening(s, n, &h) : e;
}

enum err verbo_abrir(struct verb_call *v)
{
	SESION(s);
	const char *pending = NULL;
	struct m_acuse acuse;
	struct bytes json;
	enum err e;

	/* The result says folio and date; the evidence goes to a file. */
	if (v->opt[OPTION_salida] != NULL && strcmp(v->opt[OPTION_salida], "-") == 0)
		return ERR_USAGE;
	e = sesion_open(v, &s);
	if (e == OK)
		e = find_pending(&s, v->args[0], &pending);
	if (e != OK)
		return e;
	/* Signed earlier and confirmed then: the same bytes go again. */
	if (pending != NULL) {
		e = client_send_wait(s.client, v->arena, pending, &acuse, &json, &v->detail);
		if (e == OK)
			e = finish(&s, &acuse, json, v->args[0]);
		else
			tell_kept(&s);
	} else {
		e = open_now(&s, v->args[0]);
	}
	/* A line that failed this act would only make the person wait again for the others. */
	if (!answer_retries(e))
		sesion_flush(&s);
	return e;
}
