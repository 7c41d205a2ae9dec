#include "crypto/key.h"

#include <errno.h>
#include <stdatomic.h>
#include <sys/random.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/params.h>
#include <openssl/rsa.h>
#include "base/b64.h"
#include "base/mem.h"
#include "crypto/form.h"
#include "crypto/keyfile.h"
#include "crypto/ossl.h"
#include "crypto/sha.h"

#define ED25519_BYTES 32
#define MOST_RSA_BYTES 1024

/*
 * Made only of values that were checked, so that what fails later is want of memory: OpenSSL does
 * not always say so.
 */
struct key {
	EVP_PKEY *pkey;	  /* NULL: at rest */
	OSSL_PARAM *rest; /* its numbers; the private ones in the secure heap */
	size_t size;	  /* of a signature */
	bool rsa;	  /* else Ed25519 */
	bool signs;	  /* the private half is there */
	bool unwraps;	  /* the same, also where it may sign no more */
	atomic_uint more; /* owners after the first */
};

void key_free(struct key *k)
{
	if (k == NULL || atomic_fetch_sub(&k->more, 1) != 0)
		return;
	EVP_PKEY_free(k->pkey);
	OSSL_PARAM_free(k->rest);
	mem_free(k);
}

struct key *key_share(struct key *k)
{
	atomic_fetch_add(&k->more, 1);
	return k;
}

void key_retire(struct key *k)
{
	k->signs = false;
}

/* Takes the pkey over, also on failure. Without memory OpenSSL makes one that knows no size. */
static enum err wrap(EVP_PKEY *pkey, bool signs, struct key **ret)
{
	int size = EVP_PKEY_get_size(pkey);
	struct key *k = size > 0 ? mem_alloc(sizeof(*k)) : NULL;

	if (k == NULL) {
		EVP_PKEY_free(pkey);
		return ossl_error(ERR_NO_MEMORY);
	}
	*k = (struct key){
		.pkey = pkey,
		.size = (size_t)size,
		.rsa = EVP_PKEY_get_base_id(pkey) == EVP_PKEY_RSA,
		.signs = signs,
		.unwraps = signs,
	};
	*ret = k;
	return OK;
}

enum err key_load(struct bytes file, const struct secret *password, struct key **ret)
{
	EVP_PKEY *pkey = NULL;
	enum err e = keyfile_read(file, password, &pkey);

	return e == OK ? wrap(pkey, true, ret) : e;
}

enum err key_rest(struct key *k)
{
	OSSL_PARAM *numbers = NULL;

	if (!k->rsa || !k->unwraps || k->pkey == NULL)
		return OK;
	/* The builder puts numbers of the secure heap there again (OSSL_PARAM_BLD_push_BN). */
	if (EVP_PKEY_todata(k->pkey, EVP_PKEY_KEYPAIR, &numbers) != 1)
		return ossl_error(ERR_NO_MEMORY);
	EVP_PKEY_free(k->pkey);
	k->pkey = NULL;
	k->rest = numbers;
	return OK;
}

/* A reference of the caller's to the object: what is at rest gets one for this once. */
static EVP_PKEY *borrow(const struct key *k)
{
	EVP_PKEY *pkey = NULL;

	if (k->pkey != NULL)
		return EVP_PKEY_up_ref(k->pkey) == 1 ? k->pkey : NULL;

	AUTO(pkey_ctx) ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);

	if (ctx == NULL || EVP_PKEY_fromdata_init(ctx) != 1 ||
		EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_KEYPAIR, k->rest) != 1)
		return NULL;
	return pkey;
}

bool key_is_encrypted(struct bytes file)
{
	SECRET(room);
	struct form f;

	/* Without memory the answer is "yes": asking for a password too many does no harm. */
	if (form_read(file, FORM_KEY, &room, &f) != OK)
		return true;
	return f.kind == FORM_KEY_ENCRYPTED || f.kind == FORM_KEY_OLD_PEM;
}

static enum err rsa_params(struct bytes n, unsigned char native[MOST_RSA_BYTES])
{
	AUTO(bn) number = BN_bin2bn(n.data, (int)n.size, NULL);

	if (number == NULL || BN_bn2nativepad(number, native, (int)n.size) < 0)
		return ossl_error(ERR_NO_MEMORY);
	return OK;
}

enum err key_from_rsa(struct bytes n, uint64_t e, struct key **ret)
{
	unsigned char native[MOST_RSA_BYTES];

	if (n.size == 0 || n.size > MOST_RSA_BYTES || e < 3 || e % 2 == 0)
		return ERR_BAD_KEY;

	enum err error = rsa_params(n, native);

	if (error != OK)
		return error;

	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_RSA_N, native, n.size),
		OSSL_PARAM_construct_uint64(OSSL_PKEY_PARAM_RSA_E, &e),
		OSSL_PARAM_construct_end(),
	};
	EVP_PKEY *pkey = NULL;
	AUTO(pkey_ctx) ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);

	if (ctx == NULL || EVP_PKEY_fromdata_init(ctx) != 1 ||
		EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_PUBLIC_KEY, params) != 1)
		return ossl_error(ERR_NO_MEMORY);
	return wrap(pkey, false, ret);
}

enum err key_from_ed25519(struct bytes raw32, struct key **ret)
{
	if (raw32.size != ED25519_BYTES)
		return ERR_BAD_KEY;

	EVP_PKEY *pkey =
		EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, raw32.data, raw32.size);

	return pkey != NULL ? wrap(pkey, false, ret) : ossl_error(ERR_NO_MEMORY);
}

enum err key_of_cert(const struct cert *c, struct key **ret)
{
	return c->rsa_bits != 0 ? key_from_rsa(c->rsa_n, c->rsa_e, ret) : ERR_WEAK_KEY;
}

enum err key_matches(const struct key *k, const struct cert *c)
{
	AUTO(key) held = NULL;
	enum err e = key_of_cert(c, &held);

	if (e != OK)
		return e == ERR_WEAK_KEY ? ERR_KEY_MISMATCH : e;

	AUTO(pkey) own = borrow(k);

	if (own == NULL)
		return ossl_error(ERR_NO_MEMORY);
	return EVP_PKEY_eq(own, held->pkey) == 1 ? OK : ossl_error(ERR_KEY_MISMATCH);
}

enum err key_make_ed25519(struct key **ret)
{
	SECRET(seed);
	enum err e = secret_make(&seed, ED25519_BYTES);

	if (e == OK)
		e = random_bytes(seed.data, ED25519_BYTES);
	if (e != OK)
		return e;
	seed.size = ED25519_BYTES;
	return key_from_seed_ed25519(&seed, ret);
}

enum err key_public_ed25519(const struct key *k, unsigned char ret_raw[32])
{
	size_t size = ED25519_BYTES;

	if (k->rsa)
		return ERR_BAD_KEY;
	if (EVP_PKEY_get_raw_public_key(k->pkey, ret_raw, &size) != 1)
		return ossl_error(ERR_NO_MEMORY);
	return OK;
}

enum err key_seed_ed25519(const struct key *k, struct secret *ret_seed)
{
	SECRET(seed);
	size_t size = ED25519_BYTES;

	if (k->rsa || !k->signs)
		return ERR_BAD_KEY;
	if (secret_make(&seed, ED25519_BYTES) != OK)
		return ERR_NO_MEMORY;
	if (EVP_PKEY_get_raw_private_key(k->pkey, seed.data, &size) != 1)
		return ossl_error(ERR_NO_MEMORY);
	secret_clear(ret_seed);
	*ret_seed = seed;
	ret_seed->size = size;
	seed = (struct secret){0};
	return OK;
}

enum err key_from_seed_ed25519(const struct secret *seed, struct key **ret)
{
	if (seed->size != ED25519_BYTES)
		return ERR_BAD_KEY;

	EVP_PKEY *pkey =
		EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed->data, seed->size);

	return pkey != NULL ? wrap(pkey, true, ret) : ossl_error(ERR_NO_MEMORY);
}

enum err key_id_ed25519(struct arena *a, struct bytes raw32, const char **ret_id)
{
	/* SubjectPublicKeyInfo of Ed25519 (RFC 8410 section 4) up to the key's own bytes. */
	unsigned char spki[12 + ED25519_BYTES] = {
		0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};

	if (raw32.size != ED25519_BYTES)
		return ERR_BAD_KEY;
	memcpy(spki + 12, raw32.data, ED25519_BYTES);
	return sha256_b64url(a, bytes_of(spki, sizeof(spki)), ret_id);
}

static const char *digest_of(const struct key *k)
{
	return k->rsa ? "SHA256" : NULL;
}

enum err key_sign(struct arena *a, const struct key *k, struct bytes message, struct bytes *ret)
{
	if (!k->signs)
		return ERR_BAD_KEY;

	AUTO(pkey) pkey = borrow(k);
	AUTO(md_ctx) ctx = EVP_MD_CTX_new();
	size_t size = k->size;
	unsigned char *to = arena_alloc(a, size);

	if (pkey == NULL || ctx == NULL || to == NULL)
		return ossl_error(ERR_NO_MEMORY);
	if (EVP_DigestSignInit_ex(ctx, NULL, digest_of(k), NULL, NULL, pkey, NULL) != 1 ||
		EVP_DigestSign(ctx, to, &size, message.data, message.size) != 1)
		return ossl_error(ERR_NO_MEMORY);
	*ret = bytes_of(to, size);
	return OK;
}

static enum err verify_once(const struct key *k, struct bytes message, struct bytes signature)
{
	ERR_clear_error();

	AUTO(pkey) pkey = borrow(k);
	AUTO(md_ctx) ctx = EVP_MD_CTX_new();

	if (pkey == NULL || ctx == NULL ||
		EVP_DigestVerifyInit_ex(ctx, NULL, digest_of(k), NULL, NULL, pkey, NULL) != 1)
		return ossl_error(ERR_NO_MEMORY);
	if (EVP_DigestVerify(ctx, signature.data, signature.size, message.data, message.size) == 1)
		return OK;

	/* RSA itself says why a signature is wrong; before it, it was not even looked at. */
	bool looked_at = !k->rsa || ERR_GET_LIB(ERR_peek_error()) == ERR_LIB_RSA;

	return ossl_error(looked_at ? ERR_BAD_SIGNATURE : ERR_NO_MEMORY);
}

enum err key_verify(const struct key *k, struct bytes message, struct bytes signature)
{
	enum err e = verify_once(k, message, signature);

	/* OpenSSL's Ed25519 says no without a word when memory ends: a no is asked for twice. */
	return e == ERR_BAD_SIGNATURE && !k->rsa ? verify_once(k, message, signature) : e;
}

/* A context for RSA-OAEP with SHA-256, also in its mask, and no label. */
static enum err oaep(EVP_PKEY *pkey, int (*init)(EVP_PKEY_CTX *ctx), EVP_PKEY_CTX **ret)
{
	AUTO(pkey_ctx) ctx = pkey != NULL ? EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL) : NULL;

	if (ctx == NULL || init(ctx) != 1 ||
		EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_OAEP_PADDING) != 1 ||
		EVP_PKEY_CTX_set_rsa_oaep_md_name(ctx, "SHA256", NULL) != 1 ||
		EVP_PKEY_CTX_set_rsa_mgf1_md_name(ctx, "SHA256", NULL) != 1)
		return ossl_error(ERR_NO_MEMORY);
	*ret = STEAL(ctx);
	return OK;
}

enum err key_wrap(
	struct arena *a, const struct key *k, const struct secret *secret, struct bytes *ret)
{
	size_t size = k->size;

	/* RFC 8017 section 7.1.1: two hashes and two bytes are not the message's. */
	if (!k->rsa || secret->size == 0 || secret->size + 2 * SHA256_BYTES + 2 > size)
		return ERR_BAD_KEY;

	AUTO(pkey) pkey = borrow(k);
	AUTO(pkey_ctx) ctx = NULL;
	unsigned char *to = arena_alloc(a, size);
	enum err e = oaep(pkey, EVP_PKEY_encrypt_init, &ctx);

	if (e != OK)
		return e;
	if (to == NULL || EVP_PKEY_encrypt(ctx, to, &size, secret->data, secret->size) != 1)
		return ossl_error(ERR_NO_MEMORY);
	*ret = bytes_of(to, size);
	return OK;
}

/* Nothing tells why it did not open: not even a caller could be an oracle. */
static const struct ossl_case not_its_key[] = {
	{ERR_LIB_RSA, RSA_R_OAEP_DECODING_ERROR, ERR_NOT_ITS_KEY},
	{ERR_LIB_RSA, RSA_R_DATA_TOO_LARGE_FOR_MODULUS, ERR_NOT_ITS_KEY},
};

enum err key_unwrap(const struct key *k, struct bytes wrapped, struct secret *ret)
{
	SECRET(secret);

	if (!k->rsa || !k->unwraps)
		return ERR_BAD_KEY;
	if (wrapped.size != k->size)
		return ERR_NOT_ITS_KEY;

	AUTO(pkey) pkey = borrow(k);
	AUTO(pkey_ctx) ctx = NULL;
	size_t size = k->size;
	enum err e = secret_make(&secret, size);

	if (e == OK)
		e = oaep(pkey, EVP_PKEY_decrypt_init, &ctx);
	if (e != OK)
		return e;
	ERR_clear_error();
	if (EVP_PKEY_decrypt(ctx, secret.data, &size, wrapped.data, wrapped.size) != 1)
		return ossl_error_of(not_its_key, COUNT_OF(not_its_key), ERR_NO_MEMORY);
	secret_clear(ret);
	*ret = secret;
	ret->size = size;
	secret = (struct secret){0};
	return OK;
}

const char *key_alg(const struct key *k)
{
	return k->rsa ? "rsa-v1_5-sha256" : "ed25519";
}

enum err random_bytes(void *to, size_t size)
{
	unsigned char *p = to;

	while (size != 0) {
		ssize_t n = getrandom(p, size, 0);

		if (n < 0 && errno != EINTR)
			return ERR_INTERNAL;
		p += n > 0 ? n : 0;
		size -= n > 0 ? (size_t)n : 0;
	}
	return OK;
}
