/*
 * A notified document: header, whether it is what the functionary signed (L-7.1, L-7.9), its text.
 */
#ifndef SCREENS_DOCUMENTO_H
#define SCREENS_DOCUMENTO_H

#include "screens/view.h"

extern const struct view view_documento;

#endif
