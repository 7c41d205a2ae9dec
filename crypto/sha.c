#include "crypto/sha.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include "base/b64.h"

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
