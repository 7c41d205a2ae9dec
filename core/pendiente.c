/* On the way: replaced part by part before this branch is whole. */
#include "core/acuse_make.h"
#include "core/legales.h"
#include "core/medios.h"
#include "core/padron.h"
#include "core/rules/rules.h"

const struct legal *legales_vigente(const struct legales *l, enum legal_cual cual)
{
	static const struct legal none = {
		LEGAL_TERMINOS, "1", "0000000000000000000000000000000000000000000000000000000000000000", {0}};

	(void)l;
	(void)cual;
	return &none;
}

enum err padron_cuenta(struct env *env, struct m_cuenta *m)
{
	(void)env;
	(void)m;
	return OK;
}

enum err medios_cuenta(struct env *env, struct m_cuenta *m)
{
	(void)env;
	(void)m;
	return OK;
}

enum err medios_enviado(struct env *env, const char *folio)
{
	(void)env;
	(void)folio;
	return OK;
}

enum err medios_avisar(struct env *env, const char *rp, enum plantilla correo, enum plantilla sms,
	const struct m_dato *datos, size_t count)
{
	(void)env;
	(void)rp;
	(void)correo;
	(void)sms;
	(void)datos;
	(void)count;
	return OK;
}

enum err envio_poner(struct env *env, const struct envio_de *de)
{
	(void)env;
	(void)de;
	return OK;
}

enum err envio_cuantos(struct env *env, const char *destino, int64_t desde, int64_t *ret_titular,
	int64_t *ret_todos, int64_t *ret_ultimo)
{
	(void)env;
	(void)destino;
	(void)desde;
	*ret_titular = *ret_todos = *ret_ultimo = 0;
	return OK;
}

enum err acuse_automatico(struct env *env, struct writer_group *g, const struct acuse_de *de,
	const char *evento, struct m_acuse *ret)
{
	(void)env;
	(void)g;
	(void)de;
	(void)evento;
	(void)ret;
	return ERR_INTERNAL;
}

#define LATER(name, request, answer)                                                               \
	enum err rule_##name(struct env *env, const struct m_##request *rq, struct m_##answer *ret) \
	{                                                                                          \
		(void)env;                                                                         \
		(void)rq;                                                                          \
		(void)ret;                                                                         \
		return ERR_NO_ROUTE;                                                               \
	}
LATER(texto, texto_pedir, texto)
LATER(medio_registrar, medio_registrar, acuse)
LATER(medio_validar, medio_validar, acuse)
LATER(medio_reenviar, medio_reenviar, medio_reenviado)
LATER(medio_baja, medio_baja, acuse)
LATER(activar, activar, acuse)
