#include "crypto/hkdf.h"

#include <openssl/core_names.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include "crypto/ossl.h"
#include "crypto/sha.h"

/* Section 2.3: one byte counts the blocks. */
#define MOST_BYTES (255 * SHA256_BYTES)

AUTO_TYPE(kdf, EVP_KDF, EVP_KDF_free);
AUTO_TYPE(kdf_ctx, EVP_KDF_CTX, EVP_KDF_CTX_free);

/* OpenSSL only reads what these point at. */
static OSSL_PARAM octets(const char *name, const void *data, size_t size)
{
	static unsigned char none;

	return OSSL_PARAM_construct_octet_string(name, size != 0 ? (void *)data : &none, size);
}

enum err hkdf_sha256(const struct secret *from, struct bytes salt, struct bytes info, size_t size,
	struct secret *ret)
{
	SECRET(made);
	char digest[] = "SHA256";
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
		octets(OSSL_KDF_PARAM_KEY, from->data, from->size),
		octets(OSSL_KDF_PARAM_INFO, info.data, info.size),
		octets(OSSL_KDF_PARAM_SALT, salt.data, salt.size),
		OSSL_PARAM_construct_end(),
	};

	if (from->size == 0 || size == 0 || size > MOST_BYTES)
		return ERR_INTERNAL;
	/* No salt is said by not naming it. */
	if (salt.size == 0)
		params[3] = OSSL_PARAM_construct_end();

	AUTO(kdf) kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
	AUTO(kdf_ctx) ctx = kdf != NULL ? EVP_KDF_CTX_new(kdf) : NULL;
	enum err e = secret_make(&made, size);

	if (e != OK)
		return e;
	if (ctx == NULL || EVP_KDF_derive(ctx, made.data, size, params) != 1)
		return ossl_error(ERR_NO_MEMORY);
	secret_clear(ret);
	*ret = made;
	ret->size = size;
	made = (struct secret){0};
	return OK;
}
