#include "core/aviso.h"
#include "net/messages.h"

#define FIJAS 8

/* The derivation behind what is fixed; or that there is none. */
static enum err put_derivation(struct env *env, const struct calendario *c,
	const struct plazo_aviso *p, const struct aviso_dicho *d, struct m_dato *rows,
	size_t *ret_count)
{
	enum err e = plazo_filas(env->arena, c, p, d->abierta, d->plazo_dias, rows, ret_count);

	/* Days without end would not fit: nobody's notification waits for its explanation. */
	if (e == ERR_TOO_LARGE)
		*ret_count = 0;
	if (e != ERR_HORIZON)
		return e == ERR_TOO_LARGE ? OK : e;
	rows[0] = (struct m_dato){"Término del acto",
		"Queda fuera del calendario publicado de días inhábiles; se cuenta cuando se "
		"publique"};
	*ret_count = 1;
	return OK;
}

enum err aviso_acuse(struct env *env, const struct calendario *c, const struct plazo_aviso *p,
	const struct aviso_dicho *d, struct acuse_de *ret)
{
	const struct zona *zc = zona_centro();
	struct arena *a = env->arena;
	struct m_dato *rows = arena_array(a, FIJAS + DERIVACION_FILAS, sizeof(*rows));
	bool opened = d->abierta != 0;
	size_t derived = 0;
	const struct m_dato fixed[FIJAS] = {
		{ACUSE_FOLIO_DEL_AVISO, d->folio},
		{ACUSE_OFICIO, d->oficio},
		{ACUSE_DOCUMENTO, d->documento},
		{"Servidor público que firma", d->funcionario},
		{ACUSE_SHA256_DEL_DOCUMENTO, d->sha256},
		{"Fecha del aviso", hora_text(a, zc, d->aviso, HORA_ACUSE)},
		{opened ? "Abierta" : "Fin del plazo para abrirla",
			hora_text(a, zc, opened ? d->abierta : p->vence, HORA_ACUSE)},
		{"Fecha y hora de notificación", hora_text(a, zc, d->legal, HORA_ACUSE)},
	};

	if (rows == NULL)
		return ERR_NO_MEMORY;
	for (size_t i = 0; i < FIJAS; i++) {
		rows[i] = fixed[i];
		if (rows[i].valor == NULL)
			return ERR_NO_MEMORY;
	}
	enum err e = put_derivation(env, c, p, d, rows + FIJAS, &derived);

	if (e != OK)
		return e;
	*ret = (struct acuse_de){.tipo = AVISO_ACUSE_TIPO,
		.fundamento = "Código Fiscal de la Federación, artículo 135; Lineamientos "
			      "Generales para el uso del Buzón IMSS, regla 7",
		.estatus = "Notificada",
		.legal = d->legal,
		.contenido = rows,
		.contenido_count = FIJAS + derived};
	return OK;
}
