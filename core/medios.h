/*
 * Contact media (Lineamientos 5.1, 5.2; R-1): what is registered, and what is sent to whom.
 */
#ifndef CORE_MEDIOS_H
#define CORE_MEDIOS_H

#include "core/envio.h"

struct writer_group;

/* Its board, into the cuenta; the newest first. What is in use is never left out of its 300 rows.
 */
enum err medios_cuenta(struct env *env, struct m_cuenta *m) MUST_CHECK;
/*
 * The carrier has taken the validation message of that medium (folio) of env->titular: a mobile's
 * 72 hours begin with the first one (Lineamientos 5.2). Takes the titular's lock. A medium that is
 * not pending any more is no error.
 */
enum err medios_enviado(struct env *env, const char *folio) MUST_CHECK;
/*
 * A message to every validated medium of env->titular (rp NULL: the RFC's): `correo` to e-mails,
 * `sms` to the mobile; PLANTILLAS for none.
 */
enum err medios_avisar(struct env *env, const char *rp, enum plantilla correo, enum plantilla sms,
	const struct m_dato *datos, size_t count) MUST_CHECK;
/*
 * About that notification: to the RFC's and, where the act names one, to that RP's too (7.3).
 */
enum err medios_avisar_acto(struct env *env, const char *acto, const char *rp,
	enum plantilla correo, enum plantilla sms, const struct m_dato *datos,
	size_t count) MUST_CHECK;
/* To the RFC's that remain: `valor` got its baja. */
enum err medios_avisar_baja(struct env *env, const char *valor) MUST_CHECK;

/* ---- the page of a link ---- */

/* What it tells: nothing that who holds the link does not know, but the RFC. */
struct medios_confirmado {
	const char *titular;
	const char *folio;
	const char *mecanismo;
	int64_t registrado;
	int64_t validado; /* 0: not yet */
	bool antes;	  /* it had been validated before */
};

/*
 * Whose link that is; enlace_sha256: of the link's text behind /c/, as it stands in the message.
 * Reads only. ERR_NOT_FOUND, ERR_MEDIUM_EXPIRED, ERR_MEDIUM_GONE, errors of the store.
 */
enum err medios_por_enlace(struct store *s, struct arena *a, const unsigned char enlace_sha256[32],
	int64_t now, struct medios_confirmado *ret) MUST_CHECK;
/*
 * Validates it, with the acuse of nobody's act; once: again it tells what was (`antes`). In a
 * transaction of the writer, with a folio at hand; env has store, arena, now, config, calendario,
 * folios, news and the seal's certificate: titular and what belongs to it are found here, under its
 * lock. The same errors.
 */
enum err medios_confirmar(struct env *env, struct writer_group *g,
	const unsigned char enlace_sha256[32], struct medios_confirmado *ret) MUST_CHECK;

#endif
