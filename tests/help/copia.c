#include "tests/help/copia.h"

#include "ley/plazo.h"
#include "tests/help/cm.h"

struct m_calendario calendar_message(struct arena *a)
{
	struct calendario c = bare_calendar(a);
	struct m_inhabil *rows = arena_array(a, c.count + 1, sizeof(*rows));

	assert_non_null(rows);
	for (size_t i = 0; i < c.count; i++)
		rows[i] = (struct m_inhabil){.fecha = fecha_text(a, c.rows[i].dia, FECHA_ISO),
			.motivo = c.rows[i].motivo};
	return (struct m_calendario){.desde = fecha_text(a, c.desde, FECHA_ISO),
		.hasta = fecha_text(a, c.hasta, FECHA_ISO),
		.inhabiles = rows,
		.inhabiles_count = c.count};
}

struct m_notificacion notice(
	struct arena *a, const char *folio, const char *aviso, int64_t plazo_dias)
{
	struct calendario c = bare_calendar(a);
	struct plazo_aviso terms;

	assert_int_equal(plazo_de_aviso(&c, zc(aviso), &terms), OK);
	return (struct m_notificacion){.folio = folio,
		.oficio = "09 52 17/2026",
		.tipo = "7.1",
		.documento = "Resolución de rectificación de la prima",
		.funcionario = "Ana Peña López",
		.cargo = "Titular de la Subdelegación",
		.plazo_dias = plazo_dias,
		.aviso = terms.aviso,
		.vence = terms.vence};
}

struct m_notificacion notified(struct arena *a, const char *folio, const char *aviso,
	const char *abierta, int64_t plazo_dias, const char *acuse)
{
	struct calendario c = bare_calendar(a);
	struct m_notificacion n = notice(a, folio, aviso, plazo_dias);
	struct plazo_aviso terms;
	struct plazo_efecto efecto;

	n.abierta = abierta != NULL ? zc(abierta) : 0;
	n.acuse = acuse;
	assert_int_equal(plazo_de_aviso(&c, zc(aviso), &terms), OK);
	assert_int_equal(plazo_de_apertura(&c, &terms, n.abierta, (int)plazo_dias, &efecto), OK);
	n.notificada = efecto.notificada;
	return n;
}
