/*
 * The desktop's keyring, through the helper program buzon-llavero: what hangs there is killed after
 * two seconds, and nothing of it is linked here.
 *
 * The helper gets no terminal, no shell and only the variables that find the bus; the secret goes
 * through pipes, straight into locked memory. Every call blocks until its deadline and may run on
 * any thread. A password belongs to a signing certificate: `huella` is its thumbprint (keyid).
 *
 * All of them: ERR_KEYRING_LOCKED, ERR_KEYRING_UNAVAILABLE (no bus, nobody answers there, or the
 * helper is not installed), ERR_KEYRING_TIMEOUT, ERR_NO_MEMORY. None asks the person to unlock.
 */
#ifndef APP_LLAVERO_H
#define APP_LLAVERO_H

#include "base/err.h"
#include "base/secret.h"

/* What is stored; ERR_KEYRING_EMPTY. */
enum err llavero_get(const char *huella, struct secret *ret) MUST_CHECK;
/* Stores it, in place of what was there; at most 1024 bytes (ERR_TOO_LARGE). */
enum err llavero_put(const char *huella, const struct secret *secret) MUST_CHECK;
/* ERR_KEYRING_EMPTY where there was nothing. */
enum err llavero_remove(const char *huella) MUST_CHECK;
/* OK: open, and the password is there. ERR_KEYRING_EMPTY. */
enum err llavero_probe(const char *huella) MUST_CHECK;
/*
 * Lets the desktop ask the person to unlock it, for up to a minute; only on a graphical display
 * (else ERR_KEYRING_LOCKED) and only because the person asked for something that needs it.
 */
enum err llavero_unlock(const char *huella) MUST_CHECK;

#endif
