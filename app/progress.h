/*
 * What the line is doing for a person who waits, put into the model for the status line: nothing
 * before 200 ms, then at most twice a second, for on a thin line the progress is traffic too.
 */
#ifndef APP_PROGRESS_H
#define APP_PROGRESS_H

#include "app/app.h"

void progress_tick(struct app *app);
/* ms until progress_tick has something new to say; INT64_MAX: not before something happens. */
int64_t progress_patience(const struct app *app);

#endif
