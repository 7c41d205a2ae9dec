/*
 * What screens ask for, carried out: the only place where an effect meets network, worker and
 * terminal. A stack of screens, each with its widget; what is under way belongs to a ticket, so
 * that an answer nobody waits for any more changes the model and nothing else.
 */
#ifndef APP_EFFECTS_H
#define APP_EFFECTS_H

#include "app/client.h"
#include "app/worker.h"
#include "screens/view.h"
#include "tui/draw.h"

#define EFFECTS_DEPTH 12
#define EFFECTS_CALLS 16
#define EFFECTS_FLUSH_MS 2000 /* between two looks at the outbox */

struct app;

struct level {
	const struct view *view;
	void *state;
	struct widget widget;
};

/* A call under way, in a fixed place: none is lost when the client is closed. */
struct app_call {
	struct app *app;
	bool used;
	enum route route;
	uint64_t ticket; /* 0: no screen waits for it */
};

struct app {
	const struct perfil *perfil;
	struct term *term;
	struct http_out *out;
	struct client *client;
	struct worker *worker;
	struct model model;
	struct level stack[EFFECTS_DEPTH];
	size_t depth;
	struct app_call calls[EFFECTS_CALLS];
	struct app_call sync;
	uint64_t ticket;      /* the last one given */
	uint64_t call_ticket; /* what the top screen waits for; 0: nothing */
	uint64_t job_ticket;
	int64_t sync_at; /* monotonic ms of the next synchronisation; INT64_MAX: none */
	int64_t sync_started;
	int backoff_ms;
	int64_t flush_at; /* monotonic ms of the next look at the outbox */
	bool dirty;	  /* paint */
	bool quit;
};

struct level *effects_top(struct app *app);
int64_t effects_now(const struct app *app);
/* Carries out an effect and all that follows from it. */
void effects_do(struct app *app, struct effect effect);
/* Gives the top screen an event (its `now` is filled in) and carries out what it answers. */
void effects_event(struct app *app, struct event event);
/* Takes what the worker finished. */
void effects_worked(struct app *app);
/* Starts a synchronisation when it is time; sends what waits in the outbox. */
void effects_tick(struct app *app);
/* Leaves every screen: states and what was typed are freed. */
void effects_leave_all(struct app *app);

#endif
