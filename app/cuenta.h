/*
 * A profile at work: opened, closed, and what time it is there.
 */
#ifndef APP_CUENTA_H
#define APP_CUENTA_H

#include "app/app.h"

/* Nothing is opened; the model knows what the configuration says. */
void cuenta_init(struct cuenta *c, struct app *app, const struct perfil *p);
/* Client and outbox, where they are not there yet. Nothing is sent. */
enum err cuenta_open(struct cuenta *c) MUST_CHECK;
void cuenta_close(struct cuenta *c);
/* Time passed: what fell due meanwhile is written, if anything did. */
void cuenta_judge(struct cuenta *c);
/* ms UTC by its server's clock. */
int64_t cuenta_now(const struct cuenta *c);

#endif
