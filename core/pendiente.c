/* Placeholders of the contract: each goes when its part is written. */
#include "core/avisos.h"
#include "core/evidencia.h"
#include "core/rules/rules.h"
#include "core/subidas.h"

#define PENDIENTE(name, request, answer)                                                           \
	enum err rule_##name(                                                                      \
		struct env *env, const struct m_##request *rq, struct m_##answer *ret)             \
	{                                                                                          \
		(void)env;                                                                         \
		(void)rq;                                                                          \
		(void)ret;                                                                         \
		return ERR_INTERNAL;                                                               \
	}
PENDIENTE(historia, historia_pedir, historia)
PENDIENTE(archivo_crear, archivo_crear, archivo_creado)
PENDIENTE(oficio_revisar, oficio_revisar, oficio_revisado)
PENDIENTE(oficio_emitir, oficio_emitir, acuse)
PENDIENTE(oficio_retirar, oficio_retirar, acuse)
PENDIENTE(oficio_estrados, oficio_estrados, acuse)
PENDIENTE(oficio_personal, oficio_personal, acuse)
PENDIENTE(propuestas, propuestas_pedir, propuestas)
PENDIENTE(publicar, publicar, acuse)

enum err aviso_programar(struct env *env, const char *folio, int64_t sale)
{
	(void)env;
	(void)folio;
	(void)sale;
	return ERR_INTERNAL;
}

enum err aviso_dar_por_enviado(struct env *env, const char *folio, int64_t aviso)
{
	(void)env;
	(void)folio;
	(void)aviso;
	return ERR_INTERNAL;
}

enum err aviso_quitar(struct env *env, const char *folio)
{
	(void)env;
	(void)folio;
	return ERR_INTERNAL;
}

enum err subida_usar(struct env *env, const char *dueno, const char *sha256, const char *folio,
	const char *cadena, struct bytes firma, struct bytes certificado, int64_t *ret_bytes)
{
	(void)env;
	(void)dueno;
	(void)sha256;
	(void)folio;
	(void)cadena;
	(void)firma;
	(void)certificado;
	(void)ret_bytes;
	return ERR_INTERNAL;
}

enum err aviso_mover(struct env *env, const char *folio, int64_t vence)
{
	(void)env;
	(void)folio;
	(void)vence;
	return OK;
}
