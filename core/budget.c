#include "core/budget.h"

#include <pthread.h>
#include <stdatomic.h>
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "core/store/store.h"

#define BUCKETS 8192
#define NONCES 65536 /* a half; at most three quarters full */
#define NONCE_MS (10 * 60 * 1000)

/* The share of a budget that is borrowed at once, and how long it is good. */
#define SHARE 8
#define BORROWED_MS 15000
/* After the store did not answer: how long each server counts by itself. */
#define ALONE_MS 1000
/* A loan is not worth a longer wait; a connection takes so long at most (core/store/pg.c). */
#define PATIENCE_MS 1000
#define CONNECT_MS 4000

struct bucket {
	uint64_t who;
	int64_t at;
	int64_t thousandths;
	int64_t refused_until; /* shared: nothing is borrowed before */
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
	/* Shared: the lender has a lock of its own, so that only those wait who borrow. */
	char *place;
	pthread_mutex_t lender_mutex;
	struct store *lender;
	atomic_llong alone_until; /* monotonic ms */
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
	pthread_mutex_init(&b->lender_mutex, NULL);
	b->salt = (uint64_t)(uintptr_t)b * UINT64_C(0x9e3779b97f4a7c15);
	*ret = b;
	return OK;
}

static enum err reopen_lender(struct budget *b)
{
	if (b->lender != NULL)
		store_close(b->lender);
	b->lender = NULL;
	enum err e = store_open(b->place, DB_WRITE, &b->lender);

	if (e == OK)
		store_patience(b->lender, PATIENCE_MS);
	return e;
}

enum err budget_share(struct budget *b, const char *place)
{
	b->place = mem_strdup(place);
	return b->place != NULL ? reopen_lender(b) : ERR_NO_MEMORY;
}

void budget_close(struct budget *b)
{
	if (b->lender != NULL)
		store_close(b->lender);
	mem_free(b->place);
	pthread_mutex_destroy(&b->lender_mutex);
	pthread_mutex_destroy(&b->mutex);
	mem_free(b);
}

/* ---- borrowing ---- */

static enum err open_lender(struct budget *b)
{
	if (b->lender != NULL && !store_lost(b->lender))
		return OK;
	/* Meanwhile the others don't wait for it. */
	b->alone_until = clock_monotonic() + CONNECT_MS;
	enum err e = reopen_lender(b);

	if (e == OK)
		b->alone_until = 0;
	return e;
}

static int64_t share_of(unsigned per_minute)
{
	return (per_minute / SHARE != 0 ? per_minute / SHARE : 1) * INT64_C(1000);
}

/* *ret: thousandths; an eighth, at least one request, or one request, or none. */
static enum err lend(
	struct budget *b, const char *who, unsigned per_minute, int64_t now, int64_t *ret)
{
	ARENA(a, 1024);
	struct in_presupuesto_tomar in = {.quien = who,
		.lleno = (int64_t)per_minute * 1000,
		.toma = share_of(per_minute),
		.ahora = now,
		.por_minuto = per_minute};
	enum err e = open_lender(b);

	if (e == OK)
		e = q_presupuesto_tomar(b->lender, &in, &a, NULL);
	bool lent = e == OK && store_changes(b->lender) == 1;

	if (e == OK && !lent && in.toma != 1000) {
		in.toma = 1000;
		e = q_presupuesto_tomar(b->lender, &in, &a, NULL);
		lent = e == OK && store_changes(b->lender) == 1;
	}
	if (e == OK)
		*ret = lent ? in.toma : 0;
	return e;
}

struct loan {
	int64_t thousandths;
	bool alone; /* the store did not answer: nobody else knows of it */
};

static bool alone(const struct budget *b)
{
	return clock_monotonic() < b->alone_until;
}

static struct loan borrow(struct budget *b, const char *who, unsigned per_minute, int64_t now)
{
	const struct loan own = {share_of(per_minute), true};
	struct loan loan = {0};

	if (alone(b))
		return own;
	pthread_mutex_lock(&b->lender_mutex);
	/* Who was here before may have found nobody. */
	bool late = alone(b);
	enum err e = late ? ERR_STORE : lend(b, who, per_minute, now, &loan.thousandths);

	if (e != OK && !late) {
		log_write(LOG_WARN, "budget", "counting alone: %s", err_wire(e));
		b->alone_until = clock_monotonic() + ALONE_MS;
	}
	pthread_mutex_unlock(&b->lender_mutex);
	return e == OK ? loan : own;
}

/* Until then nobody asks again: none is left, or what one gives oneself would be no limit. */
static int64_t loan_until(struct loan loan, unsigned per_minute, int64_t now)
{
	if (loan.alone)
		return now + loan.thousandths * 60 / per_minute;
	return loan.thousandths == 0 ? now + 60000 / per_minute : 0;
}

/* ---- spending ---- */

static struct bucket *bucket_of(struct budget *b, uint64_t h, int64_t full, int64_t now)
{
	struct bucket *at = &b->buckets[h % BUCKETS];

	if (at->who != h)
		*at = (struct bucket){
			.who = h, .at = now, .thousandths = b->place != NULL ? 0 : full};
	return at;
}

static void refill(struct budget *b, struct bucket *at, unsigned per_minute, int64_t now)
{
	int64_t full = (int64_t)per_minute * 1000;
	int64_t more = (now - at->at) * per_minute / 60;

	if (b->place != NULL) {
		if (now - at->at > BORROWED_MS)
			at->thousandths = 0;
	} else if (now > at->at) {
		at->thousandths = more > full - at->thousandths ? full : at->thousandths + more;
		at->at = now;
	}
}

static bool spend(struct bucket *at)
{
	if (at->thousandths < 1000)
		return false;
	at->thousandths -= 1000;
	return true;
}

enum err budget_take(struct budget *b, const char *who, unsigned per_minute, int64_t now)
{
	uint64_t h = hash(b->salt, who, strlen(who));
	int64_t full = (int64_t)per_minute * 1000;

	if (per_minute == 0)
		return OK;
	pthread_mutex_lock(&b->mutex);
	struct bucket *at = bucket_of(b, h, full, now);

	refill(b, at, per_minute, now);
	bool spent = spend(at);
	bool ask = !spent && b->place != NULL && now >= at->refused_until;

	pthread_mutex_unlock(&b->mutex);
	if (!ask)
		return spent ? OK : ERR_TOO_MANY;
	struct loan loan = borrow(b, who, per_minute, now);

	pthread_mutex_lock(&b->mutex);
	at = bucket_of(b, h, full, now);
	/* Alone, those who ask at the same time are given it once. */
	if (!loan.alone || now >= at->refused_until) {
		at->thousandths += loan.thousandths;
		at->at = now;
		at->refused_until = loan_until(loan, per_minute, now);
	}
	spent = spend(at);
	pthread_mutex_unlock(&b->mutex);
	return spent ? OK : ERR_TOO_MANY;
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
