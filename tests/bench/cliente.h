/*
 * What the rows of the client share: a world with a mailbox of so many notifications, and
 * buzon-tui on a terminal with its passphrase on a descriptor.
 */
#ifndef TESTS_BENCH_CLIENTE_H
#define TESTS_BENCH_CLIENTE_H

#include "tests/help/e2e.h"
#include "tests/help/vt.h"

#define CLIENTE_MS 20000

/* The profile `banco` of the natural person; so many notifications that may be opened. */
void cliente_open(struct e2e *w, int notificaciones);
/* buzon-tui --clave-fd N on a terminal; nothing is waited for. */
struct vt *cliente_start(struct e2e *w, const char *perfil, int rows, int cols);
/* Ctrl-C, and its end. */
void cliente_end(struct vt *vt);
/* Reads what is painted until nothing was for that long; seconds it took to the last byte. */
double cliente_quiet(struct vt *vt, int ms);
/* kB of resident memory. */
long cliente_rss(struct vt *vt);
/* A figure of the table; -1 where there is none. */
void cliente_row(const char *name, int count, const char *unit, double value, double target);

#endif
