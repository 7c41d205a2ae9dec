/*
 * Where a paper was saved, and whether it could be shown: said on the page, for a path is longer
 * than the last line.
 */
#ifndef SCREENS_SAVED_H
#define SCREENS_SAVED_H

#include "screens/parrafos.h"
#include "screens/view.h"

struct saved {
	char path[4096]; /* "": nothing yet */
	enum err err;	 /* of saving */
	enum err shown;	 /* of the program that shows files */
};

/* Takes SAVED and OPENED; others are left alone. */
void saved_event(struct saved *s, const struct event *e);
void saved_say(struct parrafos *p, const struct saved *s);

#endif
