/*
 * Whom we believe: a folder of certificates, read once, then immutable (threads may share it).
 *
 *   FOLDER/raices/    roots (self-signed; Banxico's ARC in production)
 *   FOLDER/emisores/  issuers (SAT's AC)
 *   FOLDER/sellos/    the Institute's seal certificates, each with its window
 *   FOLDER/ocsp/      OCSP responders that an issuer did not delegate by EKU (optional)
 *
 * A root named PRUEBA anywhere in its CN makes the folder a test folder; test and production roots
 * in one folder are refused.
 */
#ifndef CRYPTO_TRUST_H
#define CRYPTO_TRUST_H

#include "crypto/cert.h"

struct trust;

void trust_free(struct trust *t);
AUTO_TYPE(trust, struct trust, trust_free);

/* ERR_NO_FILE (no folder, no root), ERR_BAD_CERT, ERR_CONFIG (test and production mixed). */
enum err trust_open(const char *folder, struct trust **ret) MUST_CHECK;
/* Everything says PRUEBA where this is true. */
bool trust_is_test(const struct trust *t);
/*
 * Chain of an e.firma to a root as of the instant `at` (old acts at their own time). No
 * X509_V_FLAG_X509_STRICT; purpose any. ERR_CERT_UNTRUSTED, ERR_NO_MEMORY. The issuer's DER is
 * given for OCSP and evidence (borrowed from the trust); ret_issuer may be NULL.
 */
enum err trust_verify(const struct trust *t, struct bytes cert_der, int64_t at,
	struct bytes *ret_issuer) MUST_CHECK;
/*
 * Two instants with the same number get the same verdict of trust_verify for a certificate that is
 * in force at both: no issuer and no root begins or ends between them.
 */
size_t trust_epoch(const struct trust *t, int64_t at);
/* Is that DER in FOLDER/emisores? */
bool trust_has_issuer(const struct trust *t, struct bytes der);
/* The seal certificate with that thumbprint, in force at `at`; ERR_CERT_UNTRUSTED. */
enum err trust_seal(const struct trust *t, const char *thumbprint, int64_t at, struct arena *a,
	struct cert *ret) MUST_CHECK;
/* DER of the certificates in FOLDER/ocsp, owned by the trust. */
const struct bytes *trust_responders(const struct trust *t, size_t *ret_count);

#endif
