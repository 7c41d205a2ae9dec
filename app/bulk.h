/*
 * Many papers at once: document and acuse of each notification, one after the other, to the
 * profile's folders. What the copy has is not fetched again; what fails is counted, and the rest
 * goes on, but for a line that is dead.
 */
#ifndef APP_BULK_H
#define APP_BULK_H

#include "app/jobs.h"

struct app;
struct effect;

enum bulk_step { BULK_LOAD, BULK_FETCH, BULK_SAVE, BULK_ACUSE, BULK_SAVE_ACUSE };

struct bulk {
	struct arena arena;
	struct cuenta *cuenta; /* NULL: nothing is under way */
	const char *const *folios;
	size_t count;
	size_t at;
	size_t documents; /* saved */
	size_t acuses;
	size_t failed;
	enum err err; /* the last failure */
	enum bulk_step step;
	uint64_t number; /* of this download: what a former one still brings is not its own */
};

/* Effect BULK; ends in EVENT_SAVED for the screen on top. A second one waits its turn: refused. */
void bulk_start(struct app *app, const struct effect *effect);
bool bulk_active(const struct app *app);
/* No more; what was saved stays, and is said. */
void bulk_cancel(struct app *app);
/* A job of a download came back. */
void bulk_job(struct app *app, struct job *job);

#endif
