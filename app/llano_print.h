/*
 * Pages of the line mode: whole the first time, afterwards what is new; long ones in parts. What
 * comes by itself is one line.
 */
#ifndef APP_LLANO_PRINT_H
#define APP_LLANO_PRINT_H

#include "app/llano_state.h"
#include "base/macros.h"

/* A line of its own, whatever stands there. Texts are cleaned on their way out. */
void llano_say(struct llano *s, const char *format, ...) PRINTF_LIKE(2, 3);
/* The screen, its level and its part; another page where it differs. Never 0. */
uint64_t llano_print_id(const struct llano *s);
/* The page that was made: whole where it is another one (or `again`), else what is new. */
void llano_print(struct llano *s);
/* The next or the one before of a page in parts; says so where there is none. */
void llano_print_next(struct llano *s);
void llano_print_previous(struct llano *s);
/* The part that holds the row. */
void llano_print_around(struct llano *s, size_t row);
/* Does the row read as it did when it was printed? False where it was not. */
bool llano_print_same_row(const struct llano *s, size_t printed, size_t now);
/* One line for what came by itself; nothing where nothing did. */
void llano_print_news(struct llano *s);
/* What is there is known: no news. */
void llano_print_known(struct llano *s);
/* That is how things stand now, and it has been said. */
void llano_print_status(struct llano *s, const char *status);
/* What is going on while an answer is awaited, once. */
void llano_print_waiting(struct llano *s);
/* Before an act: a search begins at the part that was printed. */
void llano_print_ready(struct llano *s);
/* The commands of the screen in one line. */
void llano_print_hints(struct llano *s);

#endif
