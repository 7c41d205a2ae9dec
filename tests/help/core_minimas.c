#include "tests/help/core_minimas.h"

#define NO_FOLIO "BI-20200101-000000000"
#define NO_SHA256 "0000000000000000000000000000000000000000000000000000000000000000"
#define SHORT                                                                                      \
	{                                                                                          \
		(const unsigned char *)"corta", 5                                                  \
	}

/* ROW(x, fields...): the rule of that route refuses these. */
#define ROW(route, ...) [ROUTE_ID_##route] = {.route = {__VA_ARGS__}}

static const union minima rows[ROUTE_COUNT] = {
	ROW(entrar, .llave_lectura = SHORT, .version = 1),
	ROW(sincronizar, .hat = {0}),
	ROW(notificacion_abrir, .folio = NO_FOLIO, .fecha_legal = "2026-01-02"),
	ROW(documento, .folio = NO_FOLIO),
	ROW(acuse, .folio = NO_FOLIO),
	ROW(texto, .cual = "otro"),
	ROW(medio_registrar, .mecanismo = "paloma", .medio = "ninguno"),
	ROW(medio_validar, .folio = NO_FOLIO, .codigo = "00000"),
	ROW(medio_reenviar, .folio = NO_FOLIO),
	ROW(medio_baja, .folio = NO_FOLIO),
	ROW(activar, .terminos = "0", .terminos_sha256 = NO_SHA256, .privacidad = "0",
		.privacidad_sha256 = NO_SHA256),
	ROW(representante_alta, .representante = "NADIE"),
	ROW(representante_aceptar, .folio = NO_FOLIO, .base_sha256 = NO_SHA256),
	ROW(representante_baja, .folio = NO_FOLIO),
	ROW(historia, .folio = NO_FOLIO),
	ROW(archivo_crear, .sha256 = "corto", .bytes = 1),
	ROW(oficio_revisar, .oficio = "1", .tipo = "R-7.99"),
	ROW(oficio_emitir, .oficio = "1", .documento = "1", .tipo = "R-7.99", .sha256 = NO_SHA256,
		.fecha = "ayer", .firma = SHORT),
	ROW(oficio_retirar, .folio = NO_FOLIO, .motivo = "ninguno"),
	ROW(oficio_estrados, .folio = NO_FOLIO, .motivo = "ninguno"),
	ROW(oficio_personal, .folio = NO_FOLIO, .motivo = "ninguno", .notificada = 1),
	ROW(publicar, .clase = "ninguna", .tipo = "ninguna", .titulo = "ninguna"),
};

union minima minima(enum route r, struct m_hat hat, const struct efirma *by)
{
	union minima m = rows[r];

	m.hat = hat;
	if (r == ROUTE_ID_entrar)
		m.entrar.certificado = by->cert.der;
	return m;
}
