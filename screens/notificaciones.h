/*
 * Mis notificaciones: every notification of the Buzón, what is due first on top. The cursor stays
 * on its folio whatever a synchronisation brings; looking never serves.
 */
#ifndef SCREENS_NOTIFICACIONES_H
#define SCREENS_NOTIFICACIONES_H

#include "screens/view.h"

extern const struct view view_notificaciones;

#endif
