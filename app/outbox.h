/*
 * The outbox: signed acts that a server has not answered for good yet, a file each (mode 0600).
 *
 * An act is written whole and fsynced (file and folder) before it is sent and leaves only when its
 * acuse is saved or its refusal recorded, so that death at any instant loses nothing; sending it
 * again is harmless (wire.md: exactly once). Temporary names are never taken for acts. Several
 * processes may share it: a file appears and goes whole.
 */
#ifndef APP_OUTBOX_H
#define APP_OUTBOX_H

#include <stdint.h>
#include "net/request.h"

#define OUTBOX_NAME_BYTES                                                                          \
	33 /* the nonce in hex, its time first: names sort as signed; and a NUL                    \
	    */

struct outbox {
	const char *folder;   /* acts under way */
	const char *rejected; /* those refused for good */
};

struct outbox_act {
	const char *name;
	enum route route;
	const char *url;
	int64_t created; /* ms UTC, to the second, as signed */
	int64_t expires;
	const char *content_type;
	const char *content_digest;
	const char *signature_input;
	const char *signature;
	struct bytes base;
	struct bytes body;
	/* Of a refused one. */
	const char *error; /* wire name of the row of err.def; NULL in the outbox */
	const char *campo; /* "" when the server named none */
	int64_t cuando;
};

/* Makes the folders. Texts live in the arena. ERR_DISK_FULL, ERR_NO_FILE, ERR_IO. */
enum err outbox_open(
	struct arena *a, const char *folder, const char *rejected, struct outbox *ret) MUST_CHECK;
/* The act of a signed request, named by its nonce. */
enum err outbox_act_of(struct arena *a, enum route route, const struct request *r,
	struct outbox_act *ret) MUST_CHECK;
/* The request again, for sending: the same bytes. */
struct httpsig_request outbox_headers(const struct outbox_act *act);

/* On disk when it returns OK; otherwise what was there before. The same name replaces it whole. */
enum err outbox_put(
	const struct outbox *o, struct arena *a, const struct outbox_act *act) MUST_CHECK;
/* Names in the order of signing. */
enum err outbox_list(
	const struct outbox *o, struct arena *a, char ***ret_names, size_t *ret_count) MUST_CHECK;
/* ERR_NO_FILE (answered meanwhile), ERR_BAD_EVIDENCE (damaged). */
enum err outbox_get(const struct outbox *o, struct arena *a, const char *name,
	struct outbox_act *ret) MUST_CHECK;
/* OK when it is gone already. */
enum err outbox_remove(const struct outbox *o, struct arena *a, const char *name) MUST_CHECK;
/* Records the refusal (error, campo, cuando of `act`), then takes it out. */
enum err outbox_reject(
	const struct outbox *o, struct arena *a, const struct outbox_act *act) MUST_CHECK;
enum err outbox_rejected(const struct outbox *o, struct arena *a, struct outbox_act **ret_acts,
	size_t *ret_count) MUST_CHECK;
/* The person has seen it: it is listed no more; the file stays, as .visto. */
enum err outbox_forget(const struct outbox *o, struct arena *a, const char *name) MUST_CHECK;
/* An answer that proves nothing, kept beside its act for inspection. */
enum err outbox_keep_answer(
	const struct outbox *o, struct arena *a, const char *name, struct bytes answer) MUST_CHECK;

#endif
