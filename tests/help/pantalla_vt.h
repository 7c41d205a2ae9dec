/*
 * A screen's page as a terminal shows it.
 */
#ifndef TESTS_HELP_PANTALLA_VT_H
#define TESTS_HELP_PANTALLA_VT_H

#include "tests/help/screens.h"

/* Environments: 256 colours, and none. */
extern const char *const pantalla_color[];
extern const char *const pantalla_mono[];

/*
 * Opens a screen of a world that has none open, in a terminal of that size: the rows from its title
 * on are these, up to the NULL.
 */
void pantalla_rows_are(struct pantalla *p, const struct effect *from, const char *const env[],
	int rows, int cols, const char *const *text);
/* The same; the row that holds `text` is shown in colour, or in bold where there is none. */
void pantalla_row_stands_out(struct pantalla *p, const struct effect *from, const char *text);

#endif
