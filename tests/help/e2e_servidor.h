/*
 * More servers on a world's store (e2e.h), each on a port of its own with the world's configuration
 * and what it is told besides. What can't be started fails the test that asks.
 */
#ifndef TESTS_HELP_E2E_SERVIDOR_H
#define TESTS_HELP_E2E_SERVIDOR_H

#include "tests/help/e2e.h"

struct e2e_servidor {
	const char *name;	  /* of its files: NAME.ini, NAME.out, NAME.err */
	const char *program;	  /* NULL: buzond; else one that the build made beside it */
	const char *const *setup; /* argv that runs in its place and execs it, or NULL */
	const char *const *lines; /* "key = value" instead of the world's; NULL behind the last */
	const char *place;	  /* the store, as this one reaches it; NULL: the world's */
	unsigned port;		  /* chosen at the first start */
	pid_t pid;
};

/* A free port, below those that clients get: who dies finds it free again. */
unsigned e2e_servidor_port(void);
/* Ready when this returns. */
void e2e_servidor_start(struct e2e *w, struct e2e_servidor *s);
/* The same, but it may refuse: false, and its exit code. */
bool e2e_servidor_try(struct e2e *w, struct e2e_servidor *s, int *ret_code);
/* As e2e_server_stop. */
int e2e_servidor_stop(struct e2e_servidor *s, int number);
/* Has it ended by itself? */
bool e2e_servidor_dead(struct e2e_servidor *s);
/* What it wrote to stderr since its last start. */
const char *e2e_servidor_log(struct e2e *w, struct arena *a, const struct e2e_servidor *s);

#endif
