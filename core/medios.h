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

/* A medium that a link leads to. */
struct medios_confirmado {
	const char *titular;
	const char *folio;
	const char *mecanismo;
	int64_t registrado;
	int64_t validado; /* 0: not yet */
	bool antes;	  /* it was already */
};

struct writer_group;

/*
 * What that link (SHA-256 of its text, as it stands in the address behind /c/) leads to, at `now`;
 * changes nothing. ERR_NOT_FOUND; ERR_MEDIUM_EXPIRED past the 72 hours; ERR_MEDIUM_GONE of one that
 * was removed. Texts in the arena.
 */
enum err medios_por_enlace(struct store *s, struct arena *a, const unsigned char enlace_sha256[32],
	int64_t now, struct medios_confirmado *ret) MUST_CHECK;
/*
 * Validates it, in the transaction at hand of a chore that holds env->titular's mailbox; of one
 * that was validated already it tells when. Its errors, ERR_SEAL, errors of the store.
 */
enum err medios_confirmar(struct env *env, struct writer_group *g,
	const unsigned char enlace_sha256[32], struct medios_confirmado *ret) MUST_CHECK;

#endif
