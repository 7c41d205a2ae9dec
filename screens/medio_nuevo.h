/*
 * Nuevo medio de contacto: the form, up to what is signed. What is typed is a draft until
 * then.
 */
#ifndef SCREENS_MEDIO_NUEVO_H
#define SCREENS_MEDIO_NUEVO_H

#include "screens/view.h"

extern const struct view view_medio_nuevo;

#endif
