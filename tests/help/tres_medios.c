#include "tests/help/tres_medios.h"

#include "screens/contacto.h"
#include "tests/help/dia.h"

void tres_medios(struct m_medio ret[3])
{
	ret[0] = (struct m_medio){.folio = CELULAR,
		.mecanismo = CONTACTO_CELULAR,
		.medio = "5512345678",
		.registrado = zc("2026-11-09 11:00"),
		.vence = zc("2026-11-12 11:00:30"),
		.validado = zc("2026-11-09 11:05"),
		.acuse_validacion = "BI-20261109-110500999",
		.aviso = "entregado",
		.aviso_desde = zc("2026-11-09 11:01")};
	ret[1] = (struct m_medio){.folio = CORREO,
		.mecanismo = CONTACTO_CORREO,
		.medio = "ana@example.mx",
		.registrado = zc("2026-11-09 10:15"),
		.vence = zc("2026-11-12 10:15"),
		.aviso = "fallido",
		.aviso_desde = zc("2026-11-09 10:20"),
		.aviso_detalle = "550 el buzón no existe"};
	ret[2] = (struct m_medio){.folio = VIEJO,
		.mecanismo = CONTACTO_CORREO,
		.medio = "vieja@example.mx",
		.registrado = zc("2026-10-01 09:00"),
		.validado = zc("2026-10-02 09:00"),
		.acuse_validacion = "BI-20261002-090000998",
		.baja = zc("2026-10-03 09:00"),
		.acuse_baja = "BI-20261003-090000997",
		.motivo = "eliminado"};
}
