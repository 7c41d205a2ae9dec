/*
 * The Unix socket at which buzond sellar is asked. Its file's mode and the folder that it stands in
 * say who may ask: 0660, of the user and group that open it.
 *
 * A socket that a dead service left is replaced; one where somebody answers, and any file that is
 * no socket, stay as they are. Of several that open it at once one has it.
 */
#ifndef CORE_SEALER_DOOR_H
#define CORE_SEALER_DOOR_H

#include "base/err.h"

/*
 * Listens there, without blocking. ERR_UNAVAILABLE: a live service has it; ERR_CONFIG: a file that
 * is no socket stands there; ERR_NO_FILE: its folder is missing or closed to us; ERR_IO.
 */
enum err sealer_door_open(const char *path, int *ret_fd) MUST_CHECK;
/* Gives the socket to the user that the service becomes; OK without a name or without root. */
enum err sealer_door_give(const char *path, const char *user) MUST_CHECK;
/* Nobody gets in any more, and the file is gone; `fd` is closed. */
void sealer_door_close(const char *path, int fd);

#endif
