#include "crypto/efirma.h"

#include "base/mem.h"
#include "crypto/rfc.h"

/* A certificate and its texts: a few KiB; the rest is room for absurd ones. */
#define CERT_ALLOWANCE (256 * 1024)

void efirma_free(struct efirma *f)
{
	if (f == NULL)
		return;
	key_free(f->key);
	arena_free(&f->arena);
	mem_free(f);
}

/* Whole and exact: a part that matches would let one in for another. */
static enum err check_rfc(struct arena *a, const char *typed, const char *holder)
{
	const char *rfc = NULL;

	if (typed == NULL || typed[0] == '\0')
		return OK;

	enum err e = rfc_normalize(a, typed, &rfc);

	if (e == ERR_BAD_RFC)
		return ERR_RFC_MISMATCH;
	if (e != OK)
		return e;
	return strcmp(rfc, holder) == 0 ? OK : ERR_RFC_MISMATCH;
}

static enum err make(struct bytes cer, struct efirma **ret)
{
	AUTO(efirma) f = mem_zalloc(sizeof(*f));

	if (f == NULL)
		return ERR_NO_MEMORY;
	arena_init(&f->arena, CERT_ALLOWANCE);

	enum err e = cert_read(&f->arena, cer, &f->cert);

	if (e == OK)
		*ret = STEAL(f);
	return e;
}

/* `at` NULL: whatever the date. */
static enum err open_pair(struct bytes cer, struct bytes key, const struct secret *password,
	const char *rfc, const int64_t *at, struct efirma **ret)
{
	AUTO(efirma) f = NULL;
	enum err e = make(cer, &f);

	/* Its kind now, as of a day when it was in force; today's date comes after the key. */
	if (e == OK)
		e = cert_check_efirma(&f->cert, f->cert.not_before);
	if (e == OK)
		e = key_load(key, password, &f->key);
	if (e == OK)
		e = key_matches(f->key, &f->cert);
	if (e == OK && at != NULL)
		e = cert_check_efirma(&f->cert, *at);
	if (e == OK)
		e = check_rfc(&f->arena, rfc, f->cert.rfc);
	if (e == OK)
		*ret = STEAL(f);
	return e;
}

enum err efirma_open(struct bytes cer, struct bytes key, const struct secret *password,
	const char *rfc, int64_t at, struct efirma **ret)
{
	return open_pair(cer, key, password, rfc, &at, ret);
}

enum err efirma_open_old(struct bytes cer, struct bytes key, const struct secret *password,
	const char *rfc, struct efirma **ret)
{
	struct efirma *f = NULL;
	enum err e = open_pair(cer, key, password, rfc, NULL, &f);

	if (e != OK)
		return e;
	key_retire(f->key);
	*ret = f;
	return OK;
}

enum err efirma_share(const struct efirma *f, struct efirma **ret)
{
	struct efirma *second = NULL;
	enum err e = make(f->cert.der, &second);

	if (e != OK)
		return e;
	second->key = key_share(f->key);
	*ret = second;
	return OK;
}
