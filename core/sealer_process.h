/*
 * The other end of the sealer. A keeper is forked before any thread and holds nothing: at each
 * request it forks a sealing process, which drops its user, loads the key and seals until its
 * socket closes. So a sealing process that died is replaced without forking a threaded server.
 * buzond sellar is the same by another door: it forks such a process for each connection.
 */
#ifndef CORE_SEALER_PROCESS_H
#define CORE_SEALER_PROCESS_H

#include <sys/types.h>
#include "core/config.h"

/* In the forked child only: serves until the control socket closes; its exit code. */
int sealer_process_keep(int control, const struct config *c);

/*
 * A sealing process for that socket, from a process without threads: its pid, -1. It says hello and
 * seals until it has read all that was sent, ignores the signals that end services, and dies with
 * its parent. The caller closes its own descriptor, or keeps it to end the other's reading.
 */
pid_t sealer_process_fork(int fd, const struct config *c);
/*
 * From root to that user for good; OK without a name or without root. ERR_CONFIG: no such user.
 */
enum err sealer_process_drop_user(const char *name) MUST_CHECK;

#endif
