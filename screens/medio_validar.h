/*
 * Validación de Celular or of an e-mail: the code that came, while it can be used.
 */
#ifndef SCREENS_MEDIO_VALIDAR_H
#define SCREENS_MEDIO_VALIDAR_H

#include "screens/view.h"

extern const struct view view_medio_validar;

#endif
