#include "base/secret.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <openssl/crypto.h>
#include "base/mem.h"

/* Two RSA-4096 keys, their BIGNUMs and a handful of passwords fit in 256 KiB. */
#define HEAP_BYTES (256 * 1024)
#define HEAP_GRAIN 64

/* ---- OpenSSL's ordinary heap -------------------------------------------------------------- */

/* Before what OpenSSL gets, so that it is known how much is to be overwritten. */
union block {
	size_t size;
	max_align_t align;
};

static void *block_take(size_t size, const char *file, int line)
{
	union block *b = size <= SIZE_MAX - sizeof(*b) ? mem_alloc(sizeof(*b) + size) : NULL;

	(void)file;
	(void)line;
	if (b == NULL)
		return NULL;
	b->size = size;
	return b + 1;
}

static void block_give(void *p, const char *file, int line)
{
	union block *b = p;

	(void)file;
	(void)line;
	if (p == NULL)
		return;
	explicit_bzero(p, b[-1].size);
	mem_free(b - 1);
}

/* Never in place: what realloc leaves behind could not be overwritten. */
static void *block_resize(void *p, size_t size, const char *file, int line)
{
	const union block *old = p;
	void *fresh = block_take(size, file, line);

	if (fresh == NULL || p == NULL)
		return fresh;
	memcpy(fresh, p, old[-1].size < size ? old[-1].size : size);
	block_give(p, file, line);
	return fresh;
}

static int wiped(void)
{
	CRYPTO_malloc_fn take = NULL;

	CRYPTO_get_mem_functions(&take, NULL, NULL);
	return take == block_take;
}

enum err secret_setup(struct secret_status *ret_status)
{
	struct rlimit none = {0, 0};

	/* Refused where something of OpenSSL's lives already; then it stays as it is. */
	(void)CRYPTO_set_mem_functions(block_take, block_resize, block_give);

	int heap = CRYPTO_secure_malloc_initialized()
			   ? 1
			   : CRYPTO_secure_malloc_init(HEAP_BYTES, HEAP_GRAIN);
	int core = setrlimit(RLIMIT_CORE, &none);
	int dump = prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);

	if (heap == 0)
		return ERR_NO_MEMORY;
	/* 2: the heap exists but could not be locked (RLIMIT_MEMLOCK). */
	ret_status->heap_locked = heap == 1;
	ret_status->heap_wiped = wiped();
	ret_status->dumps_off = core == 0 && dump == 0;
	return OK;
}

enum err secret_setup_child(struct secret_status *ret_status)
{
	struct secret_status status = {0};
	/* 0: something lives in it, so it stays as it is, unlocked. */
	int fresh = CRYPTO_secure_malloc_initialized() ? CRYPTO_secure_malloc_done() : 1;
	enum err e = secret_setup(&status);

	if (e != OK)
		return e;
	status.heap_locked = status.heap_locked && fresh;
	*ret_status = status;
	return OK;
}

enum err secret_make(struct secret *s, size_t capacity)
{
	unsigned char *data = OPENSSL_secure_zalloc(capacity != 0 ? capacity : 1);

	if (data == NULL)
		return ERR_NO_MEMORY;
	*s = (struct secret){.data = data, .capacity = capacity};
	return OK;
}

enum err secret_append(struct secret *s, const void *data, size_t size)
{
	if (size > s->capacity - s->size || s->data == NULL) {
		struct secret bigger = {0};
		size_t capacity = (s->size + size) * 2 > 64 ? (s->size + size) * 2 : 64;

		if (secret_make(&bigger, capacity) != OK)
			return ERR_NO_MEMORY;
		if (s->size != 0)
			memcpy(bigger.data, s->data, s->size);
		bigger.size = s->size;
		secret_clear(s);
		*s = bigger;
	}
	if (size != 0)
		memcpy(s->data + s->size, data, size);
	s->size += size;
	return OK;
}

enum err secret_set(struct secret *s, const void *data, size_t size)
{
	struct secret fresh = {0};
	enum err e = secret_append(&fresh, data, size);

	if (e != OK)
		return e;
	secret_clear(s);
	*s = fresh;
	return OK;
}

void secret_chop(struct secret *s, size_t n)
{
	n = n < s->size ? n : s->size;
	if (n != 0)
		OPENSSL_cleanse(s->data + s->size - n, n);
	s->size -= n;
}

void secret_clear(struct secret *s)
{
	if (s->data != NULL)
		OPENSSL_secure_clear_free(s->data, s->capacity);
	*s = (struct secret){0};
}
