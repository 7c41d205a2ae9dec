/*
 * What opening a notification does (L-7.2 to L-7.6), said with reasons before anything is signed.
 */
#ifndef SCREENS_EFECTO_H
#define SCREENS_EFECTO_H

#include "screens/view.h"

extern const struct view view_efecto;

#endif
