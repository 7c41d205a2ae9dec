#include "app/perfiles.h"

#include <stdio.h>
#include "app/cuenta.h"
#include "app/effects.h"
#include "app/unlock.h"
#include "base/mem.h"

enum err perfiles_open(struct app *app)
{
	struct mundo *w = &app->mundo;

	w->perfiles = mem_zalloc(app->count * sizeof(*w->perfiles));
	if (w->perfiles == NULL)
		return ERR_NO_MEMORY;
	w->count = app->count;
	w->anterior = app->count;
	for (size_t i = 0; i < app->count; i++) {
		const struct perfil *p = app->cuentas[i].perfil;

		w->perfiles[i] = (struct mundo_perfil){
			.nombre = p->nombre, .rfc = p->rfc, .calidad = p->calidad};
		app->cuentas[i].model.mundo = w;
	}
	perfiles_fill(app);
	return OK;
}

void perfiles_close(struct app *app)
{
	mem_free(app->mundo.perfiles);
	app->mundo = (struct mundo){0};
}

static enum mundo_estado estado(const struct model *m)
{
	if (m->firma.abierta)
		return MUNDO_ABIERTO;
	return m->entrado ? MUNDO_LECTURA : MUNDO_BLOQUEADO;
}

void perfiles_fill(struct app *app)
{
	for (size_t i = 0; i < app->mundo.count; i++) {
		struct mundo_perfil *p = &app->mundo.perfiles[i];
		struct model *m = &app->cuentas[i].model;

		p->estado = estado(m);
		p->por_enviar = m->por_enviar;
		p->model = p->estado != MUNDO_BLOQUEADO ? m : NULL;
	}
	app->mundo.actual = (size_t)(app->actual - app->cuentas);
}

struct effect perfiles_go(struct app *app, const struct effect *effect)
{
	const struct effect home = effect_to(EFFECT_OPEN, SCREEN_inicio, NULL);
	struct effect next = effect_to(EFFECT_OPEN, effect->screen, NULL);
	char folio[MODEL_FOLIO] = "";
	struct cuenta *to = &app->cuentas[effect->perfil];
	enum err err = cuenta_open(to);

	app->mundo.perfiles[effect->perfil].err = err;
	if (err != OK) {
		app->front.bell(app->front.ctx);
		return effect_of(EFFECT_NONE);
	}
	/* It may live in the state of a screen that is left. */
	(void)snprintf(folio, sizeof(folio), "%s", effect->folio != NULL ? effect->folio : "");
	next.folio = folio;
	effects_leave_all(app);
	if (to != app->actual)
		app->mundo.anterior = (size_t)(app->actual - app->cuentas);
	app->actual = to;
	perfiles_fill(app);
	if (!to->model.entrado)
		next = effect_to(EFFECT_OPEN, SCREEN_acceso, NULL);
	else if (effect->screen == SCREEN_acceso || effect->screen == SCREEN_inicio)
		next = home;
	else
		effects_do(app, home);
	/* Done here, while the folio is alive. */
	effects_do(app, next);
	/* What needs no person is not asked of one. */
	if (!to->model.entrado && to->model.firma.abierta)
		effects_event(app, (struct event){.kind = EVENT_UNLOCKED});
	else if (!to->model.entrado)
		(void)unlock_start(app, -1);
	return effect_of(EFFECT_NONE);
}

bool perfiles_entered(struct app *app)
{
	struct effect to = effect_of(EFFECT_PERFIL);
	size_t last = app->mundo.anterior;

	if (app->actual->model.entrado)
		return true;
	to.perfil = last < app->count && app->cuentas[last].model.entrado ? last : 0;
	while (to.perfil < app->count && !app->cuentas[to.perfil].model.entrado)
		to.perfil++;
	if (to.perfil == app->count)
		return false;
	(void)perfiles_go(app, &to);
	return true;
}
