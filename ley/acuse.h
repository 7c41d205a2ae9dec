/*
 * The acuse (Lineamientos 6.1, A-15): building it before the seal, and proving it from nothing but
 * itself and a trust folder. The struct is the wire's message: one shape from rule to paper.
 */
#ifndef LEY_ACUSE_H
#define LEY_ACUSE_H

#include "crypto/certs.h"
#include "ley/cadena.h"
#include "net/messages.h"

/* Title of the cadena's version, "3.0". */
#define ACUSE_VERSION "3.0"

/*
 * Fills m->cadena from the message's own fields (dates in Zona Centro, hashes of base and content,
 * thumbprint of certificado_sello). All other fields must be set. ERR_BAD_FIELD, ERR_NO_MEMORY.
 */
enum err acuse_cadena(struct arena *a, struct m_acuse *m) MUST_CHECK;
/*
 * SHA-256 in hex of what the acuse says besides the cadena's own values: "label: value\n" of the
 * printed fields in the order of acuse.c's table (fundamento, zone, names, status, revocation,
 * address, capacity), then of every row of the content, in order. So nothing that is shown escapes
 * the seal. ERR_BAD_FIELD where a value is missing, holds a control character (a newline would let
 * one row be read as two) or a label holds a colon.
 */
enum err acuse_contenido_sha256(
	struct arena *a, const struct m_acuse *m, const char **ret_hex) MUST_CHECK;
/* The URL the QR carries: direccion + "/v/" + capacidad (100 random bits). NULL: no memory. */
const char *acuse_url(struct arena *a, const struct m_acuse *m) MUST_CHECK;
/*
 * What stands at the foot of every acuse. An operator's own wording is a row of its
 * content, under that label, so that it is sealed with it; where there is none, ours is shown.
 */
enum acuse_pie { ACUSE_PIE_CONFIDENCIALIDAD, ACUSE_PIE_CONTACTO, ACUSE_PIE_PRIVACIDAD, ACUSE_PIES };
const char *acuse_pie_etiqueta(enum acuse_pie which);
/* The text, of this acuse; ours is to be translated. */
const char *acuse_pie(const struct m_acuse *m, enum acuse_pie which);
/* Is that row of the content one of these? It is shown at the foot, not among the others. */
bool acuse_is_pie(const struct m_dato *row);
/* Our own wording of them. */
const char *acuse_texto_privacidad(void);
const char *acuse_texto_contacto(void);
const char *acuse_texto_confidencialidad(void);

/*
 * An acuse of what nobody signed (Lineamientos 6.1, 7.5): a link was followed, a term ran out. It
 * is the Buzón's own constancia: this calidad, which no act can have (net/routes.h), no signature
 * and no certificate of a signer. `cuerpo` is the event, `base` binds it, the seal binds both.
 */
#define ACUSE_AUTOMATICO "automatico"
/* What stands where a signer would: firmante, firmante_nombre, revocacion. */
#define ACUSE_AUTOMATICO_FIRMANTE "BUZON-IMSS"
#define ACUSE_AUTOMATICO_NOMBRE "Constancia automática del Buzón IMSS; nadie la firmó"
#define ACUSE_AUTOMATICO_REVOCACION "no aplica"
bool acuse_is_automatico(const struct m_acuse *m);
/*
 * The base of such an event, one line of JSON: that nobody signed it, and its SHA-256. It can't be
 * read as what a person signs (net/httpsig.h). ERR_BAD_FIELD where the event is no such line.
 */
enum err acuse_base_automatica(
	struct arena *a, struct bytes evento, const char **ret_base) MUST_CHECK;

/* What a proof looks at, one row each, in the order in which a person should read them. */
struct acuse_check {
	const char *what; /* Spanish: "La firma corresponde a lo firmado" */
	bool holds;
	const char *detail; /* Spanish: what was compared, or what does not hold and what to do */
};

struct acuse_proof {
	struct acuse_check *checks;
	size_t count;
	bool holds; /* all of them */
};

/*
 * Proves offline: body against the digest in the base; base names what the body says (titular,
 * calidad); signature by the certificate; certificate is an e.firma of `firmante`, in force and
 * chained at the time received; content hash; cadena rebuilt equals; seal certificate in the trust
 * folder and in force then; sello verifies. Of an automatic one, instead of the first five: nobody
 * signed it, and the base is that of its event. Where its content keeps a derivation
 * (plazo_filas): its dates are what counting it again gives. Errors only for memory; what does not
 * hold is a row. `t` may be NULL: then the rows about trust do not hold and say that no folder was
 * given.
 */
enum err acuse_prove(struct arena *a, const struct m_acuse *m, const struct trust *t,
	struct acuse_proof *ret) MUST_CHECK;
/* The same for who proves many: with the certificates that are known already. */
enum err acuse_prove_with(struct arena *a, const struct m_acuse *m, struct certs *c,
	struct acuse_proof *ret) MUST_CHECK;
/* The client's quick form of the same: OK only if all hold. ERR_BAD_SEAL. */
enum err acuse_verify(struct arena *a, const struct m_acuse *m, const struct trust *t) MUST_CHECK;

#endif
