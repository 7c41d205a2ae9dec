/*
 * What a notification says in a list, whichever list it stands in.
 */
#ifndef SCREENS_RENGLON_H
#define SCREENS_RENGLON_H

#include "screens/model.h"
#include "tui/page.h"

/*
 * The columns of a list of notifications. The first four are there on 80 cells; the others come in
 * as the terminal grows, the most useful first.
 */
#define RENGLON_COLUMNS 11
extern const struct page_column renglon_columns[RENGLON_COLUMNS];
/* Its cells. ERR_NO_MEMORY. */
enum err renglon_cells(struct arena *a, const struct model *m, const struct fila *row, int64_t now,
	const char *const **ret_cells) MUST_CHECK;
/* "HOY 09:30", "MAÑANA 09:30", "vie 13/nov 09:30"; another year is written whole; "" where `due`
 * is 0. NULL: no memory. */
const char *renglon_vence(struct arena *a, int64_t due, int64_t now);
/* "por abrir", "por enviar" … */
const char *renglon_estatus(const struct model *m, const struct fila *row);
/* PAGE_URGENT: today or past; PAGE_MUTED: nothing is due. */
enum page_style renglon_style(int64_t due, int64_t now);

#endif
