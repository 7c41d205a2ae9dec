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

/* Takes SAVED and OPENED; others are left alone: false. */
bool saved_event(struct saved *s, const struct event *e);
/* For the last line, its name first: where the page is scrolled it is all that is seen. */
void saved_status(const struct saved *s, char *to, size_t size);
void saved_say(struct parrafos *p, const struct saved *s);

#endif
