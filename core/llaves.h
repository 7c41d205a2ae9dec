/*
 * Keys in memory: e.firma certificates and reading keys by keyid, rebuilt from their stored rows
 * (limits.md: parsing a certificate costs 6.5 verifies, rebuilding its key 0.2).
 *
 * Thread-safe. An entry is immutable; a change (OCSP, new enrolment) drops it and the next use
 * reads the row again.
 */
#ifndef CORE_LLAVES_H
#define CORE_LLAVES_H

#include "core/env.h"
#include "crypto/key.h"

struct llaves;

struct llave {
	char keyid[44];
	bool lectura;  /* a reading key of the certificate below */
	int64_t vence; /* of the reading key */
	struct key *key;
	char huella[44]; /* of the certificate */
	/* Facts of the certificate; not set for reading keys. */
	struct signer signer;
	int64_t ocsp_hasta; /* nextUpdate; 0: never asked */
	int64_t ocsp_desde;
	struct arena arena; /* owns the texts */
	int refs;
	struct llave *next;
};

enum err llaves_open(size_t most, struct llaves **ret) MUST_CHECK;
void llaves_close(struct llaves *l);
AUTO_TYPE(llaves, struct llaves, llaves_close);

/*
 * The key of that keyid, from memory or the store; ERR_UNKNOWN_KEY. The caller gives it back with
 * llaves_put.
 */
enum err llaves_get(
	struct llaves *l, struct store *s, const char *keyid, struct llave **ret) MUST_CHECK;
void llaves_put(struct llaves *l, struct llave *k);
/* Forget it: its row changed. */
void llaves_drop(struct llaves *l, const char *keyid);
/* Forget all: what changed is not known. */
void llaves_clear(struct llaves *l);

#endif
