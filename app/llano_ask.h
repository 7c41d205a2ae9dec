/*
 * What the line mode asks: fields one after another, the buttons of a form, the answer to a
 * question, and otherwise what to do.
 *
 * The harmless answer is the one of an empty line; every other is given by its word, whole.
 */
#ifndef APP_LLANO_ASK_H
#define APP_LLANO_ASK_H

#include "app/llano_state.h"

/* Decides what the page that was printed asks next. `fresh`: it is another page. */
void llano_ask_begin(struct llano *s, bool fresh);
/* The prompt; on a pipe a line of its own, and nothing for an order. */
void llano_ask_prompt(struct llano *s);
/* Is a secret being typed? */
bool llano_ask_secret(const struct llano *s);
/* Is the person in the middle of something that news would disturb? */
bool llano_ask_busy(const struct llano *s);
/* A line that answers. False: it is an order. */
bool llano_ask_line(struct llano *s, struct bytes line);
/* Field or button number `n` (from 1) of the form; false where there is none. */
bool llano_ask_number(struct llano *s, size_t n);
/* A button of the form by its word, or the beginning of one only; false where there is none. */
bool llano_ask_button(struct llano *s, const char *word);

#endif
