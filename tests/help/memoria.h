/*
 * Looks for secrets in the memory of a process, its own or another's, and tells what is locked
 * (never swapped) and left out of core dumps from what is not.
 *
 * What is looked for is kept masked, so that looking for it in oneself does not find the question.
 */
#ifndef TESTS_HELP_MEMORIA_H
#define TESTS_HELP_MEMORIA_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define MEMORIA_BYTES 96

struct memoria_secret {
	const char *name;
	unsigned char masked[MEMORIA_BYTES];
	size_t size;
};

struct memoria_found {
	size_t kept;	 /* in locked memory that no core dump has */
	size_t loose;	 /* elsewhere */
	char where[256]; /* the first loose one: name, mapping */
};

/* At most MEMORIA_BYTES are taken, from the start. */
void memoria_mask(struct memoria_secret *s, const char *name, const void *bytes, size_t size);
/* The same bytes the other way round: how OpenSSL keeps numbers. */
void memoria_turn(struct memoria_secret *to, const struct memoria_secret *from);
/*
 * The private numbers of an RSA key file (DER, encrypted) by openssl itself, both ways round: 12
 * secrets. Their values never stand in this process in clear.
 */
#define MEMORIA_RSA 12
void memoria_rsa(const char *key, const char *pass, struct memoria_secret ret[MEMORIA_RSA]);
/* False where the kernel does not let us look (errno). */
bool memoria_search(
	pid_t pid, const struct memoria_secret *secrets, size_t count, struct memoria_found *ret);

#endif
