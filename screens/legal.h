/*
 * The terms and the privacy notice, read whole before they are signed.
 */
#ifndef SCREENS_LEGAL_H
#define SCREENS_LEGAL_H

#include "screens/view.h"

extern const struct view view_legal;

#endif
