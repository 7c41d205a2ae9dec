/*
 * Acuses as files: reading one out of JSON or PDF, saving what a server gave, and the three files
 * with which plain openssl proves it.
 */
#ifndef APP_EVIDENCE_H
#define APP_EVIDENCE_H

#include "app/outbox.h"
#include "ley/acuse.h"

struct evidence {
	struct m_acuse acuse;
	struct bytes json; /* exactly as the server gave it */
	struct bytes pdf;  /* the paper it came in; empty where it came as JSON */
};

/* By content, whatever the name. ERR_NO_FILE, ERR_TOO_LARGE, ERR_BAD_EVIDENCE, ERR_NO_MEMORY. */
enum err evidence_read(struct arena *a, const char *path, struct evidence *ret) MUST_CHECK;
/*
 * acuse_prove, and for a PDF one row more: what is printed is what the evidence inside says. The
 * paper is drawn again from the evidence and must be the same bytes.
 */
enum err evidence_prove(struct arena *a, const struct evidence *ev, const struct trust *t,
	struct acuse_proof *ret) MUST_CHECK;
/*
 * Is this acuse of that act: the base that we signed and the body that we sent, byte by byte? And
 * does it prove itself? ERR_BAD_SEAL.
 */
enum err evidence_own(struct arena *a, const struct m_acuse *m, const struct outbox_act *act,
	const struct trust *t) MUST_CHECK;
/* One file, PDF where its name ends in .pdf, the JSON otherwise; mode 0600. */
enum err evidence_write(struct arena *a, const struct evidence *ev, const struct trust *t,
	const char *path) MUST_CHECK;
/* Its paper, drawn from the evidence. */
enum err evidence_paper(struct arena *a, const struct evidence *ev, const struct trust *t,
	struct bytes *ret_pdf) MUST_CHECK;
/* FOLDER/<folio>.json, then .pdf; the folder is made. */
enum err evidence_save(struct arena *a, const struct evidence *ev, const struct trust *t,
	const char *folder) MUST_CHECK;
/* FOLDER/cadena.txt, sello.b64, sello.cer; the folder is made. */
enum err evidence_openssl(struct arena *a, const struct m_acuse *m, const char *folder) MUST_CHECK;

#endif
