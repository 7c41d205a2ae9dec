#include "core/subir.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>
#include "base/clock.h"
#include "base/file.h"
#include "core/subidas.h"
#include "crypto/sha.h"
#include "ley/pdf_check.h"
#include "net/codec.h"

/* Of one PATCH: few enough that its answer comes soon, enough that a far server is not waited for.
 */
#define TRAMO ((size_t)2 * 1024 * 1024)
#define PACIENCIA_S 120
#define LOOK_MS 200
/* Between tries: doubled from the first to the last. */
#define PAUSE_FIRST_MS 250
#define PAUSE_LAST_MS 10000
#define ANSWER_BYTES 65536
#define CALL_ARENA ((size_t)1024 * 1024)

struct work {
	const struct subir *s;
	struct arena *a;
	struct bytes file;
	const char *sha256;
	char direccion[SUBIDA_DIRECCION + 1];
	int64_t at;
	bool completa;
	bool anew;     /* it was told once that what is there is another file */
	int64_t moved; /* when it last went on, monotonic ms */
	int64_t pause;
	int asked_s; /* what Retry-After said last */
};

/* ---- one request ---- */

/* What of an answer is needed once its callback is over. */
struct reply {
	bool ended;
	struct http_out_result r;
	enum err refused; /* what its body says */
};

static void take_reply(void *ctx, const struct http_out_result *r)
{
	ARENA(a, CALL_ARENA);
	struct reply *to = ctx;
	struct m_fallo f = {0};

	*to = (struct reply){.ended = true, .r = *r, .refused = ERR_BAD_ANSWER};
	to->r.body = bytes_of(NULL, 0);
	if (r->err == OK && r->status >= 400 &&
		codec_decode(&a, &message_fallo, CODEC_TOLERANT, r->body, &f, NULL) == OK)
		to->refused = err_from_wire(f.error);
}

static bool stopped(const struct work *w)
{
	return w->s->stop != NULL && atomic_load(w->s->stop);
}

static enum err send(struct work *w, const struct http_out_request *rq, struct reply *ret)
{
	struct http_out_call *call = NULL;
	enum err e = http_out_start(w->s->out, rq, take_reply, ret, &call);

	while (e == OK && !ret->ended && !stopped(w))
		e = http_out_wait(w->s->out, NULL, 0, LOOK_MS);
	if (ret->ended)
		return OK;
	if (call != NULL)
		http_out_cancel(w->s->out, call);
	return e == OK ? ERR_CANCELLED : e;
}

static const char *url_of(const struct work *w, struct arena *a)
{
	return arena_printf(a, "%s/v1/archivo/%s", w->s->servidor, w->direccion);
}

static enum err send_some(struct work *w, struct reply *ret)
{
	ARENA(a, CALL_ARENA);
	size_t left = w->file.size - (size_t)w->at;
	size_t size = left < TRAMO ? left : TRAMO;
	const char *const headers[] = {
		arena_printf(&a, "Upload-Offset: %" PRId64, w->at),
		size == left ? "Upload-Complete: ?1" : "Upload-Complete: ?0",
		"Content-Type: application/partial-upload",
		NULL,
	};
	struct http_out_request rq = {.url = url_of(w, &a),
		.method = "PATCH",
		.headers = headers,
		.body = bytes_of(w->file.data + w->at, size),
		.ca_file = w->s->ca_file,
		.limit = ANSWER_BYTES};

	return rq.url != NULL && headers[0] != NULL ? send(w, &rq, ret) : ERR_NO_MEMORY;
}

static enum err ask_offset(struct work *w, struct reply *ret)
{
	ARENA(a, CALL_ARENA);
	struct http_out_request rq = {.url = url_of(w, &a),
		.method = "HEAD",
		.ca_file = w->s->ca_file,
		.limit = ANSWER_BYTES};

	return rq.url != NULL ? send(w, &rq, ret) : ERR_NO_MEMORY;
}

/* ---- what may pass ---- */

static bool passes(enum err e)
{
	switch (e) {
	case ERR_NETWORK:
	case ERR_TIMEOUT:
	case ERR_CUT:
	case ERR_UNAVAILABLE:
	case ERR_STORE:
	case ERR_BUSY:
	case ERR_DISK_FULL:
	case ERR_IO:
	case ERR_SEAL:
	case ERR_TOO_MANY:
		return true;
	default:
		return false;
	}
}

static void sleep_ms(const struct work *w, int64_t ms)
{
	int64_t until = clock_monotonic() + ms;

	while (!stopped(w) && clock_monotonic() < until)
		nanosleep(&(struct timespec){.tv_nsec = INT64_C(50) * 1000000}, NULL);
}

/* OK: try again now. `why` where it does not pass, or patience is over. */
static enum err wait_after(struct work *w, enum err why)
{
	int64_t patience = w->s->paciencia_s > 0 ? w->s->paciencia_s : PACIENCIA_S;
	int64_t pause =
		w->pause > (int64_t)w->asked_s * 1000 ? w->pause : (int64_t)w->asked_s * 1000;

	if (!passes(why) || clock_monotonic() - w->moved >= patience * 1000)
		return why;
	w->pause = w->pause * 2 < PAUSE_LAST_MS ? w->pause * 2 : PAUSE_LAST_MS;
	w->asked_s = 0;
	sleep_ms(w, pause < PAUSE_LAST_MS ? pause : PAUSE_LAST_MS);
	return stopped(w) ? ERR_CANCELLED : OK;
}

static void go_on(struct work *w, int64_t at)
{
	if (at > w->at) {
		w->moved = clock_monotonic();
		w->pause = PAUSE_FIRST_MS;
	}
	w->at = at;
	if (w->s->avance != NULL)
		w->s->avance(w->s->ctx, at, (int64_t)w->file.size);
}

/* ---- its steps ---- */

static enum err announce_once(struct work *w)
{
	ARENA(a, CALL_ARENA);
	struct m_archivo_crear rq = {.sha256 = w->sha256, .bytes = (int64_t)w->file.size};
	struct m_archivo_creado m = {0};
	enum err e = w->s->crear(w->s->ctx, &a, &rq, &m);

	if (e != OK)
		return e;
	if (strlen(m.direccion) != SUBIDA_DIRECCION || m.desde > (int64_t)w->file.size)
		return ERR_BAD_ANSWER;
	memcpy(w->direccion, m.direccion, sizeof(w->direccion));
	w->completa = m.completa;
	go_on(w, m.desde);
	return OK;
}

static enum err announce(struct work *w)
{
	enum err e = announce_once(w);

	while (e != OK) {
		enum err waited = wait_after(w, e);

		if (waited != OK)
			return waited;
		e = announce_once(w);
	}
	return OK;
}

/* Where the server says it is; OK also where it began anew. */
static enum err take_offset(struct work *w, const struct http_out_result *r)
{
	if (!r->uploads || r->upload_offset > (int64_t)w->file.size)
		return ERR_BAD_ANSWER;
	w->completa = r->upload_complete;
	go_on(w, r->upload_offset);
	return OK;
}

/* Of an older attempt: another file's bytes. Once is enough of that. */
static enum err begin_anew(struct work *w)
{
	if (w->anew)
		return ERR_UPLOAD_DIFFERS;
	w->anew = true;
	go_on(w, 0);
	return OK;
}

/* What became of a request: on it goes, or what stands in its way. */
static enum err judge(struct work *w, const struct reply *y)
{
	if (y->r.err != OK)
		return y->r.err;
	w->asked_s = y->r.retry_after_s;
	if (y->r.status == 200)
		return take_offset(w, &y->r);
	/* A HEAD has no body that says more. */
	enum err e = y->refused != ERR_BAD_ANSWER ? y->refused
		     : y->r.status == 404	  ? ERR_NOT_FOUND
		     : y->r.status == 429	  ? ERR_TOO_MANY
		     : y->r.status >= 500	  ? ERR_UNAVAILABLE
						  : ERR_BAD_ANSWER;

	if (e == ERR_UPLOAD_OFFSET)
		return take_offset(w, &y->r);
	if (e == ERR_UPLOAD_DIFFERS)
		return begin_anew(w);
	/* Forgotten meanwhile. */
	return e == ERR_NOT_FOUND ? announce(w) : e;
}

/* One that failed is asked where it is before anything is sent again. */
static enum err recover(struct work *w, enum err why)
{
	for (;;) {
		struct reply y = {0};
		enum err e = wait_after(w, why);

		if (e == OK)
			e = ask_offset(w, &y);
		if (e != OK)
			return e;
		why = judge(w, &y);
		if (why == OK)
			return OK;
	}
}

static enum err send_all(struct work *w)
{
	enum err e = OK;

	while (e == OK && !w->completa) {
		struct reply y = {0};
		int64_t before = w->at;

		e = send_some(w, &y);
		if (e != OK)
			return e;
		e = judge(w, &y);
		/* Answered, and yet where it was: somebody else is at it. */
		if (e == OK && !w->completa && w->at == before)
			e = ERR_BUSY;
		if (e != OK)
			e = recover(w, e);
	}
	return e;
}

static enum err read_file(struct work *w, const char *path)
{
	enum err e = file_read(w->a, path, SUBIDA_BYTES, &w->file);

	if (e == OK)
		e = pdf_check_bytes(w->file);
	if (e == OK)
		e = sha256_hex(w->a, w->file, &w->sha256);
	return e == ERR_TOO_LARGE ? ERR_FILE_TOO_LARGE : e;
}

enum err subir_archivo(
	const struct subir *s, struct arena *a, const char *path, const char **ret_sha256)
{
	ARENA(own, SUBIDA_BYTES + (size_t)1024 * 1024);
	struct work w = {.s = s, .a = &own, .pause = PAUSE_FIRST_MS, .moved = clock_monotonic()};
	enum err e = read_file(&w, path);

	if (e == OK)
		e = announce(&w);
	if (e == OK)
		e = send_all(&w);
	if (e != OK)
		return e;
	*ret_sha256 = arena_strdup(a, w.sha256);
	return *ret_sha256 != NULL ? OK : ERR_NO_MEMORY;
}
