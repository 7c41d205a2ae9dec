/*
 * Naming a representative: who, what in each menu, since when and until when. What was typed is
 * kept as a draft until it is signed.
 */
#ifndef SCREENS_REPRESENTANTE_NUEVO_H
#define SCREENS_REPRESENTANTE_NUEVO_H

#include "screens/view.h"

extern const struct view view_representante_nuevo;

#endif
