/*
 * Of each route the least request that reaches its rule, which then refuses it: nothing but who
 * asks can have stood in its way before.
 */
#ifndef TESTS_HELP_CORE_MINIMAS_H
#define TESTS_HELP_CORE_MINIMAS_H

#include "crypto/efirma.h"
#include "net/messages.h"
#include "net/routes.h"

union minima {
	struct m_hat hat;
	struct m_entrar entrar;
	struct m_sincronizar sincronizar;
	struct m_notificacion_abrir notificacion_abrir;
	struct m_documento_pedir documento;
	struct m_acuse_pedir acuse;
	struct m_texto_pedir texto;
	struct m_medio_registrar medio_registrar;
	struct m_medio_validar medio_validar;
	struct m_medio_reenviar medio_reenviar;
	struct m_medio_baja medio_baja;
	struct m_activar activar;
	struct m_representante_alta representante_alta;
	struct m_representante_aceptar representante_aceptar;
	struct m_representante_baja representante_baja;
	struct m_historia_pedir historia;
	struct m_archivo_crear archivo_crear;
	struct m_oficio_revisar oficio_revisar;
	struct m_oficio_emitir oficio_emitir;
	struct m_oficio_retirar oficio_retirar;
	struct m_oficio_estrados oficio_estrados;
	struct m_oficio_personal oficio_personal;
	struct m_publicar publicar;
};

/* By that hat; `by`: whose certificate it brings where it brings one. */
union minima minima(enum route r, struct m_hat hat, const struct efirma *by);

#endif
