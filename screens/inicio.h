/*
 * Inicio: what is due first, until when the e.firma is good, how the line is.
 */
#ifndef SCREENS_INICIO_H
#define SCREENS_INICIO_H

#include "screens/view.h"

extern const struct view view_inicio;

#endif
