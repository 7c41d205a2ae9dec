#include "tests/help/dos_lados.h"

#include "tests/help/cm.h"

struct m_permiso dos_lados_leer[1] = {{.ambito = "notificaciones", .nivel = "leer"}};
static struct m_permiso firmar[] = {
	{.ambito = "notificaciones", .nivel = "firmar"}, {.ambito = "medios", .nivel = "preparar"}};

void dos_lados_init(struct dos_lados *d)
{
	*d = (struct dos_lados){0};
	pantalla_init(&d->p, ZONA_CENTRO, "2026-11-12 12:00");
	pantalla_efirma(&d->p, true, "2024-01-01 00:00", "2028-01-01 00:00");
	d->dadas[0] = (struct m_representacion){.folio = DADA,
		.titular = "FÑA010203AB1",
		.representante = CONTADOR,
		.representante_nombre = "ANA RUIZ SOSA",
		.permisos = dos_lados_leer,
		.permisos_count = 1,
		.desde = zc("2026-11-10 09:00"),
		.hasta = zc("2026-12-31 23:59:59.999"),
		.estado = "vigente",
		.origen = "buzon"};
	d->dadas[1] = (struct m_representacion){.folio = VIEJA,
		.titular = "FÑA010203AB1",
		.representante = "XEXX010101000",
		.permisos = dos_lados_leer,
		.permisos_count = 1,
		.desde = zc("2025-01-01 09:00"),
		.estado = "terminada",
		.origen = "padron",
		.termino = zc("2025-06-30 10:00"),
		.termino_por = "FÑA010203AB1",
		.acuse_baja = "BI-20250630-100000004"};
	d->recibidas[0] = (struct m_representacion){.folio = PROPUESTA,
		.titular = CLIENTE,
		.titular_nombre = "JOSÉ PEÑA ÑANDÚ",
		.representante = "FÑA010203AB1",
		.permisos = firmar,
		.permisos_count = 2,
		.desde = zc("2026-11-12 11:50"),
		.estado = "por-aceptar",
		.origen = "buzon",
		.base_sha256 = BASE,
		.acepta_antes = zc("2026-11-12 12:20")};
	d->cuenta = (struct m_cuenta){.titular = "FÑA010203AB1",
		.nombre = "Ferretería Ñandú SA de CV",
		.zona = ZONA_CENTRO,
		.padron = true,
		.habilitado = zc("2026-01-01 09:00"),
		.terminos = "1",
		.terminos_sha256 = BASE,
		.privacidad = "1",
		.privacidad_sha256 = BASE,
		.representantes = d->dadas,
		.representantes_count = 2,
		.representados = d->recibidas,
		.representados_count = 1};
	pantalla_cuenta(&d->p, &d->cuenta);
}

void dos_lados_free(struct dos_lados *d)
{
	pantalla_free(&d->p);
}

void dos_lados_show(struct dos_lados *d, enum screen screen, const char *folio)
{
	const struct effect from = effect_to(EFFECT_OPEN, screen, folio);

	pantalla_open(&d->p, &from);
}

void dos_lados_represent(struct dos_lados *d, const char *nivel)
{
	d->propios[0] = (struct m_permiso){.ambito = "notificaciones", .nivel = nivel};
	d->p.m.perfil.calidad = "representante";
	d->cuenta.permisos = d->propios;
	d->cuenta.permisos_count = nivel != NULL;
	pantalla_cuenta(&d->p, &d->cuenta);
}

void dos_lados_side_by_side(struct dos_lados *d, const char *rfc, const char *calidad)
{
	d->perfiles[0] = (struct mundo_perfil){.nombre = "ferreteria",
		.rfc = "FÑA010203AB1",
		.calidad = "propio",
		.model = &d->p.m};
	d->perfiles[1] = (struct mundo_perfil){.nombre = "otro", .rfc = rfc, .calidad = calidad};
	d->mundo = (struct mundo){d->perfiles, 2, 0, 2};
	d->p.m.mundo = &d->mundo;
}

bool dos_lados_hinted(struct dos_lados *d, const char *word)
{
	struct page page = pantalla_page(&d->p);

	for (size_t i = 0; i < page.hint_count; i++)
		if (strcmp(page.hints[i].word, word) == 0)
			return true;
	return false;
}

void dos_lados_status_says(struct dos_lados *d, const char *text)
{
	const char *status = pantalla_page(&d->p).status;

	if (status == NULL || strstr(status, text) == NULL)
		fail_msg("the last line is «%s», not «%s»", status != NULL ? status : "", text);
}

const char *dos_lados_button(struct dos_lados *d, size_t index)
{
	struct page page = pantalla_page(&d->p);

	assert_int_equal(page.kind, PAGE_DIALOG);
	return index < page.dialog.button_count ? page.dialog.buttons[index].label : "";
}
