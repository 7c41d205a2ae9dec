#include "app/calls.h"

#include "app/acts.h"
#include "app/cuenta.h"
#include "app/effects.h"
#include "app/sync.h"
#include "base/clock.h"
#include "crypto/sha.h"
#include "ley/documento.h"

/* The answer of a call, to the screen that still waits for it. */
static void deliver(struct app *app, enum route route, enum err err, bool pending)
{
	struct level *top = effects_top(app);
	struct event event = {.now = app_now(app)};

	app->call_ticket = 0;
	if (top == NULL || top->view->arrived == NULL)
		return;
	effects_do(app,
		top->view->arrived(top->state, &app->actual->model, route, err, pending, &event));
}

/* A document that is whole is checked before any screen says a word about it. */
static enum err check_document(struct cuenta *c, const struct m_documento *part)
{
	struct model_documento *d = model_documento(&c->model, part->folio);

	if (d == NULL || !model_documento_whole(d) || d->proof.count > 0)
		return OK;
	struct documento_firmado says = {.folio = d->folio,
		.titular = client_perfil(c->client)->rfc,
		.cadena = d->m.cadena,
		.firma = d->m.firma,
		.certificado = d->m.certificado};
	enum err err = sha256_hex(&d->arena, bytes_of(d->datos, (size_t)d->recibido), &says.sha256);

	if (err != OK)
		return err;
	return documento_prove(&d->arena, &says, client_trust(c->client), &d->proof);
}

static enum err take(struct cuenta *c, enum route route, const struct client_result *result)
{
	/* An entry was taken as it came, whoever asked for it: cuenta.c. */
	if (result->err != OK || route == ROUTE_ID_entrar)
		return result->err;
	enum err err = cuenta_take(c, route, result->answer, result->json);

	if (err == OK && route == ROUTE_ID_documento)
		err = check_document(c, result->answer);
	return err;
}

static void on_call(void *context, const struct client_result *result)
{
	struct app_call *call = context;
	struct cuenta *c = call->cuenta;
	struct app *app = c->app;
	enum err err = take(c, call->route, result);

	call->used = false;
	app->dirty = true;
	/* Asked by hand beside a long poll that hangs: the line works all the same. */
	if (err == OK && call->route == ROUTE_ID_sincronizar)
		model_line(&c->model, OK, cuenta_now(c));
	acts_read(c->client, &c->model);
	if (call->ticket != 0 && call->ticket == app->call_ticket)
		deliver(app, call->route, err, result->pending);
}

static struct app_call *free_call(struct app *app)
{
	for (size_t i = 0; i < APP_CALLS; i++)
		if (!app->calls[i].used)
			return &app->calls[i];
	return NULL;
}

void calls_route(struct app *app, enum route route, const void *request, int64_t expires)
{
	struct cuenta *c = app->actual;
	struct app_call *call = free_call(app);

	if (call == NULL) {
		deliver(app, route, ERR_TOO_MANY, false);
		return;
	}
	*call = (struct app_call){c, true, route, ++app->ticket};
	app->call_ticket = call->ticket;
	enum err err = client_call(c->client, route, request, expires, on_call, call);

	if (err == OK) {
		acts_read(c->client, &c->model);
		return;
	}
	call->used = false;
	deliver(app, route, err, false);
}

void calls_enter(struct app *app)
{
	static const struct m_entrar request = {.version = 1, .dispositivo = "buzon-tui"};

	calls_route(app, ROUTE_ID_entrar, &request, 0);
}

void calls_sync(struct app *app)
{
	struct cuenta *c = app->actual;
	struct app_call *call = free_call(app);
	struct m_sincronizar request = {
		.cursor = c->model.cursor[0] != '\0' ? c->model.cursor : NULL};

	if (!c->sync.used || call == NULL) {
		sync_now(c);
		return;
	}
	*call = (struct app_call){c, true, ROUTE_ID_sincronizar, 0};
	if (client_call(c->client, ROUTE_ID_sincronizar, &request, 0, on_call, call) != OK)
		call->used = false;
}

static void on_flushed(void *context, const struct client_result *result)
{
	struct cuenta *c = context;

	if (result->err == OK && result->answer != NULL)
		(void)!cuenta_take(c, ROUTE_ID_notificacion_abrir, result->answer, result->json);
	acts_read(c->client, &c->model);
	c->app->dirty = true;
}

void calls_flush(struct cuenta *c)
{
	int64_t now = clock_monotonic();

	if (c->model.por_enviar == 0 || !c->model.entrado || c->model.linea.desde != 0 ||
		now < c->flush_at)
		return;
	c->flush_at = now + APP_FLUSH_MS;
	client_flush_outbox(c->client, on_flushed, c);
}
