/*
 * A private key out of a file in any of the forms people have (efirma.md, "The key").
 */
#ifndef CRYPTO_KEYFILE_H
#define CRYPTO_KEYFILE_H

#include "base/bytes.h"
#include "base/secret.h"
#include "crypto/ossl.h"

/* The contract of key_load; the key is RSA or Ed25519. */
enum err keyfile_read(struct bytes file, const struct secret *password, EVP_PKEY **ret) MUST_CHECK;

#endif
