/*
 * Calls of the screens: a route of the profile in front, and its answer to the screen that still
 * waits for it. An answer nobody waits for any more changes the model and nothing else.
 */
#ifndef APP_CALLS_H
#define APP_CALLS_H

#include "app/app.h"

/* Effect CALL: the top screen waits for the answer from now on. */
void calls_route(struct app *app, enum route route, const void *request, int64_t expires);
/* Effect ENTER. */
void calls_enter(struct app *app);
/* Effect SYNC: at once, beside the long poll that may be waiting. */
void calls_sync(struct app *app);
/* Sends what waits in the outbox of that profile, when it is time. */
void calls_flush(struct cuenta *c);

#endif
