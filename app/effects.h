/*
 * What screens ask for, carried out: the only place where an effect meets network, worker and
 * front. A stack of screens, each with its widget; what is under way belongs to a ticket, so that
 * what nobody waits for any more disturbs nobody.
 */
#ifndef APP_EFFECTS_H
#define APP_EFFECTS_H

#include "app/app.h"
#include "app/jobs.h"

/* NULL before the first screen. */
struct level *effects_top(struct app *app);
/* Carries out an effect and all that follows from it. */
void effects_do(struct app *app, struct effect effect);
/* Gives the top screen an event (its `now` is filled in) and carries out what it answers. */
void effects_event(struct app *app, struct event event);
/* A screen over what is there, whatever the depth; what it asks for is returned. */
struct effect effects_cover(struct app *app, const struct effect *effect);
/* To the worker; the top screen waits for it. */
void effects_submit(struct app *app, struct job *job);
/* Takes what the worker finished. */
void effects_worked(struct app *app);
/* Leaves every screen: states and what was typed are freed. */
void effects_leave_all(struct app *app);

#endif
