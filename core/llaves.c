#include "core/llaves.h"

#include <pthread.h>
#include <stdint.h>
#include "base/mem.h"

/* What one row may need: certificate, issuer, OCSP answer and texts. */
#define ALLOWANCE 32768
#define SLOTS 16384

struct llaves {
	pthread_mutex_t mutex;
	size_t most;
	size_t count;
	size_t hand;	  /* the slot that gives one up when full */
	unsigned changes; /* a row that was read before the last of them may be old */
	struct llave *slots[SLOTS];
};

/* keyids are base64url of SHA-256: their first characters are as random as it gets. */
static size_t slot_of(const char *keyid)
{
	uint64_t v = 0;

	for (int i = 0; i < 8 && keyid[i] != '\0'; i++)
		v = v * 64 + (unsigned char)keyid[i];
	return (v ^ v >> 17) % SLOTS;
}

enum err llaves_open(size_t most, struct llaves **ret)
{
	struct llaves *l = mem_zalloc(sizeof(*l));

	if (l == NULL)
		return ERR_NO_MEMORY;
	l->most = most;
	pthread_mutex_init(&l->mutex, NULL);
	*ret = l;
	return OK;
}

static void unref(struct llave *k)
{
	if (--k->refs != 0)
		return;
	key_free(k->key);
	arena_free(&k->arena);
	mem_free(k);
}

static void drop_all(struct llaves *l)
{
	for (size_t i = 0; i < SLOTS; i++)
		while (l->slots[i] != NULL) {
			struct llave *k = l->slots[i];

			l->slots[i] = k->next;
			unref(k);
		}
	l->count = 0;
}

void llaves_clear(struct llaves *l)
{
	pthread_mutex_lock(&l->mutex);
	l->changes++;
	drop_all(l);
	pthread_mutex_unlock(&l->mutex);
}

void llaves_close(struct llaves *l)
{
	drop_all(l);
	pthread_mutex_destroy(&l->mutex);
	mem_free(l);
}

void llaves_put(struct llaves *l, struct llave *k)
{
	pthread_mutex_lock(&l->mutex);
	unref(k);
	pthread_mutex_unlock(&l->mutex);
}

static struct llave **find(struct llaves *l, const char *keyid)
{
	struct llave **at = &l->slots[slot_of(keyid)];

	while (*at != NULL && strcmp((*at)->keyid, keyid) != 0)
		at = &(*at)->next;
	return at;
}

static void remove_at(struct llaves *l, struct llave **at)
{
	struct llave *k = *at;

	*at = k->next;
	l->count--;
	unref(k);
}

void llaves_drop(struct llaves *l, const char *keyid)
{
	pthread_mutex_lock(&l->mutex);
	struct llave **at = find(l, keyid);

	l->changes++;
	if (*at != NULL)
		remove_at(l, at);
	pthread_mutex_unlock(&l->mutex);
}

static enum err load_cert(struct store *s, struct llave *k)
{
	struct in_certificado in = {.huella = k->huella};
	struct out_certificado row;
	enum err e = q_certificado(s, &in, &k->arena, &row);

	if (e != OK)
		return e == ERR_NOT_FOUND ? ERR_UNKNOWN_KEY : e;
	k->ocsp_hasta = row.ocsp_hasta;
	k->ocsp_desde = row.ocsp_desde;
	k->signer = (struct signer){.huella = k->huella,
		.rfc = row.rfc,
		.nombre = row.nombre,
		.der = row.der,
		.emisor = row.emisor,
		.n = row.n,
		.e = row.e,
		.serie = row.serie,
		.desde = row.desde,
		.hasta = row.hasta,
		.revocado = row.revocado,
		.ocsp = row.ocsp};
	return k->lectura ? OK : key_from_rsa(row.n, (uint64_t)row.e, &k->key);
}

static enum err load(struct store *s, struct llave *k)
{
	struct in_lectura in = {.llave = k->keyid};
	struct out_lectura row;
	enum err e = q_lectura(s, &in, &k->arena, &row);

	if (e != OK && e != ERR_NOT_FOUND)
		return e;
	if (e == ERR_NOT_FOUND) {
		memcpy(k->huella, k->keyid, sizeof(k->huella));
		return load_cert(s, k);
	}
	if (row.publica.size != 32 || row.huella == NULL || strlen(row.huella) != 43)
		return ERR_STORE;
	k->lectura = true;
	k->vence = row.vence;
	memcpy(k->huella, row.huella, sizeof(k->huella));
	return key_from_ed25519(row.publica, &k->key);
}

static enum err make(struct store *s, const char *keyid, struct llave **ret)
{
	struct llave *k = mem_zalloc(sizeof(*k));

	if (k == NULL)
		return ERR_NO_MEMORY;
	arena_init(&k->arena, ALLOWANCE);
	k->refs = 1;
	memcpy(k->keyid, keyid, sizeof(k->keyid));
	enum err e = load(s, k);

	if (e == OK)
		*ret = k;
	else
		unref(k);
	return e;
}

static void insert(struct llaves *l, struct llave *k)
{
	struct llave **at = find(l, k->keyid);

	if (*at != NULL) /* another thread loaded it meanwhile */
		return;
	for (size_t i = 0; l->count >= l->most && i < SLOTS; i++)
		if (l->slots[l->hand = (l->hand + 1) % SLOTS] != NULL)
			remove_at(l, &l->slots[l->hand]);
	struct llave **slot = &l->slots[slot_of(k->keyid)];

	k->next = *slot;
	*slot = k;
	k->refs++;
	l->count++;
}

enum err llaves_get(struct llaves *l, struct store *s, const char *keyid, struct llave **ret)
{
	if (strlen(keyid) != 43)
		return ERR_UNKNOWN_KEY;
	pthread_mutex_lock(&l->mutex);
	struct llave *k = *find(l, keyid);
	unsigned changes = l->changes;

	if (k != NULL)
		k->refs++;
	pthread_mutex_unlock(&l->mutex);
	if (k == NULL) {
		enum err e = make(s, keyid, &k);

		if (e != OK)
			return e;
		pthread_mutex_lock(&l->mutex);
		if (l->changes == changes)
			insert(l, k);
		pthread_mutex_unlock(&l->mutex);
	}
	*ret = k;
	return OK;
}
