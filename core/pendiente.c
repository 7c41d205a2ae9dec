/* Placeholders of the contract: each goes when its part is written. */
#include "core/calendarios.h"
#include "core/catalogo.h"
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
PENDIENTE(archivo_crear, archivo_crear, archivo_creado)

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

const struct m_tipo_acto *catalogo_tipo(const struct m_catalogo *c, const char *clave)
{
	(void)c;
	(void)clave;
	return NULL;
}

bool catalogo_disponible(const struct m_tipo_acto *t, int64_t now)
{
	return t != NULL && t->disponible != 0 && t->disponible <= now;
}
