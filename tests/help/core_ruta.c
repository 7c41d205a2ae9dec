#include "tests/help/core_ruta.h"

#define NO_FOLIO "BI-20200101-000000000"

static const char none[] = "0000000000000000000000000000000000000000000000000000000000000000";

/* False: it is none of a person's. */
static bool of_a_person(enum route r, const struct efirma *by, union ruta_pedida *m)
{
	switch (r) {
	case ROUTE_ID_entrar:
		m->entrar.certificado = by->cert.der;
		m->entrar.llave_lectura = bytes_of_text("corta");
		m->entrar.version = 1;
		break;
	case ROUTE_ID_notificacion_abrir:
		m->notificacion_abrir.folio = NO_FOLIO;
		m->notificacion_abrir.fecha_legal = "2026-01-02";
		break;
	case ROUTE_ID_documento:
		m->documento.folio = NO_FOLIO;
		break;
	case ROUTE_ID_acuse:
		m->acuse.folio = NO_FOLIO;
		break;
	case ROUTE_ID_texto:
		m->texto.cual = "otro";
		break;
	case ROUTE_ID_medio_registrar:
		m->medio_registrar.mecanismo = "paloma";
		m->medio_registrar.medio = "ninguno";
		break;
	case ROUTE_ID_medio_validar:
		m->medio_validar.folio = NO_FOLIO;
		m->medio_validar.codigo = "00000";
		break;
	case ROUTE_ID_medio_reenviar:
		m->medio_reenviar.folio = NO_FOLIO;
		break;
	case ROUTE_ID_medio_baja:
		m->medio_baja.folio = NO_FOLIO;
		break;
	case ROUTE_ID_activar:
		m->activar.terminos = m->activar.privacidad = "0";
		m->activar.terminos_sha256 = m->activar.privacidad_sha256 = none;
		break;
	case ROUTE_ID_representante_alta:
		m->representante_alta.representante = "NADIE";
		break;
	case ROUTE_ID_representante_aceptar:
		m->representante_aceptar.folio = NO_FOLIO;
		m->representante_aceptar.base_sha256 = none;
		break;
	case ROUTE_ID_representante_baja:
		m->representante_baja.folio = NO_FOLIO;
		break;
	default:
		return false;
	}
	return true;
}

static void of_the_institute(enum route r, union ruta_pedida *m)
{
	switch (r) {
	case ROUTE_ID_historia:
		m->historia.folio = NO_FOLIO;
		break;
	case ROUTE_ID_archivo_crear:
		m->archivo_crear.sha256 = "corto";
		m->archivo_crear.bytes = 1;
		break;
	case ROUTE_ID_oficio_revisar:
		m->oficio_revisar.oficio = "1";
		m->oficio_revisar.tipo = "R-7.99";
		break;
	case ROUTE_ID_oficio_emitir:
		m->oficio_emitir.oficio = m->oficio_emitir.documento = "1";
		m->oficio_emitir.tipo = "R-7.99";
		m->oficio_emitir.sha256 = none;
		m->oficio_emitir.fecha = "ayer";
		m->oficio_emitir.firma = bytes_of_text("corta");
		break;
	case ROUTE_ID_oficio_retirar:
		m->oficio_retirar.folio = NO_FOLIO;
		m->oficio_retirar.motivo = "ninguno";
		break;
	case ROUTE_ID_oficio_estrados:
		m->oficio_estrados.folio = NO_FOLIO;
		m->oficio_estrados.motivo = "ninguno";
		break;
	case ROUTE_ID_oficio_personal:
		m->oficio_personal.folio = NO_FOLIO;
		m->oficio_personal.motivo = "ninguno";
		m->oficio_personal.notificada = 1;
		break;
	case ROUTE_ID_publicar:
		m->publicar.clase = m->publicar.tipo = m->publicar.titulo = "ninguna";
		break;
	default:
		break;
	}
}

union ruta_pedida ruta_pedida(enum route r, struct m_hat hat, const struct efirma *by)
{
	union ruta_pedida m = {.hat = hat};

	if (!of_a_person(r, by, &m))
		of_the_institute(r, &m);
	return m;
}
