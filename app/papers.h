/*
 * Papers for the person: saved as files, shown by a program of theirs, read as text.
 */
#ifndef APP_PAPERS_H
#define APP_PAPERS_H

#include "app/app.h"
#include "app/jobs.h"

/* Effects SAVE and EXTERNAL; end in EVENT_SAVED (and EVENT_OPENED). */
void papers_save(struct app *app, const struct effect *effect);
/* Effect READ: the text of a document's PDF. */
void papers_read(struct app *app, const struct effect *effect);
/* What was read goes to the model even where the screen has gone. */
void papers_end_read(struct job *job);
void papers_end_save(struct app *app, struct job *job);

#endif
