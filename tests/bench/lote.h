/*
 * Batches of what the bench asks for: worlds with full mailboxes, and requests signed beforehand.
 */
#ifndef TESTS_BENCH_LOTE_H
#define TESTS_BENCH_LOTE_H

#include "tests/bench/bench.h"

enum lote_store { LOTE_SQLITE, LOTE_POSTGRES };

/* A world in which the física has entered; its reading key is the caller's to free. */
struct key *lote_open(struct mundo *m, enum lote_store where, struct firma_de *ret_reading);
/* The moral has a Buzón there and has entered, too. */
void lote_moral(struct mundo *m);
/* `count` notifications for that RFC, as different from each other as real ones; sent by now. */
void lote_avisos(
	struct mundo *m, struct arena *a, const char *rfc, size_t count, const char **ret_folios);
/* A cursor that has the calendar and every row up to now. */
const char *lote_cursor(
	struct mundo *m, struct arena *a, const char *rfc, const struct firma_de *by);
/* A signed `sincronizar`, created at the world's now. */
struct received lote_sync(struct mundo *m, struct arena *a, const struct m_sincronizar *rq,
	const struct firma_de *by);
/* Signed openings of these folios of its own, as they go over the wire. */
void lote_openings(struct mundo *m, struct arena *a, const struct efirma *by,
	const char *const *folios, size_t count, struct bytes *ret_requests);
/* One of them as it is received. */
struct received lote_opening(
	struct mundo *m, struct arena *a, const struct efirma *by, const char *folio);

#endif
