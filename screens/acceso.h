/*
 * Validación FIEL: the e.firma is asked for, opened and entered with; every fault is said
 * beside its field, and the password is forgotten as soon as it was used.
 */
#ifndef SCREENS_ACCESO_H
#define SCREENS_ACCESO_H

#include "screens/view.h"

extern const struct view view_acceso;

#endif
