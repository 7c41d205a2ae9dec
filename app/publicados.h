/*
 * Mis comunicados and Mis documentos as commands (L-8): the list, or one of them whole.
 */
#ifndef APP_PUBLICADOS_H
#define APP_PUBLICADOS_H

#include "app/verbs.h"
#include "screens/cartelera.h"

enum err publicados_run(struct verb_call *v, enum cartelera_clase clase) MUST_CHECK;

#endif
