#include "app/mailbox.h"

#include <stdlib.h>
#include "base/texto.h"
#include "ley/plazo.h"
#include "ley/zona.h"

#define PAGES_MOST 2000 /* of 200 rows */

static enum err take_calendar(struct arena *a, const struct m_calendario *m, struct calendario *ret)
{
	struct calendario c = {.count = m->inhabiles_count};
	struct inhabil *rows = arena_array(a, m->inhabiles_count, sizeof(*rows));

	if (rows == NULL && m->inhabiles_count != 0)
		return ERR_NO_MEMORY;
	if (fecha_parse(m->desde, &c.desde) != OK || fecha_parse(m->hasta, &c.hasta) != OK)
		return ERR_BAD_ANSWER;
	for (size_t i = 0; i < c.count; i++) {
		rows[i].motivo = m->inhabiles[i].motivo;
		if (fecha_parse(m->inhabiles[i].fecha, &rows[i].dia) != OK ||
			(i != 0 && rows[i].dia <= rows[i - 1].dia))
			return ERR_BAD_ANSWER;
	}
	c.rows = rows;
	*ret = c;
	return OK;
}

/* Everything that came, in order; `count` of rows may hold a folio more than once. */
struct arrived {
	struct slot {
		struct m_notificacion row;
		size_t order;
	} * slots;
	size_t count;
	size_t room;
};

static enum err take_rows(struct arena *a, struct arrived *r, const struct m_sincronizado *s)
{
	if (r->room - r->count < s->notificaciones_count) {
		size_t room = (r->count + s->notificaciones_count) * 2;
		struct slot *slots = arena_array(a, room, sizeof(*slots));

		if (slots == NULL)
			return ERR_NO_MEMORY;
		if (r->count != 0)
			memcpy(slots, r->slots, r->count * sizeof(*slots));
		r->slots = slots;
		r->room = room;
	}
	for (size_t i = 0; i < s->notificaciones_count; i++, r->count++)
		r->slots[r->count] = (struct slot){s->notificaciones[i], r->count};
	return OK;
}

static int by_folio(const void *a, const void *b)
{
	const struct slot *x = a;
	const struct slot *y = b;
	int folio = strcmp(x->row.folio, y->row.folio);

	return folio != 0 ? folio : x->order < y->order ? -1 : 1;
}

static int newest_first(const void *a, const void *b)
{
	const struct m_notificacion *x = a;
	const struct m_notificacion *y = b;

	if (x->aviso != y->aviso)
		return x->aviso < y->aviso ? 1 : -1;
	return strcmp(y->folio, x->folio);
}

/* What came later about a folio is newer. */
static enum err settle_rows(struct arena *a, struct arrived *r, struct mailbox *m)
{
	m->rows = arena_array(a, r->count, sizeof(*m->rows));
	if (r->count == 0)
		return OK;
	if (m->rows == NULL)
		return ERR_NO_MEMORY;
	qsort(r->slots, r->count, sizeof(*r->slots), by_folio);
	for (size_t i = 0; i < r->count; i++) {
		const char *folio = r->slots[i].row.folio;

		if (i + 1 == r->count || strcmp(folio, r->slots[i + 1].row.folio) != 0)
			m->rows[m->count++] = r->slots[i].row;
	}
	qsort(m->rows, m->count, sizeof(*m->rows), newest_first);
	return OK;
}

enum err mailbox_fetch(struct sesion *s, struct mailbox *ret)
{
	struct arena *a = s->v->arena;
	struct mailbox m = {0};
	struct arrived r = {0};
	struct m_sincronizar rq = {0};
	struct m_sincronizado answer = {.mas = true};
	enum err e = OK;

	for (int i = 0; e == OK && answer.mas; i++) {
		e = i < PAGES_MOST ? sesion_call(s, a, ROUTE_ID_sincronizar, &rq, &answer, NULL)
				   : ERR_BAD_ANSWER;
		if (e == OK)
			e = take_rows(a, &r, &answer);
		if (e == OK && answer.calendario != NULL)
			e = take_calendar(a, answer.calendario, &m.calendario);
		if (e == OK && answer.cuenta != NULL)
			m.cuenta = answer.cuenta;
		rq.cursor = answer.cursor;
	}
	if (e == OK)
		e = settle_rows(a, &r, &m);
	if (e != OK)
		return e;
	m.ahora = answer.ahora;
	*ret = m;
	return OK;
}

enum nivel mailbox_nivel(const struct m_cuenta *c, enum ambito ambito)
{
	for (size_t i = 0; i < c->permisos_count; i++)
		if (ambito_of(c->permisos[i].ambito) == ambito)
			return nivel_of(c->permisos[i].nivel);
	return NIVEL_NADA;
}

enum err mailbox_visible(const struct mailbox *m)
{
	const struct m_cuenta *c = m->cuenta;

	if (c == NULL)
		return OK;
	if (c->habilitado == 0)
		return ERR_NOT_ENABLED;
	return mailbox_nivel(c, AMBITO_NOTIFICACIONES) >= NIVEL_LEER ? OK : ERR_NO_SCOPE;
}

enum err mailbox_cuenta(struct sesion *s, const struct m_cuenta **ret)
{
	struct m_sincronizado *answer = arena_zalloc(s->v->arena, sizeof(*answer));
	struct m_sincronizar rq = {0};

	if (answer == NULL)
		return ERR_NO_MEMORY;
	enum err e = sesion_call(s, s->v->arena, ROUTE_ID_sincronizar, &rq, answer, NULL);

	if (e == OK && answer->cuenta == NULL)
		e = ERR_BAD_ANSWER;
	if (e == OK)
		*ret = answer->cuenta;
	return e;
}

const struct m_notificacion *mailbox_find(const struct mailbox *m, const char *folio)
{
	for (size_t i = 0; i < m->count; i++)
		if (strcmp(m->rows[i].folio, folio) == 0)
			return &m->rows[i];
	return NULL;
}

const char *mailbox_estatus(const struct m_notificacion *n)
{
	if (n->abierta != 0)
		return N_("abierta");
	return n->notificada != 0 ? N_("notificada sin abrir") : N_("por abrir");
}

bool mailbox_ultimo(const struct mailbox *m, const struct m_notificacion *n, int32_t *ret_dia)
{
	struct plazo_aviso aviso;
	struct plazo_efecto efecto;

	if (n->notificada == 0 || n->plazo_dias <= 0 ||
		plazo_de_aviso(&m->calendario, n->aviso, &aviso) != OK ||
		plazo_de_apertura(
			&m->calendario, &aviso, n->abierta, (int)n->plazo_dias, &efecto) != OK)
		return false;
	*ret_dia = efecto.ultimo;
	return true;
}

const char *mailbox_vence(struct arena *a, const struct mailbox *m, const struct m_notificacion *n)
{
	int32_t ultimo;

	if (n->notificada == 0)
		return hora_text(a, zona_centro(), n->vence, HORA_LISTA);
	if (!mailbox_ultimo(m, n, &ultimo) || ultimo < zona_civil(zona_centro(), m->ahora).dia)
		return "";
	return fecha_text(a, ultimo, FECHA_LISTA);
}
