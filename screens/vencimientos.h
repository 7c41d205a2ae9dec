/*
 * Vencimientos: one list of what falls due in all profiles, soonest first, and whose it is. What
 * can't be seen (locked) or may be old (no line) is said above it. Enter goes to that notification
 * in its profile.
 */
#ifndef SCREENS_VENCIMIENTOS_H
#define SCREENS_VENCIMIENTOS_H

#include "screens/view.h"

extern const struct view view_vencimientos;

#endif
