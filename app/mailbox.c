#include "app/mailbox.h"

#include <stdlib.h>
#include "base/texto.h"
#include "ley/plazo.h"
#include "ley/zona.h"
#include "screens/inhabiles.h"
#include "screens/vistas.h"

#define VIEWS ((size_t)16 << 20)
#define PAGES_MOST 2000 /* of 200 rows */

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
			e = inhabiles_make(a, answer.calendario, &m.calendario);
		if (e == OK && answer.cuenta != NULL)
			m.cuenta = answer.cuenta;
		if (e == OK && answer.catalogo != NULL)
			m.catalogo = answer.catalogo;
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
	static const struct {
		const char *forma;
		const char *text;
	} otherwise[] = {{"estrados", N_("notificada por estrados")},
		{"personal", N_("notificada en persona")}, {"retirada", N_("retirada")}};

	for (size_t i = 0; n->forma != NULL && i < COUNT_OF(otherwise); i++)
		if (strcmp(n->forma, otherwise[i].forma) == 0)
			return otherwise[i].text;
	if (n->abierta != 0)
		return N_("abierta");
	return n->notificada != 0 ? N_("notificada sin abrir") : N_("por abrir");
}

enum err mailbox_calendario(const struct mailbox *m, struct arena *a,
	const struct m_notificacion *n, struct calendario *ret)
{
	if (m->calendario.hasta == 0)
		return ERR_HORIZON;
	return calendario_para(a, &m->calendario, m->cuenta != NULL ? m->cuenta->estado : NULL,
		n->subdelegacion, ret);
}

enum err mailbox_juzgar(const struct mailbox *m, struct fila *filas)
{
	/* Views of one calendar: a handful, whatever the rows. */
	ARENA(a, VIEWS);
	struct vistas v;
	enum err e = OK;

	vistas_init(&v, &a, m->calendario.hasta != 0 ? &m->calendario : NULL,
		m->cuenta != NULL ? m->cuenta->estado : NULL);
	for (size_t i = 0; e == OK && i < m->count; i++) {
		const struct calendario *c = NULL;

		filas[i] = (struct fila){.m = m->rows[i]};
		e = vistas_de(&v, m->rows[i].subdelegacion, &c);
		if (e == OK)
			fila_judge(&filas[i], c, m->ahora);
	}
	return e;
}

const struct m_tipo_acto *mailbox_tipo(const struct mailbox *m, const char *clave)
{
	for (size_t i = 0; m->catalogo != NULL && i < m->catalogo->tipos_count; i++)
		if (strcmp(m->catalogo->tipos[i].clave, clave) == 0)
			return &m->catalogo->tipos[i];
	return NULL;
}

const struct zona *mailbox_domicilio(const struct mailbox *m)
{
	const struct zona *z = m->cuenta != NULL ? zona_find(m->cuenta->zona) : NULL;

	return z == zona_centro() ? NULL : z;
}

const char *mailbox_vence(struct arena *a, const struct fila *f)
{
	if (f->ultimo != 0)
		return fecha_text(a, f->ultimo, FECHA_LISTA);
	return f->due != 0 ? hora_text(a, zona_centro(), f->due, HORA_LISTA) : "";
}
