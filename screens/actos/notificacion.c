/* Opening a notification (Lineamientos 7.6): the date on the effect sheet is what is accepted. */
#include "base/texto.h"
#include "screens/acto.h"
#include "screens/efectos.h"

#define ROW_BYTES ((size_t)256 << 10) /* a row of the list, decoded, and a calendar */

static enum err sigue(const struct acto *x, struct model *m, int64_t now, int64_t *ret_expires)
{
	ARENA(a, ROW_BYTES);
	struct fila row;
	struct efectos e = {0};
	int32_t accepted = 0;
	enum err err = tabla_find(&m->tabla, &a, x->folio, &row);

	if (err == OK && row.m.abierta != 0)
		err = ERR_ALREADY_OPENED;
	if (err == OK && row.estado == FILA_RETIRADA)
		err = ERR_WITHDRAWN;
	if (err == OK)
		err = efectos_de(&a, m, &row, now, &e);
	if (err == OK && e.estado == EFECTOS_NOTIFICADA)
		err = ERR_ALREADY_NOTIFIED;
	if (err == OK)
		err = fecha_parse(x->fecha, &accepted);
	if (err == OK && accepted != e.abre.e.dia)
		err = ERR_EFFECT_CHANGED;
	if (err == OK)
		*ret_expires = e.vale_hasta;
	return err;
}

static void acepta(struct parrafos *p, const struct acto *x, struct model *m)
{
	int32_t dia;

	(void)m;
	if (fecha_parse(x->fecha, &dia) == OK)
		parrafos_pair(
			p, _("Aceptas"), _("quedar notificado con fecha %s"), parrafos_dia(p, dia));
}

static void que(struct parrafos *p, const struct acto *x, struct model *m)
{
	struct fila row;

	if (tabla_find(&m->tabla, p->arena, x->folio, &row) == OK)
		parrafos_pair(p, _("Qué se firma"),
			_("apertura de la notificación %s (%s, oficio %s)"), x->folio,
			row.m.documento, row.m.oficio);
}

static bool consta(const struct acto *x, struct model *m, struct arena *a)
{
	struct fila row;

	return tabla_find(&m->tabla, a, x->folio, &row) == OK && row.m.abierta != 0;
}

static bool cierra(enum err err)
{
	return err == ERR_EFFECT_CHANGED || err == ERR_ALREADY_OPENED ||
	       err == ERR_ALREADY_NOTIFIED || err == ERR_WITHDRAWN;
}

static void pide(const struct acto *x, union peticion *ret)
{
	ret->notificacion_abrir =
		(struct m_notificacion_abrir){.folio = x->folio, .fecha_legal = x->fecha};
}

static const char *clave(struct arena *a, const union peticion *rq)
{
	(void)a;
	return rq->notificacion_abrir.folio;
}

const struct acto_clase acto_notificacion_abrir = {
	.route = ROUTE_ID_notificacion_abrir,
	.niveles = 2,
	.sigue = sigue,
	.acepta = acepta,
	.que = que,
	.consta = consta,
	.cierra = cierra,
	.pide = pide,
	.clave = clave,
	.nombre = N_("apertura de "),
};
