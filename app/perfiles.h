/*
 * The profiles as screens see them (screens/mundo.h), and another one put in front. Each keeps its
 * own client, outbox and synchronisation, in front or not.
 */
#ifndef APP_PERFILES_H
#define APP_PERFILES_H

#include "app/app.h"

/* Once app->cuentas are there; every model knows the mundo from then on. ERR_NO_MEMORY. */
enum err perfiles_open(struct app *app) MUST_CHECK;
void perfiles_close(struct app *app);
/* As things stand: before a screen is asked anything. */
void perfiles_fill(struct app *app);
/* Effect PERFIL. What follows from it is returned; where it can't be opened, nothing changes. */
struct effect perfiles_go(struct app *app, const struct effect *effect);
/* One that was entered to the front, if that in front was not; false: none was. */
bool perfiles_entered(struct app *app);

#endif
