/*
 * The ladder for the private key's password: a descriptor, a credential of systemd's, the profile's
 * clave_comando, the desktop's keyring, a prompt. Never an environment variable nor an argument; it
 * lives in a struct secret only.
 */
#ifndef APP_CLAVE_H
#define APP_CLAVE_H

#include <stdbool.h>
#include "app/config.h"
#include "base/secret.h"

/* Where a profile's password comes from: the first step that it has. */
enum clave_step {
	CLAVE_DESCRIPTOR, /* --clave-fd */
	CLAVE_CREDENCIAL, /* $CREDENTIALS_DIRECTORY/buzon-tui.<perfil>, where that file is */
	CLAVE_COMANDO,	  /* needs the terminal */
	CLAVE_LLAVERO,	  /* blocks for up to two seconds; any thread may wait for it */
	CLAVE_PREGUNTA,
};
enum clave_step clave_step(const struct perfil *p, int fd);

/*
 * The step that the profile has, but never the prompt: nobody needs to be there. *ret_tried: there
 * was such a step, and the error is its own: ERR_NO_PASSWORD (descriptor), ERR_CREDENTIAL,
 * ERR_PASSWORD_COMMAND, ERR_KEYRING_* or those of reading the certificate that names the secret.
 * Not tried: ERR_NO_PASSWORD.
 */
enum err clave_unattended(
	const struct perfil *p, int fd, bool *ret_tried, struct secret *ret) MUST_CHECK;

/*
 * What an error of opening the key means where the password came from there: ERR_WRONG_PASSWORD of
 * the keyring's is ERR_KEYRING_STALE, for nobody mistyped; all else is as it was.
 */
enum err clave_blame(const struct perfil *p, int fd, enum err e);

/*
 * First line of descriptor `fd` (-1: none; it is read to that line's end and not closed), else of
 * the credential, else of what clave_comando writes (it keeps the terminal), else what the keyring
 * holds, else what is typed at /dev/tty without echo. Why the keyring gave nothing is said before
 * the prompt; without a terminal it is the error.
 * *ret_asked: a person typed it, so asking again makes sense. ERR_NO_PASSWORD,
 * ERR_CREDENTIAL, ERR_PASSWORD_COMMAND, ERR_KEYRING_*, ERR_CANCELLED (Ctrl-C, Ctrl-D),
 * ERR_TOO_LARGE, ERR_NO_MEMORY.
 */
enum err clave_get(const struct perfil *p, int fd, const char *prompt, struct secret *ret,
	bool *ret_asked) MUST_CHECK;
/* The command's step alone. ERR_PASSWORD_COMMAND also where the profile has none. */
enum err clave_command(const char *const *argv, struct secret *ret) MUST_CHECK;
/* Under which name the keyring holds it: the thumbprint of the profile's certificate. */
enum err clave_huella(struct arena *a, const struct perfil *p, const char **ret_huella) MUST_CHECK;

#endif
