/*
 * One representation: all its dates and acuses, how it ended, and what can be done about it.
 */
#ifndef SCREENS_REPRESENTANTE_H
#define SCREENS_REPRESENTANTE_H

#include "screens/representacion.h"
#include "screens/view.h"

/* ---- what the list does of it, too ---- */

/* Its newest acuse; `folio` and `de` are room for what the effect borrows. */
struct effect representante_acuse(const struct model *m, const char *folio,
	char ret_folio[MODEL_FOLIO], char ret_de[MODEL_RFC]);
/*
 * To the signature that ends it; EFFECT_NONE with *ret_why where there is nothing to end. `x` is
 * room for what the effect borrows.
 */
struct effect representante_terminar(const struct model *m, const char *folio, int64_t now,
	struct acto *x, const char **ret_why);

extern const struct view view_representante;

#endif
