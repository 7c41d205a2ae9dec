#include "core/oficina.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "core/secret_file.h"
#include "core/subir.h"
#include "crypto/efirma.h"
#include "ley/acuse.h"
#include "ley/documento.h"
#include "ley/hora.h"
#include "ley/zona.h"
#include "net/answer.h"
#include "net/request.h"

#define FILE_BYTES 16384
#define OFICINA_ARENA (256 * 1024)
#define ACT_MS (24 * INT64_C(3600000))
#define READ_MS (5 * INT64_C(60000))
#define ANSWER_MOST (4 * 1024 * 1024)
#define SILENCE_MS 30000
#define PATIENCE_S 120
#define PATIENCE_MOST 86400
#define PAUSE_FIRST_MS 50
#define PAUSE_MOST_MS 3000
/* How often `stop` is looked at. */
#define LOOK_MS 200
#define MESSAGES_VERSION 1
#define CALIDAD "funcionario"

struct oficina {
	struct arena arena;
	struct efirma *efirma;
	struct trust *trust; /* NULL: acuses are not proved */
	const char *base;
	const char *authority;
	const char *ca;
	int paciencia_s;
	struct clock clock;
	_Atomic int64_t offset;	  /* the server's clock minus ours, ms */
	pthread_mutex_t entering; /* one thread enrols the key, the others find it enrolled */
	struct key *lectura;
	const char *lectura_id;
};

struct oficina_linea {
	struct oficina *o;
	struct http_out *out;
	const atomic_bool *stop;
};

/* ---- opening ---- */

static enum err say(struct oficina *o, enum err e, const char **ret_message, const char *option,
	const char *path)
{
	if (e == ERR_NO_FILE)
		*ret_message =
			arena_printf(&o->arena, "No se encontró %s; revisa %s.", path, option);
	return e;
}

static enum err open_efirma(
	struct oficina *o, const struct oficina_de *de, int64_t now, const char **ret_message)
{
	SECRET(password);
	SECRET(key);
	struct bytes cer;
	enum err e = say(
		o, file_read(&o->arena, de->cer, FILE_BYTES, &cer), ret_message, "--cer", de->cer);

	if (e == OK)
		e = say(o, secret_file_read(de->key, FILE_BYTES, &key), ret_message, "--key",
			de->key);
	if (e == OK)
		e = say(o, secret_file_password(de->contrasena, &password), ret_message,
			"--contrasena-archivo", de->contrasena);
	return e == OK ? efirma_open(cer, bytes_of(key.data, key.size), &password, NULL, now,
				 &o->efirma)
		       : e;
}

static enum err read_server(
	struct oficina *o, const struct oficina_de *de, const char **ret_message)
{
	enum err e = request_server(&o->arena, de->servidor, &o->base, &o->authority);

	if (e == ERR_BAD_FIELD)
		*ret_message = "--servidor se escribe como https://buzon.ejemplo.mx (http:// sólo "
			       "en la misma máquina).";
	if (e == OK && de->ca != NULL) {
		o->ca = arena_strdup(&o->arena, de->ca);
		e = o->ca == NULL	  ? ERR_NO_MEMORY
		    : file_exists(de->ca) ? OK
					  : say(o, ERR_NO_FILE, ret_message, "--ca", de->ca);
	}
	return e;
}

static enum err read_patience(
	struct oficina *o, const struct oficina_de *de, const char **ret_message)
{
	char *end = NULL;
	long n = de->paciencia != NULL ? strtol(de->paciencia, &end, 10) : PATIENCE_S;

	if (de->paciencia != NULL &&
		(end == de->paciencia || *end != '\0' || n < 1 || n > PATIENCE_MOST)) {
		*ret_message = "--paciencia admite un entero de 1 a 86400 segundos.";
		return ERR_BAD_FIELD;
	}
	o->paciencia_s = (int)n;
	return OK;
}

static enum err make_reading_key(struct oficina *o)
{
	unsigned char raw[32];
	enum err e = key_make_ed25519(&o->lectura);

	if (e == OK)
		e = key_public_ed25519(o->lectura, raw);
	return e == OK ? key_id_ed25519(&o->arena, bytes_of(raw, sizeof(raw)), &o->lectura_id) : e;
}

static enum err fill(
	struct oficina *o, const struct oficina_de *de, int64_t now, const char **ret_message)
{
	enum err e = read_server(o, de, ret_message);

	if (e == OK)
		e = read_patience(o, de, ret_message);
	if (e == OK)
		e = open_efirma(o, de, now, ret_message);
	if (e == OK && de->confianza != NULL)
		e = say(o, trust_open(de->confianza, &o->trust), ret_message, "--confianza",
			de->confianza);
	if (e == OK)
		e = make_reading_key(o);
	return e == OK ? http_out_setup() : e;
}

enum err oficina_open(
	const struct oficina_de *de, int64_t now, struct oficina **ret, const char **ret_message)
{
	static _Thread_local char message[512];
	struct oficina *o = mem_zalloc(sizeof(*o));
	const char *said = NULL;

	*ret_message = NULL;
	if (o == NULL)
		return ERR_NO_MEMORY;
	arena_init(&o->arena, OFICINA_ARENA);
	pthread_mutex_init(&o->entering, NULL);
	o->clock = clock_system(0);
	atomic_init(&o->offset, 0);
	enum err e = fill(o, de, now, &said);

	if (e == OK) {
		*ret = o;
		return OK;
	}
	/* It may live in what is about to be freed. */
	if (said != NULL) {
		snprintf(message, sizeof(message), "%s", said);
		*ret_message = message;
	}
	oficina_close(o);
	return e;
}

void oficina_close(struct oficina *o)
{
	if (o == NULL)
		return;
	key_free(o->lectura);
	efirma_free(o->efirma);
	trust_free(o->trust);
	pthread_mutex_destroy(&o->entering);
	arena_free(&o->arena);
	mem_free(o);
}

const char *oficina_rfc(const struct oficina *o)
{
	return o->efirma->cert.rfc;
}

const char *oficina_servidor(const struct oficina *o)
{
	return o->base;
}

static int64_t now_there(struct oficina *o)
{
	return clock_now(&o->clock) + atomic_load(&o->offset);
}

enum err oficina_linea_open(struct oficina *o, const atomic_bool *stop, struct oficina_linea **ret)
{
	struct oficina_linea *l = mem_zalloc(sizeof(*l));

	if (l == NULL)
		return ERR_NO_MEMORY;
	*l = (struct oficina_linea){.o = o, .stop = stop};
	enum err e = http_out_open(&l->out);

	if (e == OK)
		*ret = l;
	else
		mem_free(l);
	return e;
}

void oficina_linea_close(struct oficina_linea *l)
{
	if (l == NULL)
		return;
	http_out_close(l->out);
	mem_free(l);
}

/* ---- signing ---- */

static enum err sign(struct oficina *o, struct arena *a, enum route route, struct bytes body,
	struct oficina_acto *ret)
{
	bool read = route_row(route)->signer == ROUTE_READ;
	int64_t now = now_there(o);
	struct request_signer by = {.key = read ? o->lectura : o->efirma->key,
		.keyid = read ? o->lectura_id : o->efirma->cert.thumbprint,
		.created = now,
		.expires = now + (read ? READ_MS : ACT_MS)};
	struct request r;
	enum err e = request_sign(a, o->base, route, body, &by, &r);

	if (e == OK)
		*ret = (struct oficina_acto){.route = route,
			.content_digest = r.rq.content_digest,
			.signature_input = r.rq.signature_input,
			.signature = r.rq.signature,
			.body = body};
	return e;
}

enum err oficina_firmar(struct oficina *o, struct arena *a, enum route route, const void *message,
	struct oficina_acto *ret)
{
	struct m_hat hat = {.titular = o->efirma->cert.rfc, .calidad = CALIDAD};
	const struct m_hat *asked = message;
	struct bytes body;

	if (asked->titular != NULL)
		hat.titular = asked->titular;
	void *copy = arena_copy(a, message, route_row(route)->request->size);

	if (copy == NULL)
		return ERR_NO_MEMORY;
	memcpy(copy, &hat, sizeof(hat));
	enum err e = codec_encode(a, route_row(route)->request, copy, &body);

	return e == OK ? sign(o, a, route, body, ret) : e;
}

enum err oficina_documento(struct oficina *o, struct arena *a, const char *oficio,
	const char *sha256, const char *rfc, const char **ret_fecha, struct bytes *ret_firma)
{
	struct documento d = {.oficio = oficio,
		.sha256 = sha256,
		.rfc = rfc,
		.firmante = o->efirma->cert.rfc,
		.fecha = hora_text(a, zona_centro(), now_there(o), HORA_CADENA)};
	const char *cadena = NULL;

	if (d.fecha == NULL)
		return ERR_NO_MEMORY;
	enum err e = documento_cadena(a, &d, &cadena);

	if (e == OK)
		e = key_sign(a, o->efirma->key, bytes_of_text(cadena), ret_firma);
	if (e == OK)
		*ret_fecha = d.fecha;
	return e;
}

/* ---- sending ---- */

static bool stopped(const struct oficina_linea *l)
{
	return l->stop != NULL && atomic_load(l->stop);
}

struct waiting {
	struct arena *arena;
	enum route route;
	struct answer answer;
	bool over;
};

static void on_answer(void *ctx, const struct http_out_result *result)
{
	struct waiting *w = ctx;

	answer_read(w->arena, w->route, result, &w->answer);
	w->over = true;
}

static enum err send_once(struct oficina_linea *l, struct arena *a, const struct oficina_acto *act,
	struct answer *ret)
{
	const struct route_row *row = route_row(act->route);
	struct httpsig_request covered = {.content_type = REQUEST_CONTENT_TYPE,
		.content_digest = act->content_digest,
		.signature_input = act->signature_input,
		.signature = act->signature};
	struct waiting w = {.arena = a, .route = act->route};
	struct http_out_call *call = NULL;
	struct http_out_request rq = {.url = arena_printf(a, "%s%s", l->o->base, row->path),
		.headers = request_headers(a, &covered),
		.body = act->body,
		.ca_file = l->o->ca,
		.timeout_ms = SILENCE_MS,
		.limit = ANSWER_MOST};

	if (rq.url == NULL || rq.headers == NULL)
		return ERR_NO_MEMORY;
	enum err e = http_out_start(l->out, &rq, on_answer, &w, &call);

	while (e == OK && !w.over) {
		e = http_out_wait(l->out, NULL, 0, LOOK_MS);
		if (e == OK && !w.over && stopped(l))
			e = ERR_CANCELLED;
	}
	if (e != OK && !w.over && call != NULL)
		http_out_cancel(l->out, call);
	*ret = w.answer;
	return e;
}

/* An acuse is believed only of these very bytes; with a trust folder it is proved. */
static enum err check_acuse(const struct oficina_linea *l, struct arena *a,
	const struct oficina_acto *act, const struct m_acuse *m)
{
	struct httpsig_request covered = {.method = "POST",
		.authority = l->o->authority,
		.path = route_row(act->route)->path,
		.content_type = REQUEST_CONTENT_TYPE,
		.content_digest = act->content_digest,
		.signature_input = act->signature_input,
		.signature = act->signature};
	struct httpsig sig;
	enum err e = httpsig_parse(a, &covered, &sig);

	if (e == OK && (!bytes_equal(sig.base, bytes_of_text(m->base)) ||
			       !bytes_equal(m->cuerpo, act->body)))
		e = ERR_BAD_SEAL;
	return e == OK && l->o->trust != NULL ? acuse_verify(a, m, l->o->trust) : e;
}

static void nap(int64_t ms)
{
	struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};

	nanosleep(&t, NULL);
}

/* Ends early where it is told to stop. */
static void rest(const struct oficina_linea *l, int64_t ms)
{
	int64_t until = clock_monotonic() + ms;

	for (int64_t left = ms; left > 0 && !stopped(l); left = until - clock_monotonic())
		nap(left < LOOK_MS ? left : LOOK_MS);
}

/* The same bytes, until there is an answer that stands or patience is over. */
static enum err insist(struct oficina_linea *l, struct arena *a, const struct oficina_acto *act,
	struct answer *ret)
{
	int64_t until = clock_monotonic() + l->o->paciencia_s * INT64_C(1000);
	int64_t pause = PAUSE_FIRST_MS;

	for (;;) {
		enum err e = stopped(l) ? ERR_CANCELLED : send_once(l, a, act, ret);
		int64_t asked = ret->retry_after_s * INT64_C(1000);

		if (e != OK || ret->err == OK || ret->settled || !answer_retries(ret->err))
			return e;
		if (clock_monotonic() >= until)
			return OK;
		rest(l, asked > pause ? asked : pause);
		pause = pause * 2 > PAUSE_MOST_MS ? PAUSE_MOST_MS : pause * 2;
	}
}

void oficina_enviar(struct oficina_linea *l, struct arena *a, const struct oficina_acto *act,
	void *answer, struct oficina_dicho *ret)
{
	const struct route_row *row = route_row(act->route);
	struct answer r = {0};
	enum err e = insist(l, a, act, &r);

	if (e == OK)
		e = r.err;
	if (e == OK && row->acuse)
		e = check_acuse(l, a, act, r.message);
	if (e == OK)
		memcpy(answer, r.message, row->answer->size);
	*ret = (struct oficina_dicho){
		.err = e, .campo = r.campo, .dato = r.dato, .resuelto = r.settled};
}

/* A clock that is off is set right; once. */
static bool clock_corrected(struct oficina *o, const struct oficina_dicho *d, int64_t before)
{
	if (d->err != ERR_CLOCK_OFF || d->dato <= 0 || atomic_load(&o->offset) != before)
		return false;
	atomic_store(&o->offset, d->dato - clock_now(&o->clock));
	return true;
}

static void sign_and_send(struct oficina_linea *l, struct arena *a, enum route route,
	const void *message, void *answer, struct oficina_dicho *ret)
{
	struct oficina_acto act;
	enum err e = oficina_firmar(l->o, a, route, message, &act);

	*ret = (struct oficina_dicho){.err = e};
	if (e == OK)
		oficina_enviar(l, a, &act, answer, ret);
}

void oficina_entrar(struct oficina_linea *l, struct arena *a, struct oficina_dicho *ret)
{
	struct oficina *o = l->o;
	unsigned char raw[32];
	struct m_entrar m = {.certificado = o->efirma->cert.der,
		.llave_lectura = bytes_of(raw, sizeof(raw)),
		.version = MESSAGES_VERSION};
	struct m_entrado entered = {0};
	enum err e = key_public_ed25519(o->lectura, raw);

	*ret = (struct oficina_dicho){.err = e};
	if (e != OK)
		return;
	pthread_mutex_lock(&o->entering);
	int64_t before = atomic_load(&o->offset);

	sign_and_send(l, a, ROUTE_ID_entrar, &m, &entered, ret);
	if (clock_corrected(o, ret, before))
		sign_and_send(l, a, ROUTE_ID_entrar, &m, &entered, ret);
	if (ret->err == OK)
		atomic_store(&o->offset, entered.ahora - clock_now(&o->clock));
	pthread_mutex_unlock(&o->entering);
}

void oficina_pedir(struct oficina_linea *l, struct arena *a, enum route route, const void *message,
	void *answer, struct oficina_dicho *ret)
{
	int64_t before = atomic_load(&l->o->offset);

	sign_and_send(l, a, route, message, answer, ret);
	if (ret->err == ERR_UNKNOWN_KEY) {
		/* A reading key lives for half a day at most. */
		oficina_entrar(l, a, ret);
		if (ret->err == OK)
			sign_and_send(l, a, route, message, answer, ret);
	} else if (clock_corrected(l->o, ret, before)) {
		sign_and_send(l, a, route, message, answer, ret);
	}
}

/* ---- files ---- */

struct uploading {
	struct oficina_linea *l;
	struct oficina_dicho dicho; /* of the announcement */
};

static enum err announce(
	void *ctx, struct arena *a, struct m_archivo_crear *rq, struct m_archivo_creado *ret)
{
	struct uploading *u = ctx;

	rq->hat.titular = NULL;
	oficina_pedir(u->l, a, ROUTE_ID_archivo_crear, rq, ret, &u->dicho);
	return u->dicho.err;
}

void oficina_subir(struct oficina_linea *l, struct arena *a, const char *path,
	const char **ret_sha256, struct oficina_dicho *ret)
{
	struct uploading u = {.l = l};
	const struct subir s = {.out = l->out,
		.servidor = l->o->base,
		.ca_file = l->o->ca,
		.crear = announce,
		.ctx = &u,
		.paciencia_s = l->o->paciencia_s,
		.stop = l->stop};
	enum err e = subir_archivo(&s, a, path, ret_sha256);

	*ret = (struct oficina_dicho){.err = e};
	/* A refused announcement says which field. */
	if (e != OK && u.dicho.err == e)
		*ret = u.dicho;
}
