/*
 * From the model to the terminal: the top screen's page, its frame, its hints.
 */
#ifndef APP_PAINT_H
#define APP_PAINT_H

#include "app/app.h"
#include "tui/draw.h"

struct paint {
	struct arena arena; /* of the page that is on the screen */
	struct page page;
	struct page_frame frame;
	struct page_paragraph sorry; /* where the page could not be made */
};

void paint_init(struct paint *p);
void paint_free(struct paint *p);
/*
 * Makes the page anew and paints what changed. Where memory ends the page says so, and keys still
 * work.
 */
void paint(struct paint *p, struct app *app, struct term *term);
/* The clock alone, for a minute costs a thin line a few bytes, not a page. */
void paint_clock(struct paint *p, struct app *app, struct term *term);
/* The page alone, for whoever prints it: never fails, for what fails becomes the page. */
void paint_make(struct paint *p, struct app *app);

#endif
