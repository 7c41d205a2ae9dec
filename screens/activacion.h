/*
 * Activación Buzón IMSS: the four steps, where one stands, and what to do next.
 */
#ifndef SCREENS_ACTIVACION_H
#define SCREENS_ACTIVACION_H

#include "screens/view.h"

extern const struct view view_activacion;

#endif
