#include "crypto/certs.h"

#include "base/mem.h"
#include "crypto/sha.h"

#define SLOTS 4096
/* One certificate and the texts that are read from it. */
#define ALLOWANCE 65536

struct known {
	struct known *next;
	struct arena arena;
	struct cert cert;
	struct key *key; /* NULL: not asked for yet */
	/* The last verdict on its chain, and the time of which it speaks. */
	bool judged;
	size_t epoch;
	enum err verdict;
	struct bytes issuer;
};

struct certs {
	const struct trust *trust;
	size_t count;
	struct known *slots[SLOTS];
};

enum err certs_open(const struct trust *t, struct certs **ret)
{
	struct certs *c = mem_zalloc(sizeof(*c));

	if (c == NULL)
		return ERR_NO_MEMORY;
	c->trust = t;
	*ret = c;
	return OK;
}

static void known_free(struct known *k)
{
	if (k->key != NULL)
		key_free(k->key);
	arena_free(&k->arena);
	mem_free(k);
}

static void empty(struct certs *c, struct known **slot)
{
	while (*slot != NULL) {
		struct known *k = *slot;

		*slot = k->next;
		known_free(k);
		c->count--;
	}
}

void certs_trim(struct certs *c, size_t most)
{
	for (size_t i = 0; i < SLOTS && c->count > most; i++)
		empty(c, &c->slots[i]);
}

void certs_free(struct certs *c)
{
	certs_trim(c, 0);
	mem_free(c);
}

const struct trust *certs_trust(const struct certs *c)
{
	return c->trust;
}

static enum err make(struct bytes der, struct known **ret)
{
	struct known *k = mem_zalloc(sizeof(*k));

	if (k == NULL)
		return ERR_NO_MEMORY;
	arena_init(&k->arena, ALLOWANCE);
	enum err e = cert_read(&k->arena, der, &k->cert);

	/* In another form it would not be found again by its bytes. */
	if (e == OK && !bytes_equal(k->cert.der, der))
		e = ERR_BAD_CERT;
	if (e == OK)
		*ret = k;
	else
		known_free(k);
	return e;
}

static enum err find(struct certs *c, struct bytes der, struct known **ret)
{
	unsigned char hash[SHA256_BYTES];
	enum err e = sha256(der, hash);

	if (e != OK)
		return e;
	struct known **slot = &c->slots[(hash[0] << 8 | hash[1]) % SLOTS];

	for (struct known *k = *slot; k != NULL; k = k->next)
		if (bytes_equal(k->cert.der, der)) {
			*ret = k;
			return OK;
		}
	struct known *made = NULL;

	e = make(der, &made);
	if (e != OK)
		return e;
	made->next = *slot;
	*slot = made;
	c->count++;
	*ret = made;
	return OK;
}

enum err certs_read(struct certs *c, struct bytes der, const struct cert **ret)
{
	struct known *k = NULL;
	enum err e = find(c, der, &k);

	if (e == OK)
		*ret = &k->cert;
	return e;
}

enum err certs_check(
	struct certs *c, struct bytes der, struct bytes message, struct bytes signature)
{
	struct known *k = NULL;
	enum err e = find(c, der, &k);

	if (e == OK && k->key == NULL)
		e = key_of_cert(&k->cert, &k->key);
	return e == OK ? key_verify(k->key, message, signature) : e;
}

/* trust_epoch with the certificate's own bounds. */
static size_t epoch_of(const struct certs *c, const struct cert *cert, int64_t at)
{
	return trust_epoch(c->trust, at) * 4 + (size_t)(cert->not_before <= at) +
	       (size_t)(cert->not_after <= at) + (size_t)(cert->not_after + 1000 <= at);
}

static enum err judge(struct certs *c, struct known *k, int64_t at)
{
	size_t epoch = epoch_of(c, &k->cert, at);

	if (k->judged && k->epoch == epoch)
		return k->verdict;
	struct bytes issuer = {0};
	enum err e = trust_verify(c->trust, k->cert.der, at, &issuer);

	if (e == OK || e == ERR_CERT_UNTRUSTED) {
		k->judged = true;
		k->epoch = epoch;
		k->verdict = e;
		k->issuer = issuer;
	}
	return e;
}

enum err certs_verify(struct certs *c, struct bytes der, int64_t at, struct bytes *ret_issuer)
{
	struct known *k = NULL;
	enum err e = find(c, der, &k);

	if (e == ERR_NO_MEMORY)
		return e;
	if (e != OK || c->trust == NULL)
		return ERR_CERT_UNTRUSTED;
	e = judge(c, k, at);
	if (e == OK && ret_issuer != NULL)
		*ret_issuer = k->issuer;
	return e;
}
