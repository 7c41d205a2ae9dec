/*
 * Acuses of media and activation: "Tipo de documento", "Fecha", "Acuse".
 */
#ifndef SCREENS_PAPELES_H
#define SCREENS_PAPELES_H

#include "screens/view.h"

extern const struct view view_papeles;

#endif
