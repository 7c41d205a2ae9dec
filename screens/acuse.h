/*
 * An acuse with all its parts, its QR (L-QR), and its proof.
 */
#ifndef SCREENS_ACUSE_H
#define SCREENS_ACUSE_H

#include "screens/view.h"

extern const struct view view_acuse;

#endif
