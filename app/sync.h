/*
 * The synchronisation that never ends: one long poll after another, with the reading key, so that a
 * new aviso shows within a second; after a failure later and later, and at once when asked.
 */
#ifndef APP_SYNC_H
#define APP_SYNC_H

#include "app/app.h"

/* From now on (after entering), or never again (INT64_MAX in sync_at). */
void sync_now(struct cuenta *c);
/* What the last one brought is written, or could not be. */
void sync_kept(struct cuenta *c, enum err err);
/* Starts one if it is time. */
void sync_tick(struct cuenta *c);

#endif
