/*
 * One contact medium (Lineamientos 5.1, 5.2): what its rules, its job, and the page of its link
 * have in common.
 *
 * It is registered, pending until it is validated, and ends with a baja. Pending it lapses after 72
 * running hours, the last instant included: a mail's from its registration, a mobile's from when
 * its first message was taken (vence is 0 until then).
 */
#ifndef CORE_MEDIO_H
#define CORE_MEDIO_H

#include "core/env.h"

/* mecanismo and rp, as on the wire; "" is the RFC's own rp. */
#define MEDIO_CORREO "correo"
#define MEDIO_CELULAR "celular"
#define MEDIO_RFC ""
#define MEDIO_TODOS "*"
/* motivo of a baja. */
#define MEDIO_ELIMINADO "eliminado"
#define MEDIO_SUSTITUIDO "sustituido"
#define MEDIO_VENCIDO "vencido"

#define MEDIO_PLAZO_MS (72 * INT64_C(3600000))
/*
 * What was received in its 72 hours counts, though it be written later (OCSP is waited for, the
 * queue is long): the job that ends it comes so much later.
 */
#define MEDIO_EN_CAMINO_MS (2 * INT64_C(60000))
/* Of an RFC, or of one rp of it. */
#define MEDIO_CORREOS 5
/* Wrong codes that spend one. */
#define MEDIO_FALLOS 5

bool medio_es_correo(const char *mecanismo);

/* Can it be validated at `now`? ERR_MEDIUM_EXPIRED, ERR_MEDIUM_GONE, ERR_ALREADY_VALID. */
enum err medio_pendiente(const struct out_medio *m, int64_t now) MUST_CHECK;

/* ---- what a new one does to those that are there ---- */

struct medio_nuevo {
	const char *mecanismo;
	const char *clave;
	const char *reemplaza; /* asked for, or NULL */
};

struct medio_plan {
	const char *reemplaza; /* whose baja comes with its validation; or NULL */
	const struct out_medios_activos *sustituye; /* pending, whose baja comes at once; or NULL */
};

/*
 * Pure. `rows`: those without a baja of the same rp; what has lapsed and still waits for its job
 * counts no more. ERR_MEDIUM_EXISTS, ERR_MEDIA_FULL; of `reemplaza`: ERR_NOT_FOUND,
 * ERR_MEDIUM_EXPIRED.
 *
 * An RFC has five places for mails and one for a mobile. A pending one that will replace another
 * sits in the other's place; naming it replaces it at once, and what it was to replace is
 * inherited. A mobile never needs to be named.
 */
enum err medio_planea(const struct out_medios_activos *rows, size_t count, int64_t now,
	const struct medio_nuevo *n, struct medio_plan *ret) MUST_CHECK;

/* ---- codes and links ---- */

#define MEDIO_CODIGO 5
#define MEDIO_ENLACE 32

/* Random, single use; only the hashes are kept. */
struct medio_secreto {
	char codigo[MEDIO_CODIGO + 1];
	char enlace[MEDIO_ENLACE + 1]; /* 160 bits, lower-case base 32 */
	unsigned char sal[16];
	unsigned char codigo_sha256[32]; /* of salt and code */
	unsigned char enlace_sha256[32]; /* of the link's text: what it is looked up by */
};
enum err medio_secreto_make(struct medio_secreto *ret) MUST_CHECK;
/* Is it the code of that row? In constant time. ERR_INTERNAL where it could not be hashed. */
enum err medio_codigo_is(const struct out_medio *m, const char *codigo, bool *ret) MUST_CHECK;

/* ---- messages ---- */

/*
 * Codes in a day (Zona Centro): to one mailbox or number from one RFC, and from all of them, who
 * may be the clients of one accountant; and from one RFC to whomever. Notices are not counted.
 */
#define MEDIO_ENVIOS 5
#define MEDIO_ENVIOS_TODOS 200
#define MEDIO_ENVIOS_RFC 200
#define MEDIO_ENTRE_MS 60000

/*
 * May one more code be sent there (`clave`: as of the medium)? `again`: not within a minute of the
 * last one. *ret_quedan: how many more today behind it. ERR_TOO_MANY_SENT, with env->dato the
 * instant from which one may.
 */
enum err medio_cuota(
	struct env *env, const char *clave, bool again, int64_t *ret_quedan) MUST_CHECK;

struct medio_destino {
	const char *folio;
	const char *mecanismo;
	const char *valor;
	const char *clave;
	int64_t vence; /* 0 of a mobile */
};
/* The message with its code and, of a mail, its link. */
enum err medio_mandar(
	struct env *env, const struct medio_destino *to, const struct medio_secreto *s) MUST_CHECK;
/* When the job that ends it is due, should nobody validate it. */
int64_t medio_cancela(int64_t vence);
/* That job. */
enum err medio_vigilar(struct env *env, const char *folio, int64_t vence) MUST_CHECK;

/* ---- acuses ---- */

/* Labels by which an acuse is known again (core/verifica_medio.c). */
#define MEDIO_ACUSE_FOLIO "Folio del registro"
#define MEDIO_ACUSE_MECANISMO "Mecanismo de Comunicación"
#define MEDIO_ACUSE_VALOR "Medio de Contacto"
#define MEDIO_ACUSE_PARA "Registrado para"
#define MEDIO_ACUSE_SUSTITUIDO "Folio del medio sustituido"
#define MEDIO_TIPO_REGISTRO "Acuse de registro o actualización de mecanismos de comunicación"
#define MEDIO_TIPO_VALIDACION "Acuse de validación de mecanismos de comunicación"
#define MEDIO_TIPO_BAJA "Acuse de baja de mecanismos de comunicación"

/* What stands behind MEDIO_ACUSE_PARA, of such an rp. NULL: no memory. */
const char *medio_acuse_para(struct arena *a, const char *titular, const char *rp) MUST_CHECK;

/* Who makes the acuse: NULL: the signed act at hand; else nobody, in that group's transaction. */
struct writer_group;
struct medio_de_oficio {
	struct writer_group *group;
	const char *evento; /* core/acuse_make.h */
};

/* What an acuse says of a medium. */
struct medio_dicho {
	const char *folio; /* NULL: the acuse's own is the medium's */
	const char *mecanismo;
	const char *valor;
	const char *rp;
	int64_t vence; /* 0: not fixed yet */
	/* Of others: what it will replace, what it has replaced; or NULL. */
	const char *reemplaza;
	const char *sustituido;
	const char *sustituido_valor;
	const char *motivo; /* of a baja, in words */
	bool bajo_minimo;
};
enum err medio_acuse_registro(
	struct env *env, const struct medio_dicho *d, struct m_acuse *ret) MUST_CHECK;
enum err medio_acuse_validacion(struct env *env, const struct medio_dicho *d,
	const struct medio_de_oficio *oficio, struct m_acuse *ret) MUST_CHECK;
enum err medio_acuse_baja(struct env *env, const struct medio_dicho *d,
	const struct medio_de_oficio *oficio, struct m_acuse *ret) MUST_CHECK;
/* An instant as people read it, in Zona Centro and, where it is another hour there, at the fiscal
 * domicile (5.8). NULL: no memory. */
const char *medio_hora(struct env *env, int64_t instant) MUST_CHECK;

/* ---- changes ---- */

/* Validated now: what it replaces gets its baja, its titular is told. `m` was pending and is read
 * in this transaction. */
enum err medio_validar(struct env *env, const struct out_medio *m,
	const struct medio_de_oficio *oficio, struct m_acuse *ret) MUST_CHECK;

#endif
