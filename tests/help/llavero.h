/*
 * A real gnome-keyring on a D-Bus of its own, below a world of e2e.h; nothing of the desktop's (if
 * there is one) is touched.
 */
#ifndef TESTS_HELP_LLAVERO_H
#define TESTS_HELP_LLAVERO_H

#include <stdbool.h>
#include <sys/types.h>
#include "tests/help/e2e.h"

struct llavero_mundo {
	struct e2e *w;
	char runtime[64];     /* XDG_RUNTIME_DIR; short, for sockets live there */
	char address[128];    /* "DBUS_SESSION_BUS_ADDRESS=..." */
	char runtime_env[96]; /* "XDG_RUNTIME_DIR=..." */
	pid_t bus;
	pid_t daemon; /* 0: none */
};

/* The bus; nobody keeps secrets there yet. */
void llavero_open(struct llavero_mundo *k, struct e2e *w);
void llavero_close(struct llavero_mundo *k);
/* gnome-keyring, unlocked, with what it held before. */
void llavero_start(struct llavero_mundo *k);
void llavero_stop(struct llavero_mundo *k);
/* Locks the collection where secrets are. */
void llavero_lock(struct llavero_mundo *k);
/* Runs a program with that bus around it. */
struct e2e_run llavero_run(struct llavero_mundo *k, struct arena *a, const char *const argv[]);
#define LLAVERO_RUN(k, a, ...) llavero_run((k), (a), (const char *const[]){__VA_ARGS__, NULL})

#endif
