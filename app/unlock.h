/*
 * The e.firma of the profile in front, opened on the worker and forgotten.
 */
#ifndef APP_UNLOCK_H
#define APP_UNLOCK_H

#include "app/app.h"
#include "app/jobs.h"

/* Effect UNLOCK: with what was typed, else by the ladder (app/clave.h); ends in EVENT_UNLOCKED. */
void unlock_begin(struct app *app, const struct effect *effect);
/*
 * At start: where the password needs no person (a descriptor, a credential, the keyring) the
 * e.firma of the profile in front is being opened from now on: true.
 */
bool unlock_start(struct app *app, int clave_fd);
void unlock_end(struct app *app, struct job *job);
/* Another profile of the same e.firma has its copy open. */
void unlock_shared(struct job *job);
/*
 * Effect LOCK: nothing may be left to see, nor to sign with, in any profile. What follows is the
 * cover's own effect.
 */
struct effect unlock_forget(struct app *app);

#endif
