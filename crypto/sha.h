/*
 * SHA-256 (FIPS 180-4).
 */
#ifndef CRYPTO_SHA_H
#define CRYPTO_SHA_H

#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"

#define SHA256_BYTES 32

enum err sha256(struct bytes content, unsigned char ret_digest[SHA256_BYTES]) MUST_CHECK;
/* 64 lower-case hex digits in the arena. */
enum err sha256_hex(struct arena *a, struct bytes content, const char **ret_hex) MUST_CHECK;
/* base64url without padding, 43 characters. */
enum err sha256_b64url(struct arena *a, struct bytes content, const char **ret_text) MUST_CHECK;

/* The same of what comes in parts. */
struct sha256_parts;
void sha256_parts_free(struct sha256_parts *s);
AUTO_TYPE(sha256_parts, struct sha256_parts, sha256_parts_free);
enum err sha256_parts_begin(struct sha256_parts **ret) MUST_CHECK;
enum err sha256_parts_add(struct sha256_parts *s, struct bytes part) MUST_CHECK;
/* 64 lower-case hex digits in the arena; nothing may be added behind it. */
enum err sha256_parts_hex(struct sha256_parts *s, struct arena *a, const char **ret_hex) MUST_CHECK;

#endif
