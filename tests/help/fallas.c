#include "tests/help/fallas.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include "base/clock.h"
#include "tests/help/cm.h"

void fallas_pause(long ms)
{
	nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000}, NULL);
}

static void seed(void)
{
	const char *given = getenv("BUZON_SEED");
	unsigned number = given != NULL ? (unsigned)strtoul(given, NULL, 10)
					: (unsigned)clock_monotonic() ^ (unsigned)getpid() << 16;

	print_message("BUZON_SEED=%u\n", number);
	srandom(number);
}

static void relay(struct fallas *f, size_t i)
{
	char name[64];

	/* postgresql://postgres@/NAME?... */
	assert_int_equal(sscanf(f->place, "postgresql://postgres@/%63[^?]", name), 1);
	pg_relay_open(&f->relays[i], f->cluster.port);
	f->relays[i].context = &f->servers[i];
	f->servers[i].place = pg_relay_place(&f->relays[i], &f->world.arena, name);
}

void fallas_open(struct fallas *f, bool relayed)
{
	static const char *const names[FALLAS_SERVIDORES] = {"uno", "otro"};
	ARENA(a, 65536);

	*f = (struct fallas){0};
	seed();
	pg_cluster_start(&f->cluster, relayed ? e2e_servidor_port() : 0);
	snprintf(f->place, sizeof(f->place), "%s", pg_cluster_database(&f->cluster, &a));
	f->world.place = f->place;
	f->world.authority = CARGA_AUTORIDAD;
	e2e_open(&f->world);
	assert_int_equal(e2e_server_stop(&f->world, SIGTERM), 0);
	for (size_t i = 0; i < FALLAS_SERVIDORES; i++) {
		f->servers[i].name = names[i];
		if (relayed)
			relay(f, i);
	}
}

void fallas_serve(struct fallas *f, size_t each)
{
	for (size_t i = 0; i < FALLAS_SERVIDORES; i++) {
		e2e_servidor_start(&f->world, &f->servers[i]);
		f->carga.ports[i] = f->servers[i].port;
		/* The world's own server is none of them. */
		if (i == 0)
			f->world.front = f->servers[i].port;
	}
	f->world.front = f->servers[0].port;
	f->carga.servers = FALLAS_SERVIDORES;
	carga_open(&f->carga, &f->world, each);
}

void fallas_close(struct fallas *f)
{
	carga_close(&f->carga);
	for (size_t i = 0; i < FALLAS_SERVIDORES; i++) {
		(void)e2e_servidor_stop(&f->servers[i], SIGKILL);
		pg_relay_close(&f->relays[i]);
	}
	e2e_close(&f->world);
	pg_cluster_stop(&f->cluster);
}
