/*
 * What a file really is, whatever its name: a certificate, a key, a .pfx; as DER, PEM or base64.
 *
 * Recognised by its first bytes only, so that a truncated file is still named for what it was.
 */
#ifndef CRYPTO_FORM_H
#define CRYPTO_FORM_H

#include <stdbool.h>
#include "base/bytes.h"
#include "base/err.h"
#include "base/secret.h"

enum form_kind {
	FORM_UNKNOWN,
	FORM_CERT,
	FORM_KEY,	    /* PKCS#8, PKCS#1 or SEC 1, in clear */
	FORM_KEY_ENCRYPTED, /* PKCS#8 EncryptedPrivateKeyInfo (RFC 5958) */
	FORM_KEY_OLD_PEM, /* PEM with Proc-Type: 4,ENCRYPTED (RFC 1421); `der` is the whole file */
	FORM_PFX,
};

struct form {
	enum form_kind kind;
	struct bytes der; /* in the file, or in the room given */
	bool whole;	  /* nothing is missing and nothing follows */
};

/*
 * `wanted` chooses among the blocks of a PEM file that holds several (FORM_CERT or FORM_KEY). Text
 * is decoded into `room`, which must be empty. ERR_NO_MEMORY only; junk is FORM_UNKNOWN.
 */
enum err form_read(
	struct bytes file, enum form_kind wanted, struct secret *room, struct form *ret) MUST_CHECK;

#endif
