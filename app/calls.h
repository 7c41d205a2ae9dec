/*
 * Calls of the screens: a route of the profile in front, and its answer to the screen that still
 * waits for it. An answer nobody waits for any more changes the model and nothing else.
 */
#ifndef APP_CALLS_H
#define APP_CALLS_H

#include "app/app.h"
#include "app/jobs.h"

/* Effect CALL: the top screen waits for the answer from now on. Papers may come from the copy. */
void calls_route(struct app *app, enum route route, const void *request, int64_t expires);
/* An answer goes to the model; a document that is whole is proved. */
enum err calls_take(
	struct cuenta *c, enum route route, const void *answer, struct bytes json) MUST_CHECK;
/* What the network brought goes to the local copy, once it was taken: rows are shown from there. */
void calls_keep(struct cuenta *c, enum route route, const struct client_result *result);
/* To read a document out of the local copy on the worker. ERR_NOT_FOUND: there is no such copy. */
enum err calls_load_job(struct cuenta *c, const char *folio, struct job **ret) MUST_CHECK;
enum err calls_take_loaded(struct job *job) MUST_CHECK;
/* A document was looked for in the local copy: shown, or asked of the server. */
void calls_loaded(struct app *app, struct job *job);
/* Effect ENTER. */
void calls_enter(struct app *app);
/* Effect SYNC: at once, beside the long poll that may be waiting. */
void calls_sync(struct app *app);
/* Sends what waits in the outbox of that profile, when it is time. */
void calls_flush(struct cuenta *c);

#endif
