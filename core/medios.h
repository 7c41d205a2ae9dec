/*
 * Contact media (Lineamientos 5.1, 5.2; R-1): what is registered, and what is sent to whom.
 */
#ifndef CORE_MEDIOS_H
#define CORE_MEDIOS_H

#include "core/envio.h"

/* Its board, into the cuenta; the newest first. */
enum err medios_cuenta(struct env *env, struct m_cuenta *m) MUST_CHECK;
/*
 * The carrier has taken the validation message of that medium (folio) of env->titular: a mobile's
 * 72 hours begin with the first one (Lineamientos 5.2).
 */
enum err medios_enviado(struct env *env, const char *folio) MUST_CHECK;
/*
 * A message to every validated medium of env->titular (rp NULL: the RFC's): `correo` to e-mails,
 * `sms` to the mobile; PLANTILLAS for none.
 */
enum err medios_avisar(struct env *env, const char *rp, enum plantilla correo, enum plantilla sms,
	const struct m_dato *datos, size_t count) MUST_CHECK;

#endif
