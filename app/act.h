/*
 * What a person tells the program to do, by key, by `:` command or by a line: the actions that are
 * the program's own are done here, the others are the top screen's.
 */
#ifndef APP_ACT_H
#define APP_ACT_H

#include "app/app.h"

/* `page` is what the person sees; `argument` what stood behind the command, or NULL. */
void act_do(struct app *app, const struct page *page, enum action a, const char *argument);
/* The menu's entry; false: there is none to go to from here, and a bell is in order. */
bool act_menu(struct app *app, const struct page *page, enum screen to);
/* A line as behind `:`. What is wrong with it becomes the note of `ret_say` (NULL: nothing). */
enum err act_line(struct app *app, const struct page *page, struct arena *a, const char *line,
	const char **ret_say) MUST_CHECK;
/* Enter, Tab, Up and Down in the prompt. */
void act_prompt(struct app *app, const struct page *page, const struct widget_event *w);

#endif
