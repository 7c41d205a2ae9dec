/*
 * Why the dates of a notification are those dates (`p`): every step with its rule and article, and
 * every day that was skipped with its reason.
 */
#ifndef SCREENS_RAZONES_H
#define SCREENS_RAZONES_H

#include "screens/efectos.h"
#include "screens/parrafos.h"
#include "screens/view.h"

extern const struct view view_razones;

/*
 * The same for any printer: what comes of opening it now and of waiting, or how it came to be
 * notified. `c`: its own view.
 */
void razones_parrafos(struct parrafos *p, const struct calendario *c, const struct zona *domicilio,
	const struct efectos *e, int64_t now);

#endif
