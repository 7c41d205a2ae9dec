/*
 * The person's own programs on the terminal, which is handed over and taken back: the page in
 * $PAGER, the configuration in $EDITOR.
 */
#ifndef APP_OUTSIDE_H
#define APP_OUTSIDE_H

#include "app/app.h"

/* The page as plain lines, through a pipe: nothing of it touches the disk. */
void outside_page(struct app *app, const struct page *page);
/*
 * $VISUAL, $EDITOR, or one that is there. What was written is read again: keys hold from then on;
 * profiles and the rest from the next start; a bad line is named and changes nothing.
 */
void outside_config(struct app *app);

#endif
