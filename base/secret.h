/*
 * Passwords and keys: OpenSSL's secure heap (locked, guarded, never in a core dump), cleansed.
 *
 * A secret is never copied to an arena, a log or a file, and never printed.
 */
#ifndef BASE_SECRET_H
#define BASE_SECRET_H

#include <stddef.h>
#include "base/err.h"

struct secret {
	unsigned char *data; /* NULL when empty */
	size_t size;
	size_t capacity;
};

/* What the process could protect; told once to the log, never fatal. */
struct secret_status {
	int heap_locked; /* the secure heap is mlocked */
	int dumps_off;	 /* no core dump, no ptrace by others */
	int heap_wiped;	 /* OpenSSL's ordinary heap is overwritten when it is freed */
};

/*
 * Once, before any thread and any call of OpenSSL's: secure heap, RLIMIT_CORE 0, PR_SET_DUMPABLE 0,
 * and an ordinary heap for OpenSSL that forgets: its decoders leave whole private keys behind
 * (der2key frees the DER as it is, 3.0).
 */
enum err secret_setup(struct secret_status *ret_status) MUST_CHECK;

/*
 * The same in a forked child, which inherits the secure heap but not its locks: makes it again
 * where nothing lives in it yet.
 */
enum err secret_setup_child(struct secret_status *ret_status) MUST_CHECK;

enum err secret_make(struct secret *s, size_t capacity) MUST_CHECK;
enum err secret_set(struct secret *s, const void *data, size_t size) MUST_CHECK;
/* Adds bytes; grows within the secure heap. */
enum err secret_append(struct secret *s, const void *data, size_t size) MUST_CHECK;
/* Drops the last `n` bytes, overwritten. */
void secret_chop(struct secret *s, size_t n);
/* Cleanses and frees; the secret is empty again. */
void secret_clear(struct secret *s);

#define SECRET(name) __attribute__((cleanup(secret_clear))) struct secret name = {0}

#endif
