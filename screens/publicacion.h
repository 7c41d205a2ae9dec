/*
 * A publication as it is read: who published it, when, its text whole, and its file where it has
 * one. Once it was shown it is read.
 */
#ifndef SCREENS_PUBLICACION_H
#define SCREENS_PUBLICACION_H

#include "screens/view.h"

extern const struct view view_publicacion;

#endif
