/*
 * Representantes: who acts for this RFC, and the RFCs that gave it access; Enter shows all
 * of one. The accountant's list may have a thousand rows.
 */
#ifndef SCREENS_REPRESENTANTES_H
#define SCREENS_REPRESENTANTES_H

#include "screens/view.h"

extern const struct view view_representantes;

#endif
