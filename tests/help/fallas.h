/*
 * Where the faults of issue 4 happen: two servers on a PostgreSQL of the test's own, and the load
 * of carga.h. What can't be had fails the test that asks.
 */
#ifndef TESTS_HELP_FALLAS_H
#define TESTS_HELP_FALLAS_H

#include "tests/help/carga.h"
#include "tests/help/e2e_servidor.h"
#include "tests/help/pg.h"
#include "tests/help/pg_relay.h"

#define FALLAS_SERVIDORES 2

struct fallas {
	struct e2e world;
	struct pg_cluster cluster;
	char place[200];				/* the database, straight */
	struct e2e_servidor servers[FALLAS_SERVIDORES]; /* changed before fallas_serve */
	struct pg_relay relays[FALLAS_SERVIDORES];	/* each server's way to the database */
	struct carga carga;
};

/*
 * The world, its own server stopped; `relayed`: the database is reached through the relays. Seeds
 * random() by BUZON_SEED, or prints what it chose.
 */
void fallas_open(struct fallas *f, bool relayed);
/* Starts the servers; the persons enter, each with so many notifications. */
void fallas_serve(struct fallas *f, size_t each);
void fallas_close(struct fallas *f);
void fallas_pause(long ms);

#endif
