/*
 * An e.firma in the hand: certificate, private key, and that they belong together and to whom.
 */
#ifndef CRYPTO_EFIRMA_H
#define CRYPTO_EFIRMA_H

#include "crypto/cert.h"
#include "crypto/key.h"

struct efirma {
	struct arena arena; /* owns the certificate's texts */
	struct cert cert;
	struct key *key;
};

void efirma_free(struct efirma *f);
AUTO_TYPE(efirma, struct efirma, efirma_free);

/*
 * Opens the pair, in the order in which a person can mend mistakes: certificate readable, is an
 * e.firma and not a CSD, key readable, password, they match, in force at `at`, and the typed RFC
 * (NULL or "": not asked) is the holder's, whole and exact. Swapped files are named as such.
 * Errors: those of cert_read, cert_check_efirma, key_load, ERR_KEY_MISMATCH, ERR_RFC_MISMATCH.
 */
enum err efirma_open(struct bytes cer, struct bytes key, const struct secret *password,
	const char *rfc, int64_t at, struct efirma **ret) MUST_CHECK;
/*
 * The same whatever the date, for what was kept under an e.firma that has expired or was renewed:
 * its key unwraps and does not sign (ERR_BAD_KEY).
 */
enum err efirma_open_old(struct bytes cer, struct bytes key, const struct secret *password,
	const char *rfc, struct efirma **ret) MUST_CHECK;
/*
 * A second owner of the same e.firma, for the profiles that sign with one certificate: the key is
 * the same, once in memory; the texts are its own. Either may be freed first. ERR_NO_MEMORY.
 */
enum err efirma_share(const struct efirma *f, struct efirma **ret) MUST_CHECK;

#endif
