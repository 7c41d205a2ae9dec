#include "core/budget.h"

#include <pthread.h>
#include "base/mem.h"

#define BUCKETS 8192
#define NONCES 65536 /* a half; at most three quarters full */
#define NONCE_MS (10 * 60 * 1000)

struct bucket {
	uint64_t who;
	int64_t at;
	int64_t thousandths;
};

struct half {
	uint64_t seen[NONCES];
	size_t count;
	int64_t since;
};

struct budget {
	pthread_mutex_t mutex;
	uint64_t salt;
	struct bucket buckets[BUCKETS];
	struct half halves[2];
	int young;
};

/* FNV-1a with a salt a stranger can't know (our address), so that names can't be made to collide.
 */
static uint64_t hash(uint64_t h, const void *data, size_t size)
{
	const unsigned char *p = data;

	h ^= UINT64_C(14695981039346656037);
	for (size_t i = 0; i < size; i++)
		h = (h ^ p[i]) * UINT64_C(1099511628211);
	h ^= h >> 29;
	return h != 0 ? h : 1;
}

enum err budget_open(struct budget **ret)
{
	struct budget *b = mem_zalloc(sizeof(*b));

	if (b == NULL)
		return ERR_NO_MEMORY;
	pthread_mutex_init(&b->mutex, NULL);
	b->salt = (uint64_t)(uintptr_t)b * UINT64_C(0x9e3779b97f4a7c15);
	*ret = b;
	return OK;
}

void budget_close(struct budget *b)
{
	pthread_mutex_destroy(&b->mutex);
	mem_free(b);
}

enum err budget_take(struct budget *b, const char *who, unsigned per_minute, int64_t now)
{
	uint64_t h = hash(b->salt, who, strlen(who));
	int64_t full = (int64_t)per_minute * 1000;
	enum err e = OK;

	if (per_minute == 0)
		return OK;
	pthread_mutex_lock(&b->mutex);
	struct bucket *at = &b->buckets[h % BUCKETS];

	if (at->who != h)
		*at = (struct bucket){.who = h, .at = now, .thousandths = full};
	if (now > at->at) {
		int64_t more = (now - at->at) * per_minute / 60;

		at->thousandths = more > full - at->thousandths ? full : at->thousandths + more;
		at->at = now;
	}
	if (at->thousandths < 1000)
		e = ERR_TOO_MANY;
	else
		at->thousandths -= 1000;
	pthread_mutex_unlock(&b->mutex);
	return e;
}

void budget_give(struct budget *b, const char *who, unsigned per_minute)
{
	uint64_t h = hash(b->salt, who, strlen(who));

	pthread_mutex_lock(&b->mutex);
	struct bucket *at = &b->buckets[h % BUCKETS];

	if (at->who == h && at->thousandths + 1000 <= (int64_t)per_minute * 1000)
		at->thousandths += 1000;
	pthread_mutex_unlock(&b->mutex);
}

static bool seen(const struct half *half, uint64_t h, size_t *ret_at)
{
	size_t i = h % NONCES;

	while (half->seen[i] != 0 && half->seen[i] != h)
		i = (i + 1) % NONCES;
	*ret_at = i;
	return half->seen[i] == h;
}

enum err budget_nonce(struct budget *b, const char *keyid, struct bytes nonce, int64_t now)
{
	uint64_t h = hash(hash(b->salt, keyid, strlen(keyid)), nonce.data, nonce.size);
	size_t at;

	pthread_mutex_lock(&b->mutex);
	struct half *young = &b->halves[b->young];

	if (now - young->since > NONCE_MS || young->count > NONCES / 4 * 3) {
		b->young ^= 1;
		young = &b->halves[b->young];
		*young = (struct half){.since = now};
	}
	bool used = seen(&b->halves[b->young ^ 1], h, &at) || seen(young, h, &at);

	if (!used) {
		young->seen[at] = h;
		young->count++;
	}
	pthread_mutex_unlock(&b->mutex);
	return used ? ERR_NONCE_USED : OK;
}
