/*
 * What a notification says in a list, whichever list it stands in.
 */
#ifndef SCREENS_RENGLON_H
#define SCREENS_RENGLON_H

#include "screens/model.h"
#include "tui/page.h"

/* "HOY 09:30", "MAÑANA 09:30", "vie 13/nov 09:30"; another year is written whole; "" where `due`
 * is 0. NULL: no memory. */
const char *renglon_vence(struct arena *a, int64_t due, int64_t now);
/* "por abrir", "por enviar" … */
const char *renglon_estatus(const struct model *m, const struct fila *row);
/* PAGE_URGENT: today or past; PAGE_MUTED: nothing is due. */
enum page_style renglon_style(int64_t due, int64_t now);

#endif
