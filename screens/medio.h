/*
 * All of one contact medium: where it stands, until when it can be validated, its acuses.
 */
#ifndef SCREENS_MEDIO_H
#define SCREENS_MEDIO_H

#include "screens/view.h"

extern const struct view view_medio;

#endif
