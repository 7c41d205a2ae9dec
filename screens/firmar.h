/*
 * The signing dialogue: who signs, with which certificate, what exactly, until when it may arrive;
 * "Validar", then "Firmar". The harmless button has the cursor.
 */
#ifndef SCREENS_FIRMAR_H
#define SCREENS_FIRMAR_H

#include "screens/view.h"

extern const struct view view_firmar;

#endif
