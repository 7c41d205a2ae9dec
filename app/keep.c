#include "app/keep.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include "app/cache_key.h"
#include "app/calls.h"
#include "app/copias.h"
#include "app/cuenta.h"
#include "app/effects.h"
#include "app/jobs.h"
#include "app/sync.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"

#define ALLOWANCE ((size_t)1 << 20)
#define FINISH_MS 1000

/* ---- opening ---- */

void keep_close(struct keep *k)
{
	/* Who may write closes last: then all of it is in one file, and no WAL stays. */
	local_close(k->reader);
	if (k->writer != k->reader)
		local_close(k->writer);
	local_close(k->retired);
	mem_free(k->path);
	*k = (struct keep){0};
}

/* One file of the copy (its ending; "": the copy itself), not away but aside. OK: there is none. */
static enum err set_aside(struct arena *a, const char *path, const char *ending)
{
	const char *from = arena_printf(a, "%s%s", path, ending);
	const char *to = arena_printf(a, "%s.ilegible%s", path, ending);

	if (from == NULL || to == NULL)
		return ERR_NO_MEMORY;
	return rename(from, to) == 0 || errno == ENOENT ? OK : ERR_IO;
}

/*
 * What can't be read as it is gives way in steps, each of which keeps more than the next: rows and
 * papers (drafts stay); a WAL that is not this copy's; the whole copy.
 */
static enum err open_writer(
	struct arena *a, const char *path, const struct secret *key, struct local **ret)
{
	enum err err = local_open(path, DB_WRITE, key, ret);

	if (err == ERR_BAD_CACHE)
		err = local_remake(path, key, ret);
	if (err != ERR_BAD_CACHE)
		return err;
	log_write(LOG_WARN, "copia", "copia local ilegible, apartada");
	err = set_aside(a, path, "-wal");
	if (err == OK)
		err = local_remake(path, key, ret);
	if (err != ERR_BAD_CACHE)
		return err;
	err = set_aside(a, path, "");
	return err == OK ? local_open(path, DB_WRITE, key, ret) : err;
}

static enum err open_both(struct arena *a, const struct copias *at, const struct perfil *p,
	const struct efirma *f, int64_t now, struct keep *k)
{
	SECRET(key);
	const char *name = copias_name(a, &f->cert);
	const char *path = name != NULL ? arena_printf(a, "%s%s", at->folder, name) : NULL;
	enum err err = path == NULL ? ERR_NO_MEMORY : OK;

	if (err == OK)
		err = cache_key_open(f, at->keys, p->nombre, &key);
	if (err == OK)
		err = open_writer(a, path, &key, &k->writer);
	if (err == OK)
		err = local_judge(k->writer, now);
	if (err == OK)
		err = local_open(path, DB_READ, &key, &k->reader);
	if (err == OK) {
		k->path = mem_strdup(path);
		err = k->path != NULL ? OK : ERR_NO_MEMORY;
	}
	return err;
}

static enum err open_on_disk(
	const struct perfil *p, const struct efirma *f, int64_t now, struct keep *k)
{
	ARENA(a, ALLOWANCE);
	struct copias at;
	char **others = NULL;
	enum err err = copias_of(&a, p, &at);

	if (err != OK)
		return err;
	/* Where they can't be listed there is nothing to say of them. */
	if (copias_others(&a, &at, &f->cert, &others, &k->others) != OK)
		k->others = 0;
	err = file_make_folder(at.folder);
	if (err == OK)
		err = file_make_folder(at.keys);
	return err == OK ? open_both(&a, &at, p, f, now, k) : err;
}

/* Of the disk here, in words that are not about a server. */
static enum err of_disk(enum err why)
{
	return why == ERR_DISK_FULL || why == ERR_BAD_CACHE || why == ERR_NO_MEMORY ? why : ERR_IO;
}

static enum err open_in_memory(struct keep *k, enum err why)
{
	log_write(LOG_WARN, "copia", "copia local en memoria: %s", err_wire(why));
	const size_t others = k->others;

	keep_close(k);
	k->err = of_disk(why);
	k->others = others;
	enum err err = local_open(":memory:", DB_WRITE, NULL, &k->writer);

	k->reader = k->writer;
	return err;
}

enum err keep_open(const struct perfil *p, const struct efirma *f, int64_t now, struct keep *ret)
{
	struct keep k = {0};
	enum err err = open_on_disk(p, f, now, &k);

	if (err != OK)
		err = open_in_memory(&k, err);
	if (err == OK)
		*ret = k;
	else
		keep_close(&k);
	return err;
}

void keep_take(struct cuenta *c, struct keep *k)
{
	c->keep = *k;
	*k = (struct keep){0};
	c->model.copia = (struct model_copia){.err = c->keep.err, .otras = c->keep.others};
	model_attach(&c->model, c->keep.reader);
}

/* ---- writing ---- */

static enum err write_answer(struct job *job)
{
	ARENA(a, (size_t)8 << 20);
	union {
		struct m_sincronizado sincronizado;
		struct m_acuse acuse;
		struct m_historia historia;
	} m;
	const struct message *message = route_row(job->route)->answer;

	if (job->route == ROUTE_ID_entrar)
		return local_take_entrado(job->writer, job->json);
	enum err err = codec_decode(&a, message, CODEC_TOLERANT, job->json, &m, NULL);

	if (err != OK)
		return err;
	if (message == &message_historia)
		return local_take_historia(job->writer, &m.historia, job->json);
	return message == &message_acuse
		       ? local_take_acuse(job->writer, &m.acuse, job->json)
		       : local_take_sincronizado(job->writer, &m.sincronizado, job->at);
}

static enum err write_it(struct job *job)
{
	switch (job->what) {
	case KEEP_ANSWER:
		return write_answer(job);
	case KEEP_DOCUMENTO:
		return local_take_documento(job->writer, &job->documento, job->pdf);
	case KEEP_VALUE:
		return job->json.size != 0 ? local_put(job->writer, job->clave, job->json)
					   : local_remove(job->writer, job->clave);
	case KEEP_SEEN:
		return local_take_leida(job->writer, job->folio, job->seen);
	case KEEP_JUDGE:
		return local_judge(job->writer, job->at);
	}
	return OK;
}

static void run_keep(struct worker_job *base)
{
	struct job *job = (struct job *)base;

	job->err = write_it(job);
}

/* In memory no write makes a key wait, and one connection is one thread's. */
static void submit(struct cuenta *c, struct job *job)
{
	job->cuenta = c;
	job->writer = c->keep.writer;
	job->at = cuenta_now(c);
	if (c->keep.writer != c->keep.reader) {
		c->keep.writing++;
		worker_submit(c->app->worker, &job->base);
		return;
	}
	job->err = write_it(job);
	keep_end(job);
	job_free(job);
}

static struct job *make(struct cuenta *c, enum keep_what what)
{
	struct job *job = NULL;

	if (c->keep.writer == NULL || job_make(JOB_KEEP, run_keep, &job) != OK)
		return NULL;
	job->what = what;
	return job;
}

static bool copy_json(struct job *job, struct bytes json)
{
	const void *copy = arena_copy(&job->arena, json.data, json.size);

	job->json = bytes_of(copy, copy != NULL ? json.size : 0);
	return copy != NULL;
}

bool keep_answer(struct cuenta *c, enum route route, struct bytes json)
{
	AUTO(job) job = make(c, KEEP_ANSWER);

	if (job == NULL || !copy_json(job, json))
		return false;
	job->route = route;
	submit(c, STEAL(job));
	return true;
}

void keep_documento(struct cuenta *c, const struct model_documento *d)
{
	AUTO(job) job = make(c, KEEP_DOCUMENTO);

	if (job == NULL || job_with_documento(job, d) != OK)
		return;
	submit(c, STEAL(job));
}

static bool put_value(struct cuenta *c, const char *clave, struct bytes valor, bool draft)
{
	AUTO(job) job = make(c, KEEP_VALUE);

	if (job == NULL || !copy_json(job, valor))
		return false;
	job->clave = arena_strdup(&job->arena, clave);
	job->draft = draft;
	if (job->clave != NULL)
		submit(c, STEAL(job));
	return job == NULL;
}

void keep_value(struct cuenta *c, const char *clave, struct bytes valor)
{
	(void)put_value(c, clave, valor, false);
}

static void write_draft(struct cuenta *c)
{
	struct keep_draft *d = &c->draft;

	if (!d->waits)
		return;
	d->waits = false;
	d->writing++;
	if (!put_value(c, d->clave, bytes_of_text(d->texto), true))
		d->writing--;
}

void keep_draft(struct cuenta *c, const char *clave, const char *texto)
{
	struct keep_draft *d = &c->draft;
	char *copy = mem_strdup(texto);

	if (copy == NULL)
		return;
	if (strcmp(d->clave, clave) != 0)
		write_draft(c);
	mem_free(d->texto);
	d->texto = copy;
	d->waits = true;
	(void)snprintf(d->clave, sizeof(d->clave), "%s", clave);
	c->model.borrador = (struct model_borrador){d->clave, d->texto};
	if (d->writing == 0)
		write_draft(c);
}

void keep_seen(struct cuenta *c, const char *folio, bool leida)
{
	AUTO(job) job = make(c, KEEP_SEEN);

	if (job == NULL)
		return;
	(void)snprintf(job->folio, sizeof(job->folio), "%s", folio);
	job->seen = leida;
	submit(c, STEAL(job));
}

void keep_judge(struct cuenta *c)
{
	AUTO(job) job = make(c, KEEP_JUDGE);

	if (job != NULL)
		submit(c, STEAL(job));
}

/*
 * The disk took no more: what is there goes on in memory, with what could not be written. A copy
 * that turned out damaged is begun anew, and the server tells all of it again.
 */
static enum err to_memory(struct cuenta *c, enum err why)
{
	struct keep fresh = {.others = c->keep.others};
	enum err err = open_in_memory(&fresh, why);

	if (err == OK && why != ERR_BAD_CACHE)
		err = local_copy(c->keep.reader, fresh.writer);
	if (err != OK) {
		keep_close(&fresh);
		return err;
	}
	/* What the screens read is closed only once they read another. */
	struct local *read = c->keep.reader;

	fresh.retired = c->keep.writer;
	fresh.writing = c->keep.writing;
	mem_free(c->keep.path);
	keep_take(c, &fresh);
	local_close(read);
	return OK;
}

/* Of a copy that can't be read: no start after this one tries it again. */
static void put_aside(const char *path)
{
	ARENA(a, ALLOWANCE);

	if (path == NULL)
		return;
	log_write(LOG_WARN, "copia", "copia local dañada, apartada");
	if (set_aside(&a, path, "-wal") != OK || set_aside(&a, path, "") != OK)
		log_write(LOG_WARN, "copia", "no se pudo apartar");
}

bool keep_mend(struct cuenta *c)
{
	ARENA(a, ALLOWANCE);
	bool damaged = c->model.tabla.err == ERR_BAD_CACHE || c->model.lista.err == ERR_BAD_CACHE;
	const char *path = c->keep.path != NULL ? arena_strdup(&a, c->keep.path) : NULL;

	if (!damaged || path == NULL || to_memory(c, ERR_BAD_CACHE) != OK)
		return false;
	put_aside(path);
	c->sync_old = c->sync.used;
	c->app->dirty = true;
	if (c == c->app->actual)
		calls_sync(c->app);
	else
		sync_now(c);
	return true;
}

static bool is_disk(enum err err)
{
	return err == ERR_DISK_FULL || err == ERR_IO || err == ERR_BAD_CACHE || err == ERR_STORE;
}

/* Where the copy is in memory by now, what was meant for the disk is written there. */
static void write_again(struct cuenta *c, struct job *job)
{
	if (is_disk(job->err) && c->keep.writer != c->keep.reader)
		job->err = to_memory(c, job->err);
	else if (job->writer == c->keep.writer)
		return;
	if (c->keep.writer != c->keep.reader)
		return;
	job->writer = c->keep.writer;
	job->err = write_it(job);
}

void keep_used(struct job *job)
{
	struct keep *k = &job->cuenta->keep;

	/* In memory nothing goes to the worker. */
	if (job->writer == k->reader)
		return;
	k->writing--;
	if (k->writing > 0 || k->retired == NULL)
		return;
	local_close(k->retired);
	k->retired = NULL;
}

static bool is_writing(const struct app *app)
{
	for (size_t i = 0; i < app->count; i++)
		if (app->cuentas[i].keep.writing > 0)
			return true;
	return false;
}

void keep_finish(struct app *app)
{
	int64_t until = clock_monotonic() + FINISH_MS;

	for (size_t i = 0; i < app->count; i++)
		write_draft(&app->cuentas[i]);
	while (is_writing(app)) {
		struct worker_job *base = worker_take(app->worker);
		struct pollfd done = {.fd = worker_fd(app->worker), .events = POLLIN};
		int64_t left = until - clock_monotonic();

		if (base == NULL && left <= 0)
			return;
		if (base == NULL) {
			(void)poll(&done, 1, (int)left);
			continue;
		}
		struct job *job = (struct job *)base;

		if (job->writer != NULL)
			keep_used(job);
		job_free(job);
	}
}

void keep_end(struct job *job)
{
	struct cuenta *c = job->cuenta;
	struct app *app = c->app;

	keep_used(job);
	write_again(c, job);
	if (job->what == KEEP_VALUE) {
		c->draft.writing -= job->draft;
		if (job->draft && c->draft.writing == 0)
			write_draft(c);
		return;
	}
	model_refresh(&c->model);
	if (job->err != OK)
		log_write(LOG_WARN, "copia", "sin escribir: %s", err_wire(job->err));
	app->dirty = true;
	if (job->what == KEEP_ANSWER && job->route == ROUTE_ID_sincronizar)
		sync_kept(c, job->err);
	if (c == app->actual)
		effects_event(app, (struct event){.kind = EVENT_CHANGED_MODEL});
}
