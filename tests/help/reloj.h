/*
 * Programs under a moved clock (tests/help/shim/reloj.c): what stands before their argv says by how
 * much. One clock a test; what runs already keeps its own.
 */
#ifndef TESTS_HELP_RELOJ_H
#define TESTS_HELP_RELOJ_H

#include <stdint.h>

/* argv of env and its words, NULL behind them; its texts follow reloj_off. */
const char *const *reloj_words(void);
/* Whatever begins with these words from now on is so many ms off. */
void reloj_off(int64_t ms);
/* The same: it is that instant now. */
void reloj_at(int64_t at);

#endif
