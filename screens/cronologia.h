/*
 * The evidence of a notification's life (ETSI EN 319 522), event by event: when, what, who, and the
 * acuse that proves it. What was read before is there without a line.
 */
#ifndef SCREENS_CRONOLOGIA_H
#define SCREENS_CRONOLOGIA_H

#include "screens/view.h"

extern const struct view view_cronologia;

/* As people read that event (to be translated: N_); the word itself where it is a newer one. */
const char *cronologia_suceso(const char *word);

#endif
