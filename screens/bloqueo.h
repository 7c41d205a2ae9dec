/*
 * The lock: nothing of the mail is seen until the e.firma is opened again.
 */
#ifndef SCREENS_BLOQUEO_H
#define SCREENS_BLOQUEO_H

#include "screens/view.h"

extern const struct view view_bloqueo;

#endif
