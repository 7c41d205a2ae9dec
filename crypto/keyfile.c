#include "crypto/keyfile.h"

#include <limits.h>
#include <openssl/asn1t.h>
#include <openssl/err.h>
#include <openssl/evperr.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/pkcs12err.h>
#include <openssl/provider.h>
#include "base/utf8.h"
#include "crypto/form.h"

/* A file must not be able to keep a program busy for minutes. */
#define MOST_ITERATIONS 2000000
#define MOST_KEY_BYTES (16 * 1024)
#define MOST_PASSWORD 1024
#define LEAST_BITS 1024 /* to be a key at all; what signs acts is the certificate's to say */

AUTO_TYPE(sig, X509_SIG, X509_SIG_free);
AUTO_TYPE(p8, PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free);
AUTO_TYPE(pbe2, PBE2PARAM, PBE2PARAM_free);
AUTO_TYPE(pbe, PBEPARAM, PBEPARAM_free);
AUTO_TYPE(kdf, PBKDF2PARAM, PBKDF2PARAM_free);
AUTO_TYPE(libctx, OSSL_LIB_CTX, OSSL_LIB_CTX_free);

static void provider_free(OSSL_PROVIDER *p)
{
	OSSL_PROVIDER_unload(p);
}
AUTO_TYPE(provider, OSSL_PROVIDER, provider_free);

/* A wrong password is bad padding, or 1 time in 256 good padding around nonsense. */
static const struct ossl_case pkcs8_cases[] = {
	{ERR_LIB_PKCS12, PKCS12_R_PKCS12_CIPHERFINAL_ERROR, ERR_WRONG_PASSWORD},
	{ERR_LIB_PKCS12, PKCS12_R_DECODE_ERROR, ERR_WRONG_PASSWORD},
};

static enum err accept(EVP_PKEY *key, EVP_PKEY **ret)
{
	int id = EVP_PKEY_get_base_id(key);

	bool large = id != EVP_PKEY_RSA || EVP_PKEY_get_bits(key) >= LEAST_BITS;

	if ((id != EVP_PKEY_RSA && id != EVP_PKEY_ED25519) || !large) {
		EVP_PKEY_free(key);
		return ERR_BAD_KEY;
	}
	*ret = key;
	return OK;
}

static enum err read_plain(struct bytes der, EVP_PKEY **ret)
{
	const unsigned char *p = der.data;

	if (der.size > MOST_KEY_BYTES)
		return ERR_BAD_KEY;

	EVP_PKEY *key = d2i_AutoPrivateKey(NULL, &p, (long)der.size);

	return key != NULL ? accept(key, ret) : ossl_error(ERR_BAD_KEY);
}

static bool iterations_ok(const ASN1_INTEGER *n)
{
	uint64_t value = 0;

	return n != NULL && ASN1_INTEGER_get_uint64(&value, n) == 1 && value <= MOST_ITERATIONS;
}

/* scrypt bounds itself by memory (32 MiB); PBKDF2 and PBES1 by our limit. */
static enum err check_cost(const X509_ALGOR *alg)
{
	const ASN1_TYPE *type = alg->parameter;

	if (OBJ_obj2nid(alg->algorithm) != NID_pbes2) {
		AUTO(pbe) p = ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBEPARAM), type);

		return p != NULL && iterations_ok(p->iter) ? OK : ossl_error(ERR_BAD_KEY);
	}

	AUTO(pbe2) p = ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBE2PARAM), type);

	if (p == NULL)
		return ossl_error(ERR_BAD_KEY);
	if (OBJ_obj2nid(p->keyfunc->algorithm) != NID_id_pbkdf2)
		return OK;

	AUTO(kdf) k = ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBKDF2PARAM), p->keyfunc->parameter);

	return k != NULL && iterations_ok(k->iter) ? OK : ossl_error(ERR_BAD_KEY);
}

static enum err decrypt(
	const X509_SIG *sig, struct bytes password, OSSL_LIB_CTX *ctx, PKCS8_PRIV_KEY_INFO **ret)
{
	static const unsigned char nothing;
	const void *text = password.size != 0 ? password.data : &nothing;
	PKCS8_PRIV_KEY_INFO *p8 = PKCS8_decrypt_ex(sig, text, (int)password.size, ctx, NULL);

	if (p8 == NULL)
		return ossl_error_of(pkcs8_cases, COUNT_OF(pkcs8_cases), ERR_BAD_KEY);
	*ret = p8;
	return OK;
}

/* DES and RC2 live in the legacy provider: loaded here alone, never for the whole program. */
static enum err decrypt_legacy(
	const X509_SIG *sig, struct bytes password, PKCS8_PRIV_KEY_INFO **ret)
{
	AUTO(libctx) ctx = OSSL_LIB_CTX_new();

	if (ctx == NULL)
		return ossl_error(ERR_NO_MEMORY);

	AUTO(provider) usual = OSSL_PROVIDER_load(ctx, "default");
	AUTO(provider) legacy = OSSL_PROVIDER_load(ctx, "legacy");

	if (usual == NULL || legacy == NULL)
		return ossl_error(ERR_INTERNAL);
	return decrypt(sig, password, ctx, ret);
}

static enum err read_encrypted_as(const X509_SIG *sig, struct bytes password, EVP_PKEY **ret)
{
	const X509_ALGOR *alg;
	const ASN1_OCTET_STRING *content;
	AUTO(p8) p8 = NULL;

	X509_SIG_get0(sig, &alg, &content);

	enum err e = check_cost(alg);

	if (e != OK)
		return e;

	bool modern = OBJ_obj2nid(alg->algorithm) == NID_pbes2;

	if (modern)
		e = decrypt(sig, password, NULL, &p8);
	/* Also PBES2 around DES, which the default provider doesn't know. */
	if (!modern || e == ERR_BAD_KEY)
		e = decrypt_legacy(sig, password, &p8);
	/* Cut ciphertext is damage, whatever the password. */
	if (e == ERR_WRONG_PASSWORD && ASN1_STRING_length(content) % 8 != 0)
		e = ERR_BAD_KEY;
	if (e != OK)
		return e;

	EVP_PKEY *key = EVP_PKCS82PKEY(p8);

	return key != NULL ? accept(key, ret) : ossl_error(ERR_BAD_KEY);
}

static enum err read_encrypted(struct bytes der, struct bytes password, EVP_PKEY **ret)
{
	const unsigned char *p = der.data;

	if (der.size > MOST_KEY_BYTES)
		return ERR_BAD_KEY;

	AUTO(sig) sig = d2i_X509_SIG(NULL, &p, (long)der.size);

	return sig != NULL ? read_encrypted_as(sig, password, ret) : ossl_error(ERR_BAD_KEY);
}

static int give_password(char *to, int room, int writing, void *ctx)
{
	const struct bytes *password = ctx;

	(void)writing;
	if (room < 0 || password->size > (size_t)room)
		return -1;
	if (password->size != 0)
		memcpy(to, password->data, password->size);
	return (int)password->size;
}

/* PEM of the old kind (RFC 1421): the cipher is named in its headers. */
static enum err read_old_pem(struct bytes file, struct bytes password, EVP_PKEY **ret)
{
	static const struct ossl_case cases[] = {
		{ERR_LIB_PEM, PEM_R_BAD_DECRYPT, ERR_WRONG_PASSWORD},
	};
	unsigned char *der = NULL;
	long size = 0;

	if (file.size > MOST_KEY_BYTES)
		return ERR_BAD_KEY;

	AUTO(bio) in = BIO_new_mem_buf(file.data, (int)file.size);

	if (in == NULL)
		return ossl_error(ERR_NO_MEMORY);
	if (PEM_bytes_read_bio_secmem(
		    &der, &size, NULL, PEM_STRING_EVP_PKEY, in, give_password, &password) != 1)
		return ossl_error_of(cases, COUNT_OF(cases), ERR_BAD_KEY);

	enum err e = read_plain(bytes_of(der, (size_t)size), ret);

	OPENSSL_secure_clear_free(der, (size_t)size);
	return e == ERR_BAD_KEY ? ERR_WRONG_PASSWORD : e;
}

static enum err read_with(const struct form *f, struct bytes password, EVP_PKEY **ret)
{
	ERR_clear_error();
	if (f->kind == FORM_KEY)
		return read_plain(f->der, ret);
	if (f->kind == FORM_KEY_OLD_PEM)
		return read_old_pem(f->der, password, ret);
	return read_encrypted(f->der, password, ret);
}

/* Keys made on old Windows hold the password's windows-1252 bytes. */
static enum err read_cp1252(const struct form *f, const struct secret *typed, EVP_PKEY **ret)
{
	SECRET(bytes);
	enum err e = secret_make(&bytes, typed->size);

	if (e != OK)
		return e;

	long size = utf8_to_cp1252((const char *)typed->data, typed->size, bytes.data);

	if (size < 0 || ((size_t)size == typed->size))
		return ERR_WRONG_PASSWORD;
	bytes.size = (size_t)size;
	return read_with(f, bytes_of(bytes.data, bytes.size), ret);
}

enum err keyfile_read(struct bytes file, const struct secret *password, EVP_PKEY **ret)
{
	static const struct secret none;
	const struct secret *typed = password != NULL ? password : &none;
	SECRET(room);
	struct form f;
	enum err e = form_read(file, FORM_KEY, &room, &f);

	if (e != OK)
		return e;
	if (f.kind == FORM_PFX)
		return ERR_PFX;
	if (f.kind == FORM_CERT)
		return ERR_SWAPPED_CERT;
	if (f.kind == FORM_UNKNOWN || !f.whole)
		return ERR_BAD_KEY;
	if (typed->size > MOST_PASSWORD)
		return ERR_WRONG_PASSWORD;
	e = read_with(&f, bytes_of(typed->data, typed->size), ret);
	/* OpenSSL's decoders hide want of memory: only what fails twice is the file's fault. */
	if (e == ERR_BAD_KEY)
		e = read_with(&f, bytes_of(typed->data, typed->size), ret);
	if (e == ERR_WRONG_PASSWORD && typed->size != 0)
		e = read_cp1252(&f, typed, ret);
	return e;
}
