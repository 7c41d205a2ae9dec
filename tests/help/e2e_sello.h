/*
 * A world whose seal is in a service of its own, as its operator sets it up: buzond sellar has the
 * key and a configuration that says nothing else, and the server has neither.
 */
#ifndef TESTS_HELP_E2E_SELLO_H
#define TESTS_HELP_E2E_SELLO_H

#include "tests/help/e2e.h"

struct e2e_sello {
	struct e2e *world;
	const char *const *setup; /* argv that runs in the service's place and execs it, or NULL */
	const char *folder;	  /* of its key and sello.conf, in the world's arena */
	const char *socket;
	pid_t service;
};

/*
 * In an open world: its server is stopped, what both will read is written. Each line of `extra` is
 * a `key = value` of [servidor] that replaces that key, or takes it away where there is no value.
 */
void e2e_sello_prepare(struct e2e_sello *s, struct e2e *w, const char *const extra[]);
/* The same, and both are started. */
void e2e_sello_open(struct e2e_sello *s, struct e2e *w, const char *const extra[]);
void e2e_sello_start(struct e2e_sello *s);
/* The exit code, as e2e_server_stop. */
int e2e_sello_stop(struct e2e_sello *s, int number);

#endif
