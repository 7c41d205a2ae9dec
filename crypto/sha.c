#include "crypto/sha.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include "base/b64.h"
#include "crypto/ossl.h"

enum err sha256(struct bytes content, unsigned char ret_digest[SHA256_BYTES])
{
	static const unsigned char nothing;
	const void *data = content.size != 0 ? content.data : &nothing;
	unsigned char digest[EVP_MAX_MD_SIZE];

	/* SHA-256 has no way to fail but want of memory. */
	if (EVP_Digest(data, content.size, digest, NULL, EVP_sha256(), NULL) != 1) {
		ERR_clear_error();
		return ERR_NO_MEMORY;
	}
	memcpy(ret_digest, digest, SHA256_BYTES);
	return OK;
}

enum err sha256_hex(struct arena *a, struct bytes content, const char **ret_hex)
{
	unsigned char digest[SHA256_BYTES];
	enum err e = sha256(content, digest);

	if (e != OK)
		return e;
	const char *text = hex_encode(a, bytes_of(digest, sizeof(digest)));
	if (text == NULL)
		return ERR_NO_MEMORY;
	*ret_hex = text;
	return OK;
}

enum err sha256_b64url(struct arena *a, struct bytes content, const char **ret_text)
{
	unsigned char digest[SHA256_BYTES];
	enum err e = sha256(content, digest);

	if (e != OK)
		return e;
	const char *text = b64url_encode(a, bytes_of(digest, sizeof(digest)));
	if (text == NULL)
		return ERR_NO_MEMORY;
	*ret_text = text;
	return OK;
}

/* An EVP_MD_CTX by another name: nothing of OpenSSL's is in the header. */
static EVP_MD_CTX *ctx_of(struct sha256_parts *s)
{
	return (EVP_MD_CTX *)s;
}

void sha256_parts_free(struct sha256_parts *s)
{
	EVP_MD_CTX_free(ctx_of(s));
}

enum err sha256_parts_begin(struct sha256_parts **ret)
{
	AUTO(md_ctx) ctx = EVP_MD_CTX_new();

	if (ctx == NULL || EVP_DigestInit_ex(ctx, EVP_sha256(), NULL) != 1)
		return ossl_error(ERR_NO_MEMORY);
	*ret = (struct sha256_parts *)STEAL(ctx);
	return OK;
}

enum err sha256_parts_add(struct sha256_parts *s, struct bytes part)
{
	bool added = part.size == 0 || EVP_DigestUpdate(ctx_of(s), part.data, part.size) == 1;

	return added ? OK : ossl_error(ERR_NO_MEMORY);
}

enum err sha256_parts_hex(struct sha256_parts *s, struct arena *a, const char **ret_hex)
{
	unsigned char digest[EVP_MAX_MD_SIZE];

	if (EVP_DigestFinal_ex(ctx_of(s), digest, NULL) != 1)
		return ossl_error(ERR_NO_MEMORY);
	const char *text = hex_encode(a, bytes_of(digest, SHA256_BYTES));

	if (text == NULL)
		return ERR_NO_MEMORY;
	*ret_hex = text;
	return OK;
}
