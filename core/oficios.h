/*
 * What the rules of the Institute's side share (Lineamientos 7.1, 7.8, 7.10, 8): whether that
 * public servant may do it, of which act, and what their signature over a document says. All of it
 * sees only env; the signer is the public servant.
 */
#ifndef CORE_OFICIOS_H
#define CORE_OFICIOS_H

#include "core/env.h"
#include "ley/documento.h"
#include "ley/plazo.h"

/*
 * The ambito of an acuse that its titular is told only once the notification of that folio is
 * notified, and else never: no menu has it.
 */
#define OFICIOS_EMISION "emision"
/* How a notification ended, where not by being opened (messages.def, notificacion.forma). */
#define OFICIOS_RETIRADA "retirada"
#define OFICIOS_ESTRADOS "estrados"
#define OFICIOS_PERSONAL "personal"
/* What its acuses are. */
#define OFICIOS_ACUSE_EMISION "Acuse de emisión"
#define OFICIOS_ACUSE_RETIRO "Acuse de retiro"
#define OFICIOS_ACUSE_ESTRADOS "Acuse de decisión sobre estrados"
#define OFICIOS_ACUSE_PERSONAL "Acuse de notificación personal"
#define OFICIOS_ACUSE_PUBLICACION "Acuse de publicación"
/* Labels of its acuses, by which they are known again (core/verifica_oficio.c). */
#define OFICIOS_FOLIO "Folio de la emisión"
#define OFICIOS_MOTIVO "Motivo"
#define OFICIOS_DECISION "Decisión"
#define OFICIOS_PROCEDE "Notificar por estrados"
#define OFICIOS_NO_PROCEDE "No notificar por estrados"
#define OFICIOS_NOTIFICADA "Notificada en persona"
#define OFICIOS_TITULO "Título"
#define OFICIOS_PARA "Para"

/* What becomes of them is shown in acuses: gathered rows, and whether memory ended. */
#define OFICIOS_DATOS 20
struct oficios_hoja {
	struct env *env;
	struct m_dato datos[OFICIOS_DATOS];
	size_t count;
	bool full; /* of memory */
};
/* A row that has no value (NULL) is left out. */
void oficios_dato(struct oficios_hoja *h, const char *etiqueta, const char *valor);
/* `valor` was made just now: NULL tells that memory ended. */
void oficios_hecho(struct oficios_hoja *h, const char *etiqueta, const char *valor);
void oficios_instante(struct oficios_hoja *h, const char *etiqueta, int64_t instante);
/* acuse_make, of an act that is received when it is sent (no term of a particular's runs). */
enum err oficios_acuse(struct oficios_hoja *h, const char *tipo, const char *fundamento,
	const char *estatus, struct m_acuse *ret) MUST_CHECK;

/* ERR_NO_ROLE unless the signer's `actos` have it. */
enum err oficios_facultad(
	const struct env *env, enum facultad que, const struct funcionario **ret) MUST_CHECK;
/*
 * That kind of the catalogue, if it is among the signer's and can be used now. ERR_UNKNOWN_KIND,
 * ERR_NO_ROLE, ERR_KIND_UNAVAILABLE (L-4.3).
 */
enum err oficios_tipo(struct env *env, const struct funcionario *f, const char *clave,
	const struct m_tipo_acto **ret) MUST_CHECK;
/* ERR_NOT_REGISTERED; ERR_NO_SUCH_RP where `rp` (normalised, or NULL) is not the titular's. */
enum err oficios_destinatario(struct env *env, const char *rp) MUST_CHECK;
/* When an aviso that is ready at `listo` goes out and, sent then, when it lapses (7.2-7.5). */
enum err oficios_plazo(struct env *env, const char *subdelegacion, int64_t listo,
	struct plazo_aviso *ret) MUST_CHECK;
/*
 * The cadena of `d`, whose firmante is filled here, where `firma` is its signer's and `fecha` an
 * instant that is not to come, at which their certificate was in force. ERR_BAD_FIELD (fecha,
 * firma, or what the cadena can't hold), ERR_NO_MEMORY.
 */
enum err oficios_firma(struct env *env, struct documento *d, struct bytes firma,
	const char **ret_cadena) MUST_CHECK;
/*
 * An act of the titular that the signer issued, which nothing has ended yet. ERR_NO_ROLE,
 * ERR_NOT_FOUND, ERR_WITHDRAWN, ERR_ALREADY_NOTIFIED.
 */
enum err oficios_abierto(
	struct env *env, enum facultad que, const char *folio, struct out_oficio *ret) MUST_CHECK;
/*
 * May its titular read it at `now`: it was opened, it lapsed, or it was notified otherwise? What is
 * notified by estrados is there for everybody to see from its decision on.
 */
bool oficios_se_conoce(const struct out_oficio *n, int64_t now);

#endif
