/*
 * All that is known of one notification: its data, its legal dates, and the way to its papers.
 */
#ifndef SCREENS_FICHA_H
#define SCREENS_FICHA_H

#include "screens/view.h"

extern const struct view view_ficha;

#endif
