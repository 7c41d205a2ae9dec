#include "app/jobs.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include "app/clave.h"
#include "app/evidence.h"
#include "app/folders.h"
#include "app/program.h"
#include "base/file.h"
#include "base/mem.h"
#include "crypto/rfc.h"
#include "screens/copia.h"

#define ALLOWANCE ((size_t)32 << 20)
#define EFIRMA_FILE 65536
#define TEXT_BYTES ((size_t)512 << 10)
#define READ_MS 20000
#define LOOK_MS 100 /* between two looks whether a wait is still wanted */

void job_free(struct job *job)
{
	if (job == NULL)
		return;
	secret_clear(&job->password);
	efirma_free(job->efirma);
	keep_close(&job->keep);
	arena_free(&job->arena);
	mem_free(job);
}

static void free_base(struct worker_job *base)
{
	job_free((struct job *)base);
}

static struct job *make(enum job_kind kind, void (*run)(struct worker_job *))
{
	struct job *job = mem_zalloc(sizeof(*job));

	if (job == NULL)
		return NULL;
	job->kind = kind;
	job->base.run = run;
	job->base.free = free_base;
	arena_init(&job->arena, ALLOWANCE);
	return job;
}

enum err job_make(enum job_kind kind, void (*run)(struct worker_job *), struct job **ret)
{
	struct job *job = make(kind, run);

	if (job == NULL)
		return ERR_NO_MEMORY;
	*ret = job;
	return OK;
}

/* The file, and a word about which of the two it was that failed. */
static enum err read_file(struct job *job, const char *path, const char *campo, struct bytes *ret)
{
	const char *whole = folders_expand(&job->arena, NULL, path);
	enum err err =
		whole == NULL ? ERR_NO_MEMORY : file_read(&job->arena, whole, EFIRMA_FILE, ret);

	if (err == OK || err == ERR_NO_MEMORY)
		return err;
	job->campo = campo;
	/* No .cer nor .key is that large. */
	if (err == ERR_TOO_LARGE)
		return strcmp(campo, "llave") == 0 ? ERR_BAD_KEY : ERR_BAD_CERT;
	if (err == ERR_NO_FILE && file_exists(whole))
		return ERR_UNREADABLE;
	return err;
}

/* Who writes the password there may never do so: Esc ends the wait, for others want the worker. */
static enum err wait_descriptor(const struct job *job)
{
	struct pollfd p = {.fd = job->clave_fd, .events = POLLIN};

	while (poll(&p, 1, LOOK_MS) <= 0)
		if (job->wanted != NULL && *job->wanted != job->ticket)
			return ERR_CANCELLED;
	return OK;
}

/* What can be had without a person and without the terminal. */
static enum err ask_ladder(struct job *job, struct bytes key)
{
	bool tried = false;

	if (job->ladder == NULL || job->password.size > 0 || !key_is_encrypted(key))
		return OK;
	enum err err = job->clave_fd >= 0 ? wait_descriptor(job) : OK;

	if (err != OK)
		return err;
	err = clave_unattended(job->ladder, job->clave_fd, &tried, &job->password);
	return tried ? err : OK;
}

static void run_unlock(struct worker_job *base)
{
	struct job *job = (struct job *)base;
	const char *rfc = "";
	struct bytes cer = {0};
	struct bytes key;
	struct cert cert;
	bool typed = job->password.size > 0;

	job->err = rfc_normalize(&job->arena, job->rfc, &rfc);
	if (job->err == OK)
		job->err = read_file(job, job->certificado, "certificado", &cer);
	if (job->err == OK)
		job->err = read_file(job, job->llave, "llave", &key);
	if (job->err == OK)
		job->err = ask_ladder(job, key);
	if (job->err == OK)
		job->err = efirma_open(cer, key, &job->password, rfc, job->at, &job->efirma);
	if (!typed && job->ladder != NULL)
		job->err = clave_blame(job->ladder, job->clave_fd, job->err);
	if (job->err == OK)
		job->err = key_rest(job->efirma->key);
	secret_clear(&job->password);
	if (job->err == OK && job->copy)
		job->err = keep_open(job->ladder, job->efirma, job->at, &job->keep);
	/* A .pfx in the key's place: the certificate itself can be read. */
	if (job->err == ERR_PFX && cert_read(&job->arena, cer, &cert) == OK)
		job->campo = "llave";
}

enum err job_unlock(const char *rfc, const char *certificado, const char *llave,
	struct secret *password, int64_t at, struct job **ret)
{
	AUTO(job) job = make(JOB_UNLOCK, run_unlock);

	if (job == NULL)
		return ERR_NO_MEMORY;
	job->rfc = arena_strdup(&job->arena, rfc);
	job->certificado = arena_strdup(&job->arena, certificado);
	job->llave = arena_strdup(&job->arena, llave);
	if (job->rfc == NULL || job->certificado == NULL || job->llave == NULL)
		return ERR_NO_MEMORY;
	job->password = *password;
	*password = (struct secret){0};
	job->at = at;
	job->clave_fd = -1;
	*ret = STEAL(job);
	return OK;
}

static void run_read(struct worker_job *base)
{
	static const char *const argv[] = {"pdftotext", "-q", "-enc", "UTF-8", "-", "-", NULL};
	struct job *job = (struct job *)base;

	job->err = program_filter(&job->arena, argv, job->pdf, TEXT_BYTES, READ_MS, &job->text);
}

static enum err with_pdf(struct job *job, const struct model_documento *d)
{
	size_t size = (size_t)d->recibido;
	const void *copy = arena_copy(&job->arena, d->datos, size);

	(void)snprintf(job->folio, sizeof(job->folio), "%s", d->folio);
	job->pdf = bytes_of(copy, copy != NULL ? size : 0);
	return copy == NULL ? ERR_NO_MEMORY : OK;
}

enum err job_with_documento(struct job *job, const struct model_documento *d)
{
	enum err err = copia(&job->arena, &message_documento, &d->m, &job->documento);

	return err == OK ? with_pdf(job, d) : err;
}

enum err job_read(const struct model_documento *d, struct job **ret)
{
	AUTO(job) job = make(JOB_READ, run_read);

	if (job == NULL || with_pdf(job, d) != OK)
		return ERR_NO_MEMORY;
	*ret = STEAL(job);
	return OK;
}

static enum err write_paper(struct job *job)
{
	struct evidence ev = {.acuse = job->acuse, .json = job->json};
	enum err err = file_make_folder(job->folder);

	job->path = arena_printf(&job->arena, "%s/%s.%s", job->folder, job->folio,
		job->text.size != 0 ? "ics" : "pdf");
	if (job->path == NULL)
		return ERR_NO_MEMORY;
	if (err != OK)
		return err;
	if (job->document || job->text.size != 0)
		return file_write(job->path, job->document ? job->pdf : job->text, 0600);
	return evidence_save(&job->arena, &ev, job->trust, job->folder);
}

static void run_save(struct worker_job *base)
{
	struct job *job = (struct job *)base;
	const char *program = getenv("BUZON_ABRIR");

	job->err = write_paper(job);
	if (job->err != OK || !job->show)
		return;
	const char *const argv[] = {
		program != NULL && program[0] != '\0' ? program : "xdg-open", job->path, NULL};

	job->shown = program_detach(argv);
}

static struct job *make_save(const char *folder, const char *folio)
{
	struct job *job = make(JOB_SAVE, run_save);

	if (job == NULL)
		return NULL;
	(void)snprintf(job->folio, sizeof(job->folio), "%s", folio);
	job->folder = arena_strdup(&job->arena, folder);
	if (job->folder != NULL)
		return job;
	job_free(job);
	return NULL;
}

enum err job_save_documento(const struct model_documento *d, const char *folder, struct job **ret)
{
	AUTO(job) job = make_save(folder, d->folio);

	if (job == NULL || with_pdf(job, d) != OK)
		return ERR_NO_MEMORY;
	job->document = true;
	*ret = STEAL(job);
	return OK;
}

enum err job_save_ics(const char *nombre, const char *text, const char *folder, struct job **ret)
{
	AUTO(job) job = make_save(folder, nombre);
	const char *copy = job != NULL ? arena_strdup(&job->arena, text) : NULL;

	if (copy == NULL)
		return ERR_NO_MEMORY;
	job->text = bytes_of_text(copy);
	*ret = STEAL(job);
	return OK;
}

enum err job_save_acuse(
	const struct model_acuse *a, const struct trust *t, const char *folder, struct job **ret)
{
	AUTO(job) job = make_save(folder, a->folio);
	const void *json = NULL;

	if (job == NULL || copia(&job->arena, &message_acuse, &a->m, &job->acuse) != OK)
		return ERR_NO_MEMORY;
	json = arena_copy(&job->arena, a->json.data, a->json.size);
	if (json == NULL)
		return ERR_NO_MEMORY;
	job->json = bytes_of(json, a->json.size);
	job->trust = t;
	*ret = STEAL(job);
	return OK;
}
