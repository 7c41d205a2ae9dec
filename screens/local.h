/*
 * The local copy of one profile: notifications, papers that were read, who entered, the calendar,
 * and what this device alone knows (drafts, history). The screens read it; what the server answers
 * is written to it; so the first frame needs no network.
 *
 * A struct local is one connection, used by one thread at a time: the loop reads with a DB_READ
 * one, a worker thread writes with a DB_WRITE one. Each local_take_* is one transaction: all of it
 * is on the disk, or nothing. Errors of any function: ERR_BAD_CACHE (damaged, another key, another
 * schema), ERR_DISK_FULL, ERR_IO, ERR_NO_MEMORY. A lost copy is a fresh synchronisation.
 */
#ifndef SCREENS_LOCAL_H
#define SCREENS_LOCAL_H

#include "base/db.h"
#include "base/secret.h"
#include "ley/calendario.h"
#include "net/messages.h"

struct local;

/*
 * Opens the copy; DB_WRITE makes it and brings its schema up to date. `key` seals the file
 * (db_open_sealed; 32 bytes, not kept here); NULL: plain, for tests. ERR_NO_FILE: DB_READ and there
 * is none; ERR_BAD_CACHE: DB_READ and it is not up to date, too: whoever may write opens it first.
 */
enum err local_open(const char *path, enum db_mode mode, const struct secret *key,
	struct local **ret) MUST_CHECK;
/*
 * The same for a copy that local_open (DB_WRITE) calls ERR_BAD_CACHE: all is dropped and made anew
 * but what local_put kept. Where not even that can be read, ERR_BAD_CACHE: the file has to go.
 */
enum err local_remake(const char *path, const struct secret *key, struct local **ret) MUST_CHECK;
/* All of `from` into one that was opened in memory and is new: to go on where the disk is full. */
enum err local_copy(struct local *from, struct local *to) MUST_CHECK;
void local_close(struct local *l);
AUTO_TYPE(local, struct local, local_close);

/* ---- writing ---- */

/*
 * Calendar, catalogue and cuenta if they came, the rows by folio, what was published, cursor and
 * `mas`, together. Rows are judged at `now` (ms UTC). An opening that is known here is not undone
 * by an answer older than it.
 */
enum err local_take_sincronizado(
	struct local *l, const struct m_sincronizado *s, int64_t now) MUST_CHECK;
/* The answer of `entrar`, as received. ERR_BAD_ANSWER where it is none. */
enum err local_take_entrado(struct local *l, struct bytes json) MUST_CHECK;
/* Keeps the paper as received and, where it is of an opening, what it says of its notification. */
enum err local_take_acuse(struct local *l, const struct m_acuse *m, struct bytes json) MUST_CHECK;
/* The answer of `historia`, as received. */
enum err local_take_historia(
	struct local *l, const struct m_historia *m, struct bytes json) MUST_CHECK;
/* A whole document that was proved: any of its parts for the head, and all its bytes. */
enum err local_take_documento(
	struct local *l, const struct m_documento *head, struct bytes datos) MUST_CHECK;
/*
 * What an instant that came changes: lapses (7.5), terms that ended; after a clock that was put
 * back, all that it may have changed. Cheap where nothing fell due: nothing is written.
 */
enum err local_judge(struct local *l, int64_t now) MUST_CHECK;
/* The server reset the cursor: rows and cursor go; papers, calendar, drafts and what was read stay.
 */
enum err local_forget_rows(struct local *l) MUST_CHECK;
/* A publication was read on this device, or is to be taken as unread. OK also where there is none.
 */
enum err local_take_leida(struct local *l, const char *folio, bool leida) MUST_CHECK;
/* Small things by name: "borrador/…", "ordenes", "posicion". */
enum err local_put(struct local *l, const char *clave, struct bytes valor) MUST_CHECK;
/* OK also where there was none. */
enum err local_remove(struct local *l, const char *clave) MUST_CHECK;

/* ---- reading: all in the arena; ERR_NOT_FOUND where it was never taken ---- */

enum err local_get(
	struct local *l, struct arena *a, const char *clave, struct bytes *ret_valor) MUST_CHECK;
/* The names that begin so, sorted. */
enum err local_keys(struct local *l, struct arena *a, const char *prefijo, const char ***ret_claves,
	size_t *ret_count) MUST_CHECK;
enum err local_acuse(struct local *l, struct arena *a, const char *folio, struct m_acuse *ret,
	struct bytes *ret_json) MUST_CHECK;
/* The head has no bytes of the document; all of them are in *ret_datos. */
enum err local_documento(struct local *l, struct arena *a, const char *folio,
	struct m_documento *ret_head, struct bytes *ret_datos) MUST_CHECK;
/* As it was read last. */
enum err local_historia(
	struct local *l, struct arena *a, const char *folio, struct m_historia *ret) MUST_CHECK;
enum err local_catalogo(struct local *l, struct arena *a, struct m_catalogo *ret) MUST_CHECK;
/* What the filters can choose of (screens/filtro.h): kinds, or Registros Patronales, of rows. */
enum err local_tipos(
	struct local *l, struct arena *a, const char ***ret, size_t *ret_count) MUST_CHECK;
enum err local_rps(
	struct local *l, struct arena *a, const char ***ret, size_t *ret_count) MUST_CHECK;
enum err local_entrado(struct local *l, struct arena *a, struct m_entrado *ret) MUST_CHECK;
/* As the last answer told it. */
enum err local_cuenta(struct local *l, struct arena *a, struct m_cuenta *ret) MUST_CHECK;
enum err local_calendario(struct local *l, struct arena *a, struct calendario *ret) MUST_CHECK;
/* The same as it came, obligations of the month with it. */
enum err local_publicado(struct local *l, struct arena *a, struct m_calendario *ret) MUST_CHECK;

#define LOCAL_CURSOR 65 /* bytes of a cursor and its NUL */
/* "" before the first synchronisation. */
enum err local_cursor(struct local *l, char ret_cursor[LOCAL_CURSOR], bool *ret_mas) MUST_CHECK;
/* When the server last answered (ms UTC), by what was written; 0: never. */
enum err local_recibido(struct local *l, int64_t *ret) MUST_CHECK;
/*
 * How many notifications have their aviso from `desde` to `hasta` (ms UTC), and the first of them
 * (0: none).
 */
enum err local_entre(struct local *l, int64_t desde, int64_t hasta, size_t *ret_count,
	int64_t *ret_primera) MUST_CHECK;
/* Would local_judge change anything now? One look at an index, on any connection. */
enum err local_must_judge(struct local *l, int64_t now, bool *ret_must) MUST_CHECK;

#endif
