/*
 * The client that runs: every profile of the configuration (a cuenta each), the stack of screens
 * that a person looks at, and what is under way. Terminal and line mode drive the same one.
 */
#ifndef APP_APP_H
#define APP_APP_H

#include "app/bulk.h"
#include "app/client.h"
#include "app/keep.h"
#include "app/worker.h"
#include "screens/historia.h"
#include "screens/orden.h"
#include "screens/view.h"
#include "tui/widget.h"

#define APP_DEPTH 12
#define APP_CALLS 16
#define APP_NOTICE 320	  /* bytes */
#define APP_FLUSH_MS 2000 /* between two looks at an outbox */

struct app;
struct cuenta;

/* What effects need of whoever shows the pages. No member may be NULL. */
struct front {
	void *ctx;
	void (*bell)(void *ctx);
	void (*suspend)(void *ctx); /* another program gets the terminal */
	void (*resume)(void *ctx);
	void (*redraw)(void *ctx);
	void (*copy)(void *ctx, const char *text); /* to the person's clipboard */
};

/* Whose line the prompt at the bottom is. */
enum app_prompt { APP_PROMPT_SCREEN, APP_PROMPT_SEARCH, APP_PROMPT_COMMAND };

struct level {
	const struct view *view;
	void *state;
	struct widget widget;
};

/* A call under way, in a fixed place: none is lost when the client is closed. */
struct app_call {
	struct cuenta *cuenta;
	bool used;
	enum route route;
	uint64_t ticket;	 /* 0: no screen waits for it */
	char folio[MODEL_FOLIO]; /* of the paper asked for, or "" */
};

/* A profile at work: its own client, outbox and synchronisation. */
struct cuenta {
	struct app *app;
	const struct perfil *perfil;
	struct client *client; /* NULL: not opened yet */
	struct model model;
	struct keep keep; /* its local copy; none before its e.firma was opened */
	struct keep_draft draft;
	struct app_call sync;
	int64_t sync_at; /* monotonic ms of the next synchronisation; INT64_MAX: none */
	int64_t sync_started;
	bool sync_asked;   /* by hand: the next one does not wait for a change */
	bool sync_rests;   /* a long poll: nobody waits for it */
	bool sync_keeping; /* its answer is being written */
	bool sync_empty;   /* that answer brought nothing */
	bool sync_old;	   /* it was asked with the cursor of a copy that is gone */
	int backoff_ms;
	int64_t flush_at; /* monotonic ms of the next look at the outbox */
};

struct app {
	struct cuenta *cuentas;
	size_t count;
	struct cuenta *actual; /* whose screens are shown */
	struct mundo mundo;    /* the profiles as screens see them */
	struct front front;
	struct http_out *out;
	struct worker *worker;
	struct level stack[APP_DEPTH];
	size_t depth;
	struct app_call calls[APP_CALLS];
	struct bulk bulk;
	struct app_call bulk_call;
	uint64_t ticket;	     /* the last one given */
	uint64_t call_ticket;	     /* what the top screen waits for; 0: nothing */
	_Atomic uint64_t job_ticket; /* the worker looks, too, whether it is still wanted */
	char paper[MODEL_FOLIO]; /* what is being fetched in parts, and since when (monotonic) */
	int64_t paper_since;
	int64_t progress_at; /* monotonic: when the line's state was last said */
	enum app_prompt prompt;
	enum action asks; /* APP_PROMPT_SCREEN: as struct effect has it */
	struct orden_tab tab;
	struct historia historia; /* of the `:` lines of one profile */
	const struct cuenta *historia_of;
	char notice[APP_NOTICE]; /* on the last line until the next key; "": none */
	const struct config_app *config;
	int64_t last_key;   /* monotonic */
	int64_t minute;	    /* on the clock that is shown */
	int64_t until;	    /* ms UTC by the server in front: then the page says something else */
	int64_t bloqueo_ms; /* without a key until all is locked; 0: never */
	bool starting;	    /* the first frame waits a moment for what is kept */
	bool clock;	    /* the minute changed: the clock alone, unless dirty */
	bool dirty;	    /* paint */
	bool quit;
	unsigned locks; /* how often all was locked: what was begun before opens nothing after */
};

/*
 * The profiles of the configuration, the named one in front (NULL: the first), its first screen
 * open; nothing that takes time. ERR_NO_PROFILE, ERR_NO_MEMORY.
 */
enum err app_open(struct app *app, const struct config_app *config, const char *perfil,
	const struct front *front) MUST_CHECK;
/*
 * Worker, outbox, and the e.firma where it needs no person (unlock_start); libcurl comes behind the
 * first frame. ERR_NO_TRUST, ERR_DISK_FULL, …
 */
enum err app_start(struct app *app, int clave_fd) MUST_CHECK;
void app_close(struct app *app);

/* ms UTC by the server of the profile in front. */
int64_t app_now(const struct app *app);
/* Takes what the worker finished; starts what is due; locks what was left alone too long. */
void app_tick(struct app *app);
/* ms until app_tick has something to do without any key. */
int app_patience(const struct app *app);
/* The person is there: what the last line said was read. */
void app_seen(struct app *app);
/* A sentence for the last line, until the next key. */
void app_say(struct app *app, const char *format, ...) PRINTF_LIKE(2, 3);

#endif
