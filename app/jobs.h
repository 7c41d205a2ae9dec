/*
 * What the screens have done on the worker: open the e.firma, read a PDF's text, save a paper.
 * A job owns copies of all it needs; what it found is in it when it comes back.
 */
#ifndef APP_JOBS_H
#define APP_JOBS_H

#include "app/config.h"
#include "app/worker.h"
#include "base/secret.h"
#include "crypto/efirma.h"
#include "crypto/trust.h"
#include "screens/model.h"

struct cuenta;

enum job_kind { JOB_UNLOCK, JOB_READ, JOB_SAVE, JOB_NETWORK };

struct job {
	struct worker_job base; /* first */
	enum job_kind kind;
	uint64_t ticket;       /* of who asked; the screen may have gone */
	struct cuenta *cuenta; /* whose; outlives the worker */
	struct arena arena;
	enum err err;
	/* JOB_UNLOCK */
	const char *rfc;
	const char *certificado;
	const char *llave;
	struct secret password;
	const struct perfil *ladder; /* where nothing was typed: asked without a person */
	int clave_fd;
	int64_t at;
	struct efirma *efirma;
	const char *campo; /* at fault, where it is known */
	/* JOB_READ, JOB_SAVE of a document */
	char folio[MODEL_FOLIO];
	struct bytes pdf;
	struct bytes text;
	/* JOB_SAVE */
	bool document;
	bool show; /* then open it with the person's program */
	const struct trust *trust;
	struct m_acuse acuse;
	struct bytes json;
	const char *folder;
	const char *path; /* what was written */
	enum err shown;	  /* of the program that shows it */
};

/* A job with nothing in it but what it runs. ERR_NO_MEMORY. */
enum err job_make(
	enum job_kind kind, void (*run)(struct worker_job *), struct job **ret) MUST_CHECK;
/* ERR_NO_MEMORY. The password is moved into the job. */
enum err job_unlock(const char *rfc, const char *certificado, const char *llave,
	struct secret *password, int64_t at, struct job **ret) MUST_CHECK;
enum err job_read(const struct model_documento *d, struct job **ret) MUST_CHECK;
enum err job_save_documento(
	const struct model_documento *d, const char *folder, struct job **ret) MUST_CHECK;
enum err job_save_acuse(const struct model_acuse *a, const struct trust *t, const char *folder,
	struct job **ret) MUST_CHECK;
void job_free(struct job *job);
AUTO_TYPE(job, struct job, job_free);

#endif
