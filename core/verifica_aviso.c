/* Notifications: what ran before they were opened, and the lapse (Lineamientos 7.3-7.5). */
#include <inttypes.h>
#include "core/aviso.h"
#include "core/verifica_oficio.h"
#include "core/verifica_paso.h"
#include "ley/acuse.h"
#include "net/codec.h"

struct renglon {
	struct verifica *v;
	const struct verifica_de *de;
	struct arena *arena;
	const struct out_verifica_notificaciones *row;
};

static void check(const struct renglon *n, bool holds, enum verifica_falla f)
{
	verifica_check(n->v, n->de, holds, f);
}

/* Whole or not at all, and not before the carriers of both kinds had accepted it (7.3). */
static bool good_term(const struct out_verifica_notificaciones *r)
{
	if (r->aviso == 0 || r->vence == 0)
		return r->aviso == r->vence;
	return r->aviso < r->vence && (r->correo == 0) == (r->celular == 0) &&
	       r->correo <= r->aviso && r->celular <= r->aviso;
}

/* How it ended, and which instants belong to that. */
static bool good_end(const struct out_verifica_notificaciones *r)
{
	/* Nothing is counted from a decision of estrados (core/rules/oficio_decidir.c). */
	static const struct {
		const char *forma;
		bool with;
		bool without;
	} ends[] = {{AVISO_AUTOMATICA, true, false}, {AVISO_ESTRADOS, true, true},
		{AVISO_PERSONAL, true, false}, {AVISO_RETIRADA, false, true}};

	if (r->forma == NULL)
		return true;
	for (size_t i = 0; i < COUNT_OF(ends); i++)
		if (verifica_same(r->forma, ends[i].forma))
			return r->abierta == 0 &&
			       (r->notificada != 0 ? ends[i].with : ends[i].without);
	return false;
}

/* The event that the job writes (core/tareas/plazo.c). */
static bool is_event(const struct renglon *n, const struct m_acuse *m)
{
	const char *event = arena_printf(n->arena,
		"{\"evento\":\"plazo-vencido\",\"folio\":\"%s\",\"vence\":%" PRId64 "}",
		n->row->folio, n->row->vence);

	return event != NULL && bytes_equal(m->cuerpo, bytes_of_text(event));
}

/* Never before its deadline, whenever it was written. */
static bool is_lapse(const struct renglon *n, const struct m_acuse *m)
{
	return verifica_is_vencimiento(m) && verifica_acuse_es_de(m, n->row) &&
	       m->legal == n->row->vence && m->recibido >= n->row->vence && is_event(n, m);
}

static enum err read_acuse(const struct renglon *n, struct m_acuse *ret)
{
	struct in_acuse in = {.folio = n->row->acuse, .titular = n->row->titular};
	struct out_acuse found;
	enum err e =
		n->row->acuse != NULL ? q_acuse(n->v->store, &in, n->arena, &found) : ERR_NOT_FOUND;

	return e == OK ? codec_decode(
				 n->arena, &message_acuse, CODEC_TOLERANT, found.json, ret, NULL)
		       : e;
}

static enum err check_lapse(const struct renglon *n)
{
	struct m_acuse m = {0};

	check(n, n->row->notificada == n->row->vence, FALLA_aviso_vencida);
	enum err e = read_acuse(n, &m);

	if (e == OK && !is_lapse(n, &m))
		e = ERR_BAD_FIELD;
	return verifica_must(n->v, n->de, e, FALLA_aviso_acuse);
}

enum err verifica_aviso(struct verifica *v, const struct verifica_de *de, struct arena *a,
	const struct out_verifica_notificaciones *row)
{
	const struct renglon n = {.v = v, .de = de, .arena = a, .row = row};

	check(&n, good_term(row), FALLA_aviso_plazo);
	check(&n, good_end(row), FALLA_aviso_forma);
	/* What a public servant decided is proved as their act (core/verifica_oficio.c). */
	return verifica_same(row->forma, AVISO_AUTOMATICA) ? check_lapse(&n) : OK;
}

/* ---- from the acuse's side ---- */

bool verifica_is_vencimiento(const struct m_acuse *m)
{
	return acuse_is_automatico(m) && verifica_same(m->tipo, AVISO_ACUSE_TIPO);
}

enum err verifica_vencimiento(struct verifica *v, struct arena *a, const struct m_acuse *m)
{
	struct in_notificacion in = {
		.folio = verifica_unico(m, ACUSE_FOLIO_DEL_AVISO), .titular = m->titular};
	struct out_notificacion n;
	enum err e = in.folio != NULL ? q_notificacion(v->store, &in, a, &n) : ERR_NOT_FOUND;

	return e == OK && !verifica_same(n.acuse, m->folio) ? ERR_NOT_FOUND : e;
}
