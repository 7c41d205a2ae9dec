/*
 * What the responder says of certificates, asked ahead of the acts and behind them (wire.md,
 * Evidence). The key of both kinds is the certificate's huella.
 */
#include "core/revocacion.h"
#include "core/tarea.h"

#define HORA_MS INT64_C(3600000)

static enum err certificate(struct tarea *t, struct out_certificado *ret)
{
	struct in_certificado in = {.huella = t->clave};

	return q_certificado(t->env.store, &in, t->env.arena, ret);
}

static enum err question(
	struct tarea *t, const struct out_certificado *c, struct http_out_request *ret)
{
	return revocacion_question(t->env.config, t->env.arena, c->der, c->emisor, ret);
}

/* Judged, and kept with the certificate for all servers. */
static enum err keep_answer(struct tarea *t, struct ocsp_verdict *ret)
{
	struct out_certificado c;
	enum err e = certificate(t, &c);

	if (e == OK)
		e = revocacion_verdict(t->server, t->respuesta, c.der, c.emisor, t->env.now, ret);
	if (e != OK)
		return e;
	struct in_certificado_ocsp in = {.ocsp = t->respuesta->body,
		.ocsp_desde = ret->this_update,
		.ocsp_hasta = ret->next_update,
		.revocado = ret->revoked_at,
		.huella = t->clave};

	novedades_add(t->env.news, NOVEDAD_LLAVE, t->clave);
	return q_certificado_ocsp(t->env.store, &in, t->env.arena, NULL);
}

/* ---- ocsp: before the answer that is there grows stale ---- */

/* Hourly at most, when it says so itself, never past 23 h: a day old it stands behind no act. */
static int64_t due(int64_t this_update, int64_t next_update)
{
	int64_t least = this_update + HORA_MS;
	int64_t most = this_update + 23 * HORA_MS;
	int64_t at = next_update > least ? next_update : least;

	return at < most ? at : most;
}

static enum err in_use(struct tarea *t, bool *ret)
{
	struct in_lectura_ultima in = {.huella = t->clave, .ahora = t->env.now};
	struct out_lectura_ultima row;
	enum err e = q_lectura_ultima(t->env.store, &in, t->env.arena, &row);

	if (e == OK)
		*ret = row.vence != 0;
	return e;
}

enum err tarea_ocsp_pide(struct tarea *t, struct http_out_request *ret)
{
	struct out_certificado c;
	bool used = false;
	enum err e = in_use(t, &used);

	if (e != OK || !used)
		return e;
	e = certificate(t, &c);
	if (e != OK)
		return e;
	/* Revoked is for ever; one past its term signs nothing. */
	if (c.revocado != 0 || c.hasta < t->env.now)
		return OK;
	/* An act has asked meanwhile. */
	if (c.ocsp_desde != 0 && due(c.ocsp_desde, c.ocsp_hasta) > t->env.now) {
		t->otra = due(c.ocsp_desde, c.ocsp_hasta);
		return OK;
	}
	return question(t, &c, ret);
}

enum err tarea_ocsp(struct tarea *t)
{
	struct ocsp_verdict verdict;
	enum err e = keep_answer(t, &verdict);

	if (e != OK || verdict.status == OCSP_REVOKED)
		return e;
	/* What was made in advance may be old already. */
	t->otra = due(verdict.this_update, verdict.next_update);
	if (t->otra < t->env.now + HORA_MS)
		t->otra = t->env.now + HORA_MS;
	return OK;
}

/* ---- revocacion: acts that were received without an answer ---- */

enum err tarea_revocacion_pide(struct tarea *t, struct http_out_request *ret)
{
	struct out_certificado c;
	enum err e = certificate(t, &c);

	return e == OK ? question(t, &c, ret) : e;
}

enum err tarea_revocacion(struct tarea *t)
{
	struct ocsp_verdict verdict;
	enum err e = keep_answer(t, &verdict);
	struct in_comprobacion_resolver in = {
		.instante = t->env.now, .ocsp = t->respuesta->body, .llave = t->clave};

	if (e != OK)
		return e;
	in.revocado = verdict.revoked_at;
	return q_comprobacion_resolver(t->env.store, &in, t->env.arena, NULL);
}

/* What was received while no responder was configured. */
enum err tarea_revocacion_siembra(struct tarea *t)
{
	struct in_comprobacion_tareas in = {.vence = t->env.now};

	return q_comprobacion_tareas(t->env.store, &in, t->env.arena, NULL);
}
