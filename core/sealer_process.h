/*
 * The other end of the sealer. A keeper is forked before any thread and holds nothing: at each
 * request it forks a sealing process, which drops its user, loads the key and seals until its
 * socket closes. So a sealing process that died is replaced without forking a threaded server.
 */
#ifndef CORE_SEALER_PROCESS_H
#define CORE_SEALER_PROCESS_H

#include "core/config.h"

/* In the forked child only: serves until the control socket closes; its exit code. */
int sealer_process_keep(int control, const struct config *c);

#endif
