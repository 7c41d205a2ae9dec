/*
 * The outbox as the screens see it: which acts wait, what each is about, and which were refused for
 * good.
 */
#ifndef APP_ACTS_H
#define APP_ACTS_H

#include "app/client.h"
#include "screens/model.h"

/* Reads the folders; what can't be read is counted only. */
void acts_read(const struct client *c, struct model *m);
/* The person has seen the refused ones. */
void acts_forget(const struct client *c, struct model *m);

#endif
