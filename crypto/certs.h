/*
 * Certificates that are met again and again while much is proved: each is parsed, and its chain
 * followed, once and not for each proof (limits.md: 6.5 and 13 verifies).
 *
 * What is lent lives until certs_trim or certs_free, whatever else is asked for meanwhile. Used by
 * one thread.
 */
#ifndef CRYPTO_CERTS_H
#define CRYPTO_CERTS_H

#include "crypto/key.h"
#include "crypto/trust.h"

struct certs;

/* `t` is borrowed; NULL: nothing is trusted. */
enum err certs_open(const struct trust *t, struct certs **ret) MUST_CHECK;
void certs_free(struct certs *c);
AUTO_TYPE(certs, struct certs, certs_free);
const struct trust *certs_trust(const struct certs *c);
/* cert_read of a certificate in DER and no other form, whose errors it has. */
enum err certs_read(struct certs *c, struct bytes der, const struct cert **ret) MUST_CHECK;
/* key_verify with the certificate's own key; ERR_WEAK_KEY where that is not RSA. */
enum err certs_check(
	struct certs *c, struct bytes der, struct bytes message, struct bytes signature) MUST_CHECK;
/* trust_verify; ERR_CERT_UNTRUSTED where there is no trust folder, too. */
enum err certs_verify(
	struct certs *c, struct bytes der, int64_t at, struct bytes *ret_issuer) MUST_CHECK;
/* Gives memory back where there are more than `most` certificates. */
void certs_trim(struct certs *c, size_t most);

#endif
