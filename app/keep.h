/*
 * The profile's local copy at work (screens/local.h): opened under the e.firma, read by the loop,
 * written by the worker in the order in which things came. Where it can't be kept on disk it goes
 * on in memory, and the person is told.
 */
#ifndef APP_KEEP_H
#define APP_KEEP_H

#include <stdbool.h>
#include "app/config.h"
#include "base/bytes.h"
#include "crypto/efirma.h"
#include "net/routes.h"
#include "screens/local.h"

struct app;
struct cuenta;
struct job;
struct model_documento;

/*
 * What was typed last: one write at a time, then the newest, so that a fast hand makes no queue.
 * The model shows it from here: the copy has it later.
 */
struct keep_draft {
	char clave[64];
	char *texto;
	bool waits; /* to be written once `writing` is over */
	size_t writing;
};

struct keep {
	struct local *reader;  /* the loop's; NULL: not open */
	struct local *writer;  /* the worker's; the same one where it is in memory */
	enum err err;	       /* why it is in memory; OK: it is on disk */
	size_t others;	       /* copies there under other certificates (app/copias.h) */
	size_t writing;	       /* jobs that the worker has */
	struct local *retired; /* a writer that jobs may still use */
	char *path;	       /* of the copy on disk; NULL: in memory */
};

/*
 * Opens or makes the copy of the profile for this e.firma; takes milliseconds: on the worker. A
 * damaged copy is made anew (drafts stay where they can be read), one that can't be on disk is
 * begun in memory. ERR_NO_MEMORY only.
 */
enum err keep_open(
	const struct perfil *p, const struct efirma *f, int64_t now, struct keep *ret) MUST_CHECK;
void keep_close(struct keep *k);
/* The profile's from now on: its screens read it, and say where it is not kept. Moved. */
void keep_take(struct cuenta *c, struct keep *k);

/* ---- the loop's; each does nothing where no copy is open ---- */

/*
 * An answer as received: rows and cursor, who entered, an acuse. False: it can't be written, and
 * keep_end will not be called for it.
 */
bool keep_answer(struct cuenta *c, enum route route, struct bytes json);
/* A document that is whole and was proved. */
void keep_documento(struct cuenta *c, const struct model_documento *d);
/* A draft by name: "" is forgotten. What is typed meanwhile takes the place of what waits. */
void keep_draft(struct cuenta *c, const char *clave, const char *texto);
/* A small thing by name (local_put). */
void keep_value(struct cuenta *c, const char *clave, struct bytes valor);
/* A publication was read here, or is to be taken as unread (local_take_leida). */
void keep_seen(struct cuenta *c, const char *folio, bool leida);
/* An instant came that may change what is due. */
void keep_judge(struct cuenta *c);
/*
 * What the screens read turned out damaged: it is set aside and begun anew in memory, and the
 * server tells all of it again; the next start makes one on disk. False: it is
 * sound, or in memory already.
 */
bool keep_mend(struct cuenta *c);
/* A job that used the writer came back; every one of them must be told. */
void keep_used(struct job *job);
/*
 * At the end: what is to be written yet is, unless that takes longer than a second; the worker's
 * results are given up.
 */
void keep_finish(struct app *app);
/* A write came back: the model shows what is there now. */
void keep_end(struct job *job);

#endif
