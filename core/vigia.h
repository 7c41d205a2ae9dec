/*
 * Hears of every commit on the store, whoever made it (this server, another one, a verb of buzond),
 * and tells those who keep something in memory: long polls, keys, jobs. One thread. It also keeps
 * the shared clock.
 */
#ifndef CORE_VIGIA_H
#define CORE_VIGIA_H

#include "core/reloj.h"
#include "core/serve.h"
#include "core/waits.h"

struct vigia;

struct vigia_config {
	const char *place; /* of the store */
	struct server *server;
	struct waits *waits;
	struct reloj *reloj;
	/* A job was made: due at `when` (ms UTC; 0: not known); may be NULL. */
	void (*tarea)(void *ctx, int64_t when);
	void *tarea_ctx;
};

enum err vigia_start(const struct vigia_config *c, struct vigia **ret) MUST_CHECK;
void vigia_stop(struct vigia *v);
AUTO_TYPE(vigia, struct vigia, vigia_stop);

#endif
