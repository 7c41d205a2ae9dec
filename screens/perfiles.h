/*
 * Perfiles: all of them in the configuration's order (or by what falls due), what each has due and
 * whether it is locked; Enter puts one in front.
 */
#ifndef SCREENS_PERFILES_H
#define SCREENS_PERFILES_H

#include "screens/view.h"

extern const struct view view_perfiles;

#endif
