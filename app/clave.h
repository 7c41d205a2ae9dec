/*
 * The ladder for the private key's password: a descriptor, the profile's clave_comando, a prompt.
 * Never an environment variable nor an argument; it lives in a struct secret only.
 */
#ifndef APP_CLAVE_H
#define APP_CLAVE_H

#include <stdbool.h>
#include "app/config.h"
#include "base/secret.h"

/*
 * First line of descriptor `fd` (-1: none; it is read to that line's end and not closed), else of
 * what clave_comando writes (it keeps the terminal), else what is typed at /dev/tty without echo.
 * *ret_asked: a person typed it, so asking again makes sense. ERR_NO_PASSWORD,
 * ERR_PASSWORD_COMMAND, ERR_CANCELLED (Ctrl-C, Ctrl-D), ERR_TOO_LARGE, ERR_NO_MEMORY.
 */
enum err clave_get(const struct perfil *p, int fd, const char *prompt, struct secret *ret,
	bool *ret_asked) MUST_CHECK;
/* The second step alone. ERR_PASSWORD_COMMAND also where the profile has none. */
enum err clave_command(const char *const *argv, struct secret *ret) MUST_CHECK;

#endif
