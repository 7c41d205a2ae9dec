/* Codes and links: random, used once, kept as hashes. */
#include "core/medio.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include "crypto/key.h"
#include "crypto/sha.h"

/* Above it a code would be more likely than another. */
#define CODIGOS UINT32_C(100000)
#define FAIR (UINT32_MAX - UINT32_MAX % CODIGOS)

static enum err make_codigo(char ret[MEDIO_CODIGO + 1])
{
	uint32_t n = FAIR;
	enum err e = OK;

	while (e == OK && n >= FAIR)
		e = random_bytes(&n, sizeof(n));
	if (e == OK)
		snprintf(ret, MEDIO_CODIGO + 1, "%05u", (unsigned)(n % CODIGOS));
	return e;
}

/* Letters that survive a mail that is folded, read aloud or typed (Crockford's base 32). */
static enum err make_enlace(char ret[MEDIO_ENLACE + 1])
{
	static const char letters[] = "0123456789abcdefghjkmnpqrstvwxyz";
	unsigned char raw[MEDIO_ENLACE];
	enum err e = random_bytes(raw, sizeof(raw));

	for (size_t i = 0; e == OK && i < sizeof(raw); i++)
		ret[i] = letters[raw[i] & 31];
	ret[MEDIO_ENLACE] = '\0';
	return e;
}

static enum err hash_codigo(struct bytes sal, const char *codigo, unsigned char ret[32])
{
	unsigned char both[64];
	size_t size = strlen(codigo);

	if (sal.size + size > sizeof(both))
		return ERR_INTERNAL;
	memcpy(both, sal.data, sal.size);
	memcpy(both + sal.size, codigo, size);
	return sha256(bytes_of(both, sal.size + size), ret);
}

enum err medio_secreto_make(struct medio_secreto *ret)
{
	enum err e = random_bytes(ret->sal, sizeof(ret->sal));

	if (e == OK)
		e = make_codigo(ret->codigo);
	if (e == OK)
		e = make_enlace(ret->enlace);
	if (e == OK)
		e = hash_codigo(
			bytes_of(ret->sal, sizeof(ret->sal)), ret->codigo, ret->codigo_sha256);
	return e == OK ? sha256(bytes_of_text(ret->enlace), ret->enlace_sha256) : e;
}

enum err medio_codigo_is(const struct out_medio *m, const char *codigo, bool *ret)
{
	unsigned char hash[32];
	enum err e = m->sal.size != 0 ? hash_codigo(m->sal, codigo, hash) : ERR_INTERNAL;

	*ret = e == OK && m->codigo.size == sizeof(hash) &&
	       CRYPTO_memcmp(m->codigo.data, hash, sizeof(hash)) == 0;
	return e;
}
