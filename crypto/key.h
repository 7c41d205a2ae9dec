/*
 * Private and public keys. A private key lives in OpenSSL objects whose memory is the secure heap
 * where OpenSSL allows, and is freed (cleansed) by key_free. It does not allow it everywhere: the
 * first signature leaves copies of an RSA key's primes in the ordinary heap for as long as the
 * object lives. What waits in a person's hands for hours is put to rest.
 */
#ifndef CRYPTO_KEY_H
#define CRYPTO_KEY_H

#include <stdbool.h>
#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"
#include "base/secret.h"
#include "crypto/cert.h"

struct key; /* private or public; immutable, may be used by several threads */

void key_free(struct key *k);
AUTO_TYPE(key, struct key, key_free);
/* One more owner of the same key: each frees it. What changes it (key_rest) comes before. */
struct key *key_share(struct key *k) MUST_CHECK;
/* From now on it only unwraps: the key of a certificate that is no longer in force. */
void key_retire(struct key *k);

/*
 * A .key in any form: PKCS#8 encrypted DER (PBES2; PBES1 through a private library context with the
 * legacy provider), PEM, PKCS#1, or plain. The password is tried as typed (UTF-8), then as
 * windows-1252. ERR_WRONG_PASSWORD, ERR_SWAPPED_CERT (a certificate was given), ERR_PFX,
 * ERR_BAD_KEY, ERR_NO_MEMORY.
 */
enum err key_load(struct bytes file, const struct secret *password, struct key **ret) MUST_CHECK;
/* Whether key_load would need a password for this file. */
bool key_is_encrypted(struct bytes file);
/* ERR_KEY_MISMATCH where the private key is not the certificate's. */
enum err key_matches(const struct key *k, const struct cert *c) MUST_CHECK;

/*
 * From now on the key is its numbers in the secure heap and nothing else; each signature makes the
 * object anew and frees it, which costs as much as a second one (0.25 ms of RSA-2048). Public keys
 * and Ed25519 stay as they are. ERR_NO_MEMORY: nothing changed.
 */
enum err key_rest(struct key *k) MUST_CHECK;

/* Public keys. From stored n and e: 0.2 of a verify, no certificate parse (limits.md). */
enum err key_from_rsa(struct bytes n, uint64_t e, struct key **ret) MUST_CHECK;
enum err key_from_ed25519(struct bytes raw32, struct key **ret) MUST_CHECK;
/* ERR_WEAK_KEY where the certificate's key is not RSA. */
enum err key_of_cert(const struct cert *c, struct key **ret) MUST_CHECK;

/* A new Ed25519 reading key (RFC 8032); its raw public key and raw seed (secret). */
enum err key_make_ed25519(struct key **ret) MUST_CHECK;
enum err key_public_ed25519(const struct key *k, unsigned char ret_raw[32]) MUST_CHECK;
enum err key_seed_ed25519(const struct key *k, struct secret *ret_seed) MUST_CHECK;
enum err key_from_seed_ed25519(const struct secret *seed, struct key **ret) MUST_CHECK;
/* keyid of a reading key: base64url SHA-256 of its SubjectPublicKeyInfo DER. */
enum err key_id_ed25519(struct arena *a, struct bytes raw32, const char **ret_id) MUST_CHECK;

/*
 * RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017) for RSA keys, Ed25519 (RFC 8032) for the others: the
 * algorithm comes from the key. The signature is in the arena.
 */
enum err key_sign(
	struct arena *a, const struct key *k, struct bytes message, struct bytes *ret) MUST_CHECK;
/* ERR_BAD_SIGNATURE where it is not that key's signature of that message. */
enum err key_verify(const struct key *k, struct bytes message, struct bytes signature) MUST_CHECK;
/*
 * RSA-OAEP with SHA-256 (RFC 8017 section 7.1) of a short secret (190 bytes for RSA-2048), for the
 * key's public half; in the arena. ERR_BAD_KEY where the key is not RSA or the secret is too long.
 */
enum err key_wrap(struct arena *a, const struct key *k, const struct secret *secret,
	struct bytes *ret) MUST_CHECK;
/* ERR_NOT_ITS_KEY where it was wrapped for another or altered; ERR_BAD_KEY: no private half. */
enum err key_unwrap(const struct key *k, struct bytes wrapped, struct secret *ret) MUST_CHECK;
/* "rsa-v1_5-sha256" or "ed25519" (RFC 9421 section 6.2). */
const char *key_alg(const struct key *k);

/* Fills with random bytes of the system. */
enum err random_bytes(void *to, size_t size) MUST_CHECK;

#endif
