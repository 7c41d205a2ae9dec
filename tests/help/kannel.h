/*
 * A real SMS gateway (Kannel: bearerbox, smsbox) on loopback with two operators: Kannel's fakesmsc,
 * whose phones get everything, and one that refuses numbers which end in 0 (an HTTP SMSC that the
 * test plays), for those that begin with 999.
 */
#ifndef TESTS_HELP_KANNEL_H
#define TESTS_HELP_KANNEL_H

#include <pthread.h>
#include <sys/types.h>
#include "base/arena.h"

struct kannel {
	char dir[256];
	unsigned admin, box, smsc, sendsms, operator; /* ports */
	pid_t bearerbox, smsbox, fakesmsc;
	int fakesmsc_in; /* it ends when that does */
	int listener;	 /* the other operator's */
	pthread_t thread;
};

void kannel_open(struct kannel *k);
void kannel_close(struct kannel *k);
void kannel_start(struct kannel *k);
void kannel_stop(struct kannel *k);
/* What the phones got, a line a message; waits (20 s) until it holds the text. */
const char *kannel_phones(struct kannel *k, struct arena *a, const char *text);
/* What bearerbox and smsbox wrote. */
const char *kannel_log(struct kannel *k, struct arena *a, const char *name);

#endif
