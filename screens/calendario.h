/*
 * Calendario: a month as a grid, and the agenda of what is due when, of the profile in front
 * or of all. Each date has its reasons; what moved says so, and what nobody knows yet, too.
 */
#ifndef SCREENS_CALENDARIO_H
#define SCREENS_CALENDARIO_H

#include "screens/view.h"

extern const struct view view_calendario;

#endif
