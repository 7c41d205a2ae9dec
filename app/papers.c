#include "app/papers.h"

#include "app/effects.h"
#include "app/folders.h"

void papers_save(struct app *app, const struct effect *effect)
{
	ARENA(a, 65536);
	struct cuenta *c = app->actual;
	bool document = effect->paper == PAPER_DOCUMENTO;
	const char *folder = effect->paper == PAPER_ACUSE
				     ? client_acuses(c->client)
				     : folders_data(&a, c->perfil->nombre,
					       document ? "documentos" : "calendario");
	const struct model_documento *d = model_documento(&c->model, effect->folio);
	const struct model_acuse *acuse = model_acuse(&c->model, effect->folio);
	struct job *job = NULL;
	enum err err = ERR_NOT_FOUND;

	if (folder == NULL)
		err = ERR_NO_MEMORY;
	else if (effect->paper == PAPER_CALENDARIO)
		err = job_save_ics(effect->folio, effect->text, folder, &job);
	else if (document && d != NULL)
		err = job_save_documento(d, folder, &job);
	else if (!document && acuse != NULL)
		err = job_save_acuse(acuse, client_trust(c->client), folder, &job);
	if (err != OK) {
		effects_event(app, (struct event){.kind = EVENT_SAVED, .err = err});
		return;
	}
	job->show = effect->kind == EFFECT_EXTERNAL;
	effects_submit(app, job);
}

void papers_read(struct app *app, const struct effect *effect)
{
	struct model_documento *d = model_documento(&app->actual->model, effect->folio);
	struct job *job = NULL;

	if (d == NULL)
		return;
	if (job_read(d, &job) == OK) {
		effects_submit(app, job);
		return;
	}
	d->leido = true;
	d->texto_err = ERR_NO_MEMORY;
}

void papers_end_read(struct job *job)
{
	struct model_documento *d = model_documento(&job->cuenta->model, job->folio);

	if (d == NULL)
		return;
	d->texto_err = job->err;
	d->leido = true;
	if (job->err != OK)
		return;
	d->texto = arena_copy(&d->arena, job->text.data, job->text.size);
	if (d->texto == NULL)
		d->texto_err = ERR_NO_MEMORY;
}

void papers_end_save(struct app *app, struct job *job)
{
	effects_event(
		app, (struct event){.kind = EVENT_SAVED, .err = job->err, .value = job->path});
	if (job->show && job->err == OK)
		effects_event(app, (struct event){.kind = EVENT_OPENED, .err = job->shown});
}
