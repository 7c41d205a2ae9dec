/*
 * A file goes up to the server (wire.md, Files): announced with a signed archivo_crear, then its
 * bytes by PATCH, which goes on where it was however often the line breaks (IETF resumable
 * uploads). For the verbs of buzond that are clients of the wire.
 *
 * Blocks; whoever wants several at a time has a thread and a struct subir for each.
 */
#ifndef CORE_SUBIR_H
#define CORE_SUBIR_H

#include <stdatomic.h>
#include "net/http_out.h"
#include "net/messages.h"

struct subir {
	struct http_out *out; /* this thread's: its connection is used again */
	const char *servidor; /* "https://buzon.example", nothing behind its authority */
	const char *ca_file;  /* PEM; NULL: the system's */
	/*
	 * Signs and sends archivo_crear as the functionary, who fills its hat; rq->sha256 and
	 * rq->bytes are set. *ret lives in `a`. Its errors end the upload, but for those that
	 * are tried again: of the network and 5xx, for as long as the patience lasts.
	 */
	enum err (*crear)(void *ctx, struct arena *a, struct m_archivo_crear *rq,
		struct m_archivo_creado *ret);
	/* How far it is; may be NULL. */
	void (*avance)(void *ctx, int64_t llegaron, int64_t total);
	void *ctx;
	int paciencia_s;	 /* without a byte that gets through; 0: two minutes */
	const atomic_bool *stop; /* once true: ERR_CANCELLED within a second; or NULL */
};

/*
 * The file at `path` is whole at the server afterwards, whoever brought its bytes: its SHA-256
 * (hex, in `a`) may be named in an act. Nothing goes out for one that is not a sound PDF.
 *
 * ERR_NO_FILE, ERR_FILE_TOO_LARGE, ERR_BAD_PDF, ERR_PDF_ENCRYPTED: of the file. Else what crear
 * said, what the server refused with, or of the line once the patience is over.
 */
enum err subir_archivo(const struct subir *s, struct arena *a, const char *path,
	const char **ret_sha256) MUST_CHECK;

#endif
