#include "base/page_seal.h"

#include <stdbool.h>
#include <string.h>
#include <sys/random.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include "base/mem.h"

#define NONCE_BYTES 12
#define TAG_BYTES 16
#define PLACE_BYTES 9

AUTO_TYPE(evp_cipher, EVP_CIPHER, EVP_CIPHER_free);

struct page_seal {
	EVP_CIPHER_CTX *close;
	EVP_CIPHER_CTX *open;
	EVP_CIPHER_CTX *hide;
	EVP_CIPHER_CTX *show;
};

void page_seal_free(struct page_seal *s)
{
	if (s == NULL)
		return;
	/* OpenSSL cleanses an expanded key as it frees it. */
	EVP_CIPHER_CTX_free(s->close);
	EVP_CIPHER_CTX_free(s->open);
	EVP_CIPHER_CTX_free(s->hide);
	EVP_CIPHER_CTX_free(s->show);
	mem_free(s);
}

/* What OpenSSL refuses here it refuses for want of memory: all else was checked. */
static enum err done(bool well)
{
	if (!well)
		ERR_clear_error();
	return well ? OK : ERR_NO_MEMORY;
}

/* A key for each use, so that no block of the one is ever a block of the other. */
static enum err subkey(const struct secret *key, const char *use, struct secret *ret)
{
	size_t size = 0;
	enum err e = secret_make(ret, PAGE_SEAL_KEY_BYTES);

	if (e != OK)
		return e;
	e = done(EVP_Q_mac(NULL, "HMAC", NULL, "SHA256", NULL, key->data, key->size,
			 (const unsigned char *)use, strlen(use), ret->data, ret->capacity,
			 &size) != NULL);
	ret->size = size;
	return e;
}

/* Two contexts with the same key: one to seal, one to open. */
static enum err pair(const char *name, const struct secret *key, EVP_CIPHER_CTX **ret_close,
	EVP_CIPHER_CTX **ret_open)
{
	AUTO(evp_cipher) cipher = EVP_CIPHER_fetch(NULL, name, NULL);

	*ret_close = EVP_CIPHER_CTX_new();
	*ret_open = EVP_CIPHER_CTX_new();
	return done(cipher != NULL && *ret_close != NULL && *ret_open != NULL &&
		    EVP_EncryptInit_ex2(*ret_close, cipher, key->data, NULL, NULL) == 1 &&
		    EVP_DecryptInit_ex2(*ret_open, cipher, key->data, NULL, NULL) == 1 &&
		    EVP_CIPHER_CTX_set_padding(*ret_close, 0) == 1 &&
		    EVP_CIPHER_CTX_set_padding(*ret_open, 0) == 1);
}

enum err page_seal_make(const struct secret *key, struct page_seal **ret)
{
	SECRET(page);
	SECRET(block);
	AUTO(page_seal) s = mem_zalloc(sizeof(*s));

	if (s == NULL)
		return ERR_NO_MEMORY;
	if (key->size != PAGE_SEAL_KEY_BYTES)
		return ERR_INTERNAL;

	enum err e = subkey(key, "buzon sealed page v1", &page);

	if (e == OK)
		e = subkey(key, "buzon sealed block v1", &block);
	if (e == OK)
		e = pair("AES-256-GCM", &page, &s->close, &s->open);
	if (e == OK)
		e = pair("AES-256-ECB", &block, &s->hide, &s->show);
	if (e == OK)
		*ret = STEAL(s);
	return e;
}

/* The associated data: kind, then the offset, big-endian. */
static void place_bytes(struct page_place place, unsigned char to[PLACE_BYTES])
{
	to[0] = place.kind;
	for (unsigned i = 0; i < 8; i++)
		to[1 + i] = (unsigned char)((uint64_t)place.at >> (56 - 8 * i));
}

static bool all_zero(const unsigned char *p, size_t size)
{
	unsigned char any = 0;

	for (size_t i = 0; i < size; i++)
		any |= p[i];
	return any == 0;
}

enum err page_seal_close(struct page_seal *s, struct page_place place, const unsigned char *page,
	size_t size, unsigned char *to)
{
	unsigned char where[PLACE_BYTES];
	size_t body = size - PAGE_SEAL_BYTES;
	unsigned char *nonce = to + body;
	int n = 0;

	if (!all_zero(page + body, PAGE_SEAL_BYTES))
		return ERR_INTERNAL;
	place_bytes(place, where);
	/* So few are never cut short; random, as two processes write without a common counter. */
	if (getrandom(nonce, NONCE_BYTES, 0) != NONCE_BYTES)
		return ERR_INTERNAL;
	return done(EVP_EncryptInit_ex2(s->close, NULL, NULL, nonce, NULL) == 1 &&
		    EVP_EncryptUpdate(s->close, NULL, &n, where, sizeof(where)) == 1 &&
		    EVP_EncryptUpdate(s->close, to, &n, page, (int)body) == 1 &&
		    EVP_EncryptFinal_ex(s->close, to + n, &n) == 1 &&
		    EVP_CIPHER_CTX_ctrl(
			    s->close, EVP_CTRL_GCM_GET_TAG, TAG_BYTES, nonce + NONCE_BYTES) == 1);
}

enum err page_seal_open(
	struct page_seal *s, struct page_place place, unsigned char *page, size_t size)
{
	unsigned char where[PLACE_BYTES];
	size_t body = size - PAGE_SEAL_BYTES;
	unsigned char *nonce = page + body;
	int n = 0;

	place_bytes(place, where);

	enum err e = done(EVP_DecryptInit_ex2(s->open, NULL, NULL, nonce, NULL) == 1 &&
			  EVP_DecryptUpdate(s->open, NULL, &n, where, sizeof(where)) == 1 &&
			  EVP_DecryptUpdate(s->open, page, &n, page, (int)body) == 1 &&
			  EVP_CIPHER_CTX_ctrl(s->open, EVP_CTRL_GCM_SET_TAG, TAG_BYTES,
				  nonce + NONCE_BYTES) == 1);

	if (e == OK && EVP_DecryptFinal_ex(s->open, page + n, &n) != 1) {
		ERR_clear_error();
		e = ERR_BAD_CACHE;
	}
	/* Nothing that was not proved leaves this function. */
	OPENSSL_cleanse(page + (e == OK ? body : 0), e == OK ? PAGE_SEAL_BYTES : size);
	return e;
}

enum err page_seal_hide(struct page_seal *s, unsigned char block[PAGE_SEAL_BLOCK])
{
	int n = 0;

	return done(EVP_EncryptUpdate(s->hide, block, &n, block, PAGE_SEAL_BLOCK) == 1);
}

enum err page_seal_show(struct page_seal *s, unsigned char block[PAGE_SEAL_BLOCK])
{
	int n = 0;

	return done(EVP_DecryptUpdate(s->show, block, &n, block, PAGE_SEAL_BLOCK) == 1);
}
