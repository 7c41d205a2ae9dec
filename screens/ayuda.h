/*
 * The help of the screen below it, from the table of actions: only what is there.
 */
#ifndef SCREENS_AYUDA_H
#define SCREENS_AYUDA_H

#include "screens/view.h"

extern const struct view view_ayuda;

#endif
