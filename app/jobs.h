/*
 * What the screens have done on the worker: open the e.firma, read a PDF's text, save a paper.
 * A job owns copies of all it needs; what it found is in it when it comes back.
 */
#ifndef APP_JOBS_H
#define APP_JOBS_H

#include "app/keep.h"
#include "app/worker.h"
#include "base/secret.h"
#include "crypto/efirma.h"
#include "crypto/trust.h"
#include "screens/model.h"

struct cuenta;

enum job_kind { JOB_UNLOCK, JOB_READ, JOB_SAVE, JOB_NETWORK, JOB_KEEP, JOB_LOAD, JOB_SHARE };

/* What a JOB_KEEP writes. */
enum keep_what { KEEP_ANSWER, KEEP_DOCUMENTO, KEEP_VALUE, KEEP_JUDGE, KEEP_SEEN };

struct job {
	struct worker_job base; /* first */
	enum job_kind kind;
	uint64_t ticket;       /* of who asked; the screen may have gone */
	uint64_t bulk;	       /* the download it belongs to; 0: none */
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
	/* The ticket that is waited for now: another one, and clave_fd is not. NULL: none. */
	const _Atomic uint64_t *wanted;
	int64_t at;
	unsigned locks; /* of the app when it began */
	struct efirma *efirma;
	const char *campo; /* at fault, where it is known */
	bool copy;	   /* open the local copy too */
	struct keep keep;  /* what came of that; the loop takes it */
	/* JOB_KEEP, JOB_LOAD: by `writer`, which is the worker's */
	enum keep_what what;
	enum route route;
	struct local *writer;
	const char *clave;
	bool draft;		      /* the next one waits for it */
	bool seen;		      /* KEEP_SEEN, of `folio` */
	struct m_documento documento; /* its head */
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
/* A calendar file, as nombre.ics. */
enum err job_save_ics(
	const char *nombre, const char *text, const char *folder, struct job **ret) MUST_CHECK;
enum err job_save_acuse(const struct model_acuse *a, const struct trust *t, const char *folder,
	struct job **ret) MUST_CHECK;
/* The document's head and all its bytes, copied. */
enum err job_with_documento(struct job *job, const struct model_documento *d) MUST_CHECK;
void job_free(struct job *job);
AUTO_TYPE(job, struct job, job_free);

#endif
