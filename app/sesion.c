#include "app/sesion.h"

#include <stdio.h>
#include <unistd.h>
#include "app/clave.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/texto.h"
#include "base/utf8.h"
#include "ley/zona.h"
#include "screens/acto.h"
#include "tui/wrap.h"

#define EFIRMA_FILE_MOST (64 * 1024)
#define PASSWORD_TRIES 3
#define FLUSH_ALLOWANCE (16 * 1024 * 1024)

void sesion_close(struct sesion *s)
{
	client_close(s->client);
	http_out_close(s->out);
	*s = (struct sesion){0};
}

const char *sesion_clean(struct arena *a, const char *text)
{
	const char *clean = text != NULL ? utf8_clean(a, text) : NULL;

	return clean != NULL ? clean : "";
}

const char *sesion_cell(struct arena *a, const char *text, int cells)
{
	const char *clean = sesion_clean(a, text);
	int left = cells - wrap_width(clean);
	const char *cell = arena_printf(a, "%s%*s", clean, left > 0 ? left : 0, "");

	return cell != NULL ? cell : "";
}

enum err sesion_perfil(struct verb_call *v, const struct perfil **ret)
{
	struct config_app config;
	const struct perfil *p = NULL;
	enum err e = verbs_config(v, &config);

	if (e == OK)
		e = config_app_perfil(&config, v->opt[OPTION_perfil], &p);
	if (e == ERR_NO_PROFILE)
		v->detail = v->opt[OPTION_perfil];
	if (e != OK)
		return e;
	struct perfil *own = arena_copy(v->arena, p, sizeof(*p));

	if (own == NULL)
		return ERR_NO_MEMORY;
	if (v->opt[OPTION_confianza] != NULL)
		own->confianza = v->opt[OPTION_confianza];
	*ret = own;
	return OK;
}

static enum err read_pair(
	struct verb_call *v, const struct perfil *p, struct bytes *ret_cer, struct bytes *ret_key)
{
	enum err e = file_read(v->arena, p->certificado, EFIRMA_FILE_MOST, ret_cer);

	if (e != OK) {
		v->detail = p->certificado;
		return e;
	}
	e = file_read(v->arena, p->llave, EFIRMA_FILE_MOST, ret_key);
	if (e != OK)
		v->detail = p->llave;
	return e;
}

/* The RFC of the profile is the e.firma's only where one acts for oneself. */
static const char *rfc_asked(const struct perfil *p)
{
	return strcmp(p->calidad, "propio") == 0 ? p->rfc : NULL;
}

struct pair {
	struct bytes cer;
	struct bytes key;
	bool old;
};

static enum err open_once(struct verb_call *v, const struct perfil *p, const struct pair *files,
	struct efirma **ret, bool *ret_asked)
{
	SECRET(password);
	struct clock clock = clock_system(0);
	const char *prompt = arena_printf(v->arena,
		files->old ? _("Contraseña de la llave anterior (%s): ")
			   : _("Contraseña de la llave privada (%s): "),
		p->llave);
	enum err e = prompt != NULL ? OK : ERR_NO_MEMORY;

	*ret_asked = false;
	if (e == OK && key_is_encrypted(files->key))
		e = clave_get(p, v->clave_fd, prompt, &password, ret_asked);
	if (e != OK)
		return e;
	e = files->old ? efirma_open_old(files->cer, files->key, &password, rfc_asked(p), ret)
		       : efirma_open(files->cer, files->key, &password, rfc_asked(p),
				 clock_now(&clock), ret);
	/* An old one only unwraps: it is not rested for signing. */
	return e == OK && !files->old ? key_rest((*ret)->key) : e;
}

enum err sesion_efirma(struct verb_call *v, const struct perfil *p, bool old, struct efirma **ret)
{
	AUTO(efirma) f = NULL;
	struct pair files = {.old = old};
	bool asked = false;
	enum err e = read_pair(v, p, &files.cer, &files.key);

	if (e != OK)
		return e;
	e = open_once(v, p, &files, &f, &asked);
	for (int i = 1; i < PASSWORD_TRIES && e == ERR_WRONG_PASSWORD && asked; i++) {
		fprintf(stderr, "%s\n", err_sentence(e));
		e = open_once(v, p, &files, &f, &asked);
	}
	if (!asked)
		e = clave_blame(p, v->clave_fd, e);
	if (e == OK)
		*ret = STEAL(f);
	return e;
}

enum err sesion_call(struct sesion *s, struct arena *a, enum route route, const void *request,
	void *ret_answer, struct bytes *ret_json)
{
	const char *campo = NULL;
	enum err e =
		client_call_wait(s->client, a, route, request, 0, ret_answer, ret_json, &campo);

	if (e != OK && campo != NULL)
		s->v->detail = arena_strdup(s->v->arena, campo);
	return e;
}

static enum err enter(struct sesion *s)
{
	struct m_entrar entry = {0};
	enum err e = sesion_call(s, s->v->arena, ROUTE_ID_entrar, &entry, &s->entrado, NULL);

	if (e == OK && s->entrado.prueba)
		fprintf(stderr, "%s\n",
			_("PRUEBA: este servidor no es el del Instituto; nada de "
			  "esto tiene efectos legales."));
	return e;
}

/* Said at once: silence would look like a program that hangs. */
static void tell_retry(void *ctx, enum err e, int64_t most_ms)
{
	(void)ctx;
	fprintf(stderr,
		_("%s\nSe reintenta durante unos %lld s. El acto firmado está guardado y, si "
		  "no sale ahora, no se pierde.\n"),
		err_sentence(e), (long long)((most_ms + 999) / 1000));
}

/* All that needs no e.firma. */
static enum err prepare(struct verb_call *v, struct sesion *s)
{
	enum err e = http_out_setup();

	if (e == OK)
		e = http_out_open(&s->out);
	if (e == OK)
		e = client_open(s->perfil, s->out, &s->client);
	if (e == OK)
		client_patience(s->client, CLIENT_TRIES, tell_retry, NULL);
	if (e != OK && s->out != NULL && v->detail == NULL)
		v->detail = s->perfil->confianza;
	return e;
}

enum err sesion_open(struct verb_call *v, struct sesion *ret)
{
	struct efirma *f = NULL;

	ret->v = v;
	enum err e = sesion_perfil(v, &ret->perfil);

	if (e == OK)
		e = prepare(v, ret);
	if (e == OK)
		e = sesion_efirma(v, ret->perfil, false, &f);
	if (e != OK)
		return e;
	client_unlock(ret->client, f);
	return enter(ret);
}

enum err sesion_open_with(
	struct verb_call *v, const struct perfil *p, const struct efirma *f, struct sesion *ret)
{
	struct efirma *own = NULL;

	*ret = (struct sesion){.v = v, .perfil = p};
	enum err e = prepare(v, ret);

	if (e == OK)
		e = efirma_share(f, &own);
	if (e != OK)
		return e;
	client_unlock(ret->client, own);
	return enter(ret);
}

/* ---- The outbox, told ---- */

/* Sends that act; its answer is told. */
static enum err send_one(struct sesion *s, const char *name)
{
	ARENA(a, FLUSH_ALLOWANCE);
	struct outbox_act act;
	enum err e = outbox_get(client_outbox(s->client), &a, name, &act);
	const struct route_row *row = e == OK ? route_row(act.route) : NULL;
	void *answer = row != NULL ? arena_zalloc(&a, row->answer->size) : NULL;

	if (e == OK)
		e = answer != NULL ? client_send_wait(s->client, &a, name, answer, NULL, NULL)
				   : ERR_NO_MEMORY;
	if (e == OK && row->acuse)
		fprintf(stderr, _("Se entregó un acto que estaba pendiente; su acuse es %s.\n"),
			sesion_clean(&a, ((const struct m_acuse *)answer)->folio));
	else if (e == OK)
		fprintf(stderr, "%s\n", _("Se entregó un acto que estaba pendiente."));
	else if (e != ERR_NO_FILE)
		fprintf(stderr, _("Un acto firmado sigue sin acuse: %s\n"), err_sentence(e));
	return e;
}

/* "registro de ana@example.mx"; the route's name where it is no act of a dialogue. */
static const char *what_of(struct arena *a, const struct outbox_act *act)
{
	const struct acto_clase *clase = acto_clase(act->route);
	const struct route_row *row = route_row(act->route);
	union peticion rq;

	if (clase == NULL ||
		codec_decode(a, row->request, CODEC_TOLERANT, act->body, &rq, NULL) != OK)
		return row->name;
	const char *clave = clase->clave(a, &rq);

	return clave != NULL ? arena_printf(a, "%s%s", _(clase->nombre), sesion_clean(a, clave))
			     : row->name;
}

static void tell_refused(struct sesion *s, struct arena *a)
{
	struct outbox_act *acts = NULL;
	size_t count = 0;

	if (outbox_rejected(client_outbox(s->client), a, &acts, &count) != OK)
		return;
	for (size_t i = 0; i < count; i++) {
		const char *when = hora_text(a, zona_centro(), acts[i].created, HORA_DIA);

		fprintf(stderr, _("El servidor no aceptó el acto que firmaste el %s (%s): %s\n"),
			when != NULL ? when : "", what_of(a, &acts[i]),
			err_sentence(err_from_wire(acts[i].error)));
		if (outbox_forget(client_outbox(s->client), a, acts[i].name) != OK)
			continue;
	}
}

void sesion_flush(struct sesion *s)
{
	ARENA(a, FLUSH_ALLOWANCE);
	char **names = NULL;
	size_t count = 0;

	if (outbox_list(client_outbox(s->client), &a, &names, &count) != OK)
		return;
	/* What was asked for comes after: each once, and none where the line just failed. */
	client_patience(s->client, 1, NULL, NULL);
	for (size_t i = 0; i < count; i++) {
		enum err e = send_one(s, names[i]);

		if (e == ERR_NETWORK || e == ERR_TIMEOUT)
			break;
	}
	client_patience(s->client, CLIENT_TRIES, tell_retry, NULL);
	tell_refused(s, &a);
}
