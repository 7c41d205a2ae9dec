/*
 * HKDF with SHA-256 (RFC 5869): keys for several uses out of one secret.
 */
#ifndef CRYPTO_HKDF_H
#define CRYPTO_HKDF_H

#include "base/bytes.h"
#include "base/err.h"
#include "base/secret.h"

/* `size` bytes (at most 8160) for this use; the salt may be empty. ERR_NO_MEMORY, ERR_INTERNAL. */
enum err hkdf_sha256(const struct secret *from, struct bytes salt, struct bytes info, size_t size,
	struct secret *ret) MUST_CHECK;

#endif
