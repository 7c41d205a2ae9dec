#include "core/store/pg.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <libpq-fe.h>
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "core/store/pg_error.h"
#include "core/store/pg_params.h"
#include "core/store/pg_rows.h"

#define CONNECT_S "3"
/* Longest text of a statement in its second form. */
#define TEXT 4096
/* For the largest group (writer.c): a few questions of each. */
#define AHEAD_MOST 192

enum prepared { NOT_PREPARED, PREPARING, PREPARED };

/* What was sent and not answered yet, in order. */
struct sent {
	bool prepares; /* statement q */
	bool one;      /* it must change one row */
	unsigned q;
	long *ret_changes;
	struct ahead *ahead; /* where its rows go */
};

/* A question asked before its answer is wanted. */
struct ahead {
	unsigned q;
	size_t size;
	unsigned char key[PG_PARAMS_KEY];
	PGresult *rows; /* NULL: not answered yet, or it failed */
};

struct pg {
	PGconn *conn;
	const struct db_query *queries;
	size_t count;
	enum prepared *prepared; /* each in both forms (slot_of) */
	int patience_ms;
	bool lost;
	bool kept_out; /* by a lock, too long */
	bool transaction;
	struct sent *sent;
	size_t sent_first;
	size_t sent_count;
	size_t sent_room;
	PGresult *rows; /* of the last statement that has columns */
	struct ahead ahead[AHEAD_MOST];
	size_t ahead_count;
	long changes;
	bool committed;
};

/* ---- errors ---- */

static enum err lose(struct pg *p, const char *why)
{
	if (!p->lost)
		log_write(LOG_WARN, "postgresql", "connection lost: %s", why);
	p->lost = true;
	return ERR_STORE;
}

static enum err check_line(struct pg *p)
{
	return PQstatus(p->conn) == CONNECTION_OK ? OK : lose(p, "closed");
}

/* "" where PostgreSQL gave none: libpq's own failures. */
static enum err error_of_result(struct pg *p, const PGresult *r)
{
	const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE);
	enum err e = pg_error_of_state(state != NULL ? state : "");

	if (check_line(p) != OK)
		return ERR_STORE;
	p->kept_out = p->kept_out || (state != NULL && strcmp(state, "55P03") == 0);
	/* A transaction that has failed says so again for each statement. */
	if (state == NULL || strcmp(state, "25P02") != 0)
		log_write(e == ERR_BUSY ? LOG_INFO : LOG_WARN, "postgresql", "SQLSTATE %s",
			state != NULL ? state : "-----");
	return e;
}

/* ---- opening ---- */

static enum err make(const char *address, PGconn **ret)
{
	static const char *const names[] = {"dbname", "connect_timeout",
		"fallback_application_name", "keepalives_idle", "tcp_user_timeout", NULL};
	const char *values[] = {address, CONNECT_S, "buzond", "10", "10000", NULL};

	/* The address is read first, so it can't be made to wait longer. */
	*ret = PQconnectdbParams(names, values, 1);
	return *ret != NULL ? OK : ERR_NO_MEMORY;
}

static void quiet(void *unused, const PGresult *r)
{
	(void)unused;
	(void)r;
}

enum err pg_open(const char *address, const char *settings, int patience_ms,
	const struct db_query *queries, size_t count, struct pg **ret)
{
	AUTO(pg) p = mem_zalloc(sizeof(*p));

	if (p == NULL)
		return ERR_NO_MEMORY;
	p->prepared = mem_zalloc((2 * count + 1) * sizeof(*p->prepared));
	if (p->prepared == NULL)
		return ERR_NO_MEMORY;
	p->queries = queries;
	p->count = count;
	p->patience_ms = patience_ms;
	enum err e = make(address, &p->conn);

	if (e == OK && PQstatus(p->conn) != CONNECTION_OK) {
		/* Names the host and the reason; the password is not in it. */
		log_write(LOG_ERROR, "postgresql", "%s", PQerrorMessage(p->conn));
		e = ERR_STORE;
	}
	if (e != OK)
		return e;
	PQsetNoticeReceiver(p->conn, quiet, NULL);
	if (PQsetnonblocking(p->conn, 1) != 0 || PQenterPipelineMode(p->conn) != 1)
		return ERR_STORE;
	e = settings != NULL ? pg_exec(p, settings) : OK;
	if (e == OK)
		*ret = STEAL(p);
	return e;
}

void pg_close(struct pg *p)
{
	pg_forget(p);
	PQclear(p->rows);
	PQfinish(p->conn);
	mem_free(p->sent);
	mem_free(p->prepared);
	mem_free(p);
}

void pg_patience(struct pg *p, int ms)
{
	p->patience_ms = ms;
}

bool pg_lost(const struct pg *p)
{
	return p->lost;
}

bool pg_kept_out(struct pg *p)
{
	bool was = p->kept_out;

	p->kept_out = false;
	return was;
}

/* ---- waiting ---- */

/* Until a result can be taken without waiting; sends what is still to be sent meanwhile. */
static enum err wait_result(struct pg *p)
{
	int64_t until = clock_monotonic() + p->patience_ms;

	for (;;) {
		int unsent = PQflush(p->conn);

		if (unsent < 0)
			return lose(p, "can't send");
		if (unsent == 0 && PQisBusy(p->conn) == 0)
			return OK;
		struct pollfd fd = {.fd = PQsocket(p->conn),
			.events = (short)(POLLIN | (unsent > 0 ? POLLOUT : 0))};
		int64_t left = until - clock_monotonic();

		if (left <= 0)
			return lose(p, "no answer in time");
		/* A signal or a time-out: asked again above. */
		(void)poll(&fd, 1, left > 1000 ? 1000 : (int)left);
		if ((fd.revents & (POLLIN | POLLERR | POLLHUP)) != 0 &&
			PQconsumeInput(p->conn) == 0)
			return lose(p, "closed");
	}
}

/* *ret: the next result, NULL at the end of a statement's. */
static enum err take_result(struct pg *p, PGresult **ret)
{
	enum err e = wait_result(p);

	if (e == OK)
		*ret = PQgetResult(p->conn);
	return e;
}

static size_t slot_of(const struct pg *p, const struct sent *s)
{
	return s->q + (s->one ? p->count : 0);
}

static void forget_sent(struct pg *p)
{
	for (size_t i = p->sent_first; i < p->sent_count; i++)
		if (p->sent[i].prepares)
			p->prepared[slot_of(p, &p->sent[i])] = NOT_PREPARED;
	p->sent_first = 0;
	p->sent_count = 0;
}

/* Rows, wherever they are wanted. */
static void keep_rows(struct pg *p, PGresult *r)
{
	PQclear(p->rows);
	p->rows = r;
}

/* What one statement's result says. */
static enum err judge(struct pg *p, const struct sent *s, PGresult *r)
{
	ExecStatusType status = PQresultStatus(r);
	bool good = status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK;

	if (s->prepares) {
		p->prepared[slot_of(p, s)] = good ? PREPARED : NOT_PREPARED;
	} else {
		p->changes = good ? strtol(PQcmdTuples(r), NULL, 10) : -1;
		p->committed = good && strcmp(PQcmdStatus(r), "COMMIT") == 0;
		if (s->ret_changes != NULL)
			*s->ret_changes = p->changes;
	}
	if (good || status == PGRES_PIPELINE_ABORTED)
		return OK; /* aborted: one before it has said why */
	return error_of_result(p, r);
}

static enum err take_sent(struct pg *p, const struct sent *s)
{
	PGresult *r = NULL;
	enum err first = OK;
	enum err e = take_result(p, &r);

	while (e == OK && r != NULL) {
		enum err said = judge(p, s, r);

		if (first == OK)
			first = said;
		bool rows = PQresultStatus(r) == PGRES_TUPLES_OK && !s->prepares;

		if (rows && s->ahead != NULL && s->ahead->rows == NULL)
			s->ahead->rows = r;
		else if (rows)
			keep_rows(p, r);
		else
			PQclear(r);
		r = NULL;
		e = take_result(p, &r);
	}
	return e != OK ? e : first;
}

static enum err take_sync(struct pg *p)
{
	PGresult *r = NULL;
	enum err e = take_result(p, &r);

	if (e != OK)
		return e;
	ExecStatusType status = PQresultStatus(r);

	PQclear(r);
	return status == PGRES_PIPELINE_SYNC ? OK : lose(p, "out of step");
}

enum err pg_sync(struct pg *p)
{
	enum err first = p->lost ? ERR_STORE : OK;

	if (first == OK && PQpipelineSync(p->conn) != 1)
		first = lose(p, "can't send");
	while (!p->lost && p->sent_first < p->sent_count) {
		enum err e = take_sent(p, &p->sent[p->sent_first]);

		p->sent_first++;
		if (first == OK)
			first = e;
	}
	if (!p->lost) {
		enum err e = take_sync(p);

		first = first == OK ? e : first;
	}
	forget_sent(p);
	return first;
}

/* ---- sending ---- */

static enum err remember(struct pg *p, struct sent s)
{
	if (p->sent_count == p->sent_room) {
		size_t room = p->sent_room != 0 ? p->sent_room * 2 : 64;
		struct sent *more = mem_realloc(p->sent, room * sizeof(*more));

		if (more == NULL)
			return ERR_NO_MEMORY;
		p->sent = more;
		p->sent_room = room;
	}
	p->sent[p->sent_count++] = s;
	return OK;
}

/* Sent and not remembered would put all answers out of step. */
static enum err sent_or_lost(struct pg *p, int sent)
{
	if (sent == 1)
		return OK;
	p->sent_count--;
	return lose(p, "can't send");
}

static void name_of(const struct sent *s, char ret[16])
{
	snprintf(ret, 16, "%c%u", s->one ? 'u' : 'q', s->q);
}

/* The database itself fails where not one row is changed, so nothing behind it can commit. */
static const char *text_of(const struct pg *p, const struct sent *s, char room[TEXT])
{
	const char *sql = p->queries[s->q].sql;

	if (!s->one)
		return sql;
	return snprintf(room, TEXT,
		       "WITH cambio AS (%s RETURNING 1) SELECT 1 / CAST(COUNT(*) = 1 AS INTEGER) "
		       "FROM cambio",
		       sql) < TEXT
		       ? room
		       : NULL;
}

static enum err prepare(struct pg *p, const struct sent *s)
{
	const struct db_query *query = &p->queries[s->q];
	Oid types[PG_PARAMS];
	char name[16];
	char room[TEXT];
	const char *sql = text_of(p, s, room);

	if (p->prepared[slot_of(p, s)] != NOT_PREPARED)
		return OK;
	if (query->in_count > PG_PARAMS || sql == NULL)
		return ERR_INTERNAL;
	pg_params_types(query, types);
	enum err e = remember(p, (struct sent){.prepares = true, .one = s->one, .q = s->q});

	if (e != OK)
		return e;
	name_of(s, name);
	p->prepared[slot_of(p, s)] = PREPARING;
	return sent_or_lost(p, PQsendPrepare(p->conn, name, sql, (int)query->in_count, types));
}

static enum err send(struct pg *p, const struct sent *s, const struct pg_params *ps)
{
	char name[16];
	enum err e = p->lost ? ERR_STORE : prepare(p, s);

	if (e == OK)
		e = remember(p, *s);
	if (e != OK)
		return e;
	name_of(s, name);
	return sent_or_lost(p, PQsendQueryPrepared(p->conn, name, (int)p->queries[s->q].in_count,
				       ps->values, ps->lengths, ps->formats, 1));
}

static enum err queue(struct pg *p, struct sent s, const void *in)
{
	struct pg_params ps;

	if (s.q >= p->count)
		return ERR_INTERNAL;
	pg_params_fill(&p->queries[s.q], in, &ps);
	enum err e = send(p, &s, &ps);

	return e == OK && !p->transaction ? pg_sync(p) : e;
}

enum err pg_queue(struct pg *p, unsigned q, const void *in, long *ret_changes)
{
	return queue(p, (struct sent){.q = q, .ret_changes = ret_changes}, in);
}

enum err pg_change(struct pg *p, unsigned q, const void *in)
{
	return queue(p, (struct sent){.q = q, .one = true}, in);
}

void pg_begin(struct pg *p)
{
	pg_forget(p);
	p->transaction = true;
}

void pg_end(struct pg *p)
{
	pg_forget(p);
	p->transaction = false;
}

enum err pg_exec(struct pg *p, const char *sql)
{
	enum err e = pg_sync(p);

	if (e != OK || PQexitPipelineMode(p->conn) != 1)
		return e != OK ? e : lose(p, "out of step");
	PGresult *r = NULL;

	if (PQsendQuery(p->conn, sql) != 1)
		return lose(p, "can't send");
	while ((e = take_result(p, &r)) == OK && r != NULL) {
		ExecStatusType status = PQresultStatus(r);

		if (status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE) {
			enum err said = error_of_result(p, r);

			PQclear(r);
			/* The rest of the text is not run; the line is free at its NULL. */
			while (take_result(p, &r) == OK && r != NULL)
				PQclear(r);
			return !p->lost && PQenterPipelineMode(p->conn) == 1 ? said : ERR_STORE;
		}
		PQclear(r);
	}
	if (e == OK && PQenterPipelineMode(p->conn) != 1)
		e = lose(p, "out of step");
	return e;
}

/* ---- asked ahead ---- */

static struct ahead *find_ahead(struct pg *p, unsigned q, const struct pg_params *ps)
{
	unsigned char key[PG_PARAMS_KEY];
	size_t size = p->ahead_count != 0 ? pg_params_key(&p->queries[q], ps, key) : 0;

	for (size_t i = 0; size != 0 && i < p->ahead_count; i++)
		if (p->ahead[i].q == q && p->ahead[i].size == size &&
			memcmp(p->ahead[i].key, key, size) == 0)
			return &p->ahead[i];
	return NULL;
}

enum err pg_ahead(struct pg *p, unsigned q, const void *in)
{
	struct pg_params ps;

	if (q >= p->count || p->queries[q].out_count == 0)
		return ERR_INTERNAL;
	pg_params_fill(&p->queries[q], in, &ps);
	struct ahead *to = &p->ahead[p->ahead_count];

	if (p->ahead_count == AHEAD_MOST || find_ahead(p, q, &ps) != NULL)
		return OK;
	to->q = q;
	to->rows = NULL;
	to->size = pg_params_key(&p->queries[q], &ps, to->key);
	if (to->size == 0)
		return OK;
	enum err e = send(p, &(struct sent){.q = q, .ahead = to}, &ps);

	if (e == OK)
		p->ahead_count++;
	return e;
}

void pg_forget(struct pg *p)
{
	for (size_t i = p->sent_first; i < p->sent_count; i++)
		p->sent[i].ahead = NULL;
	for (; p->ahead_count != 0; p->ahead_count--)
		PQclear(p->ahead[p->ahead_count - 1].rows);
}

/* ---- rows ---- */

/* Sends and waits, unless it was asked ahead; *ret lives until the next. */
static enum err ask(struct pg *p, unsigned q, const void *in, const PGresult **ret)
{
	struct pg_params ps;

	pg_params_fill(&p->queries[q], in, &ps);
	struct ahead *had = find_ahead(p, q, &ps);
	enum err e = OK;

	keep_rows(p, NULL);
	if (had == NULL)
		e = send(p, &(struct sent){.q = q}, &ps);
	if (e == OK && (had == NULL || had->rows == NULL))
		e = pg_sync(p);
	*ret = had != NULL ? had->rows : p->rows;
	return e == OK && *ret == NULL ? ERR_INTERNAL : e;
}

enum err pg_run(struct pg *p, unsigned q, const void *in, struct arena *a, void *ret_row)
{
	const PGresult *rows = NULL;

	if (q >= p->count)
		return ERR_INTERNAL;
	if (p->queries[q].out_count == 0)
		return pg_queue(p, q, in, NULL);
	enum err e = ask(p, q, in, &rows);

	if (e != OK)
		return e;
	if (PQntuples(rows) == 0)
		return ERR_NOT_FOUND;
	char *made = arena_zalloc(a, p->queries[q].out_size);

	if (made == NULL)
		return ERR_NO_MEMORY;
	e = pg_rows_take(rows, &p->queries[q], 0, a, made);
	if (e == OK)
		memcpy(ret_row, made, p->queries[q].out_size);
	return e;
}

enum err pg_all(struct pg *p, unsigned q, const void *in, size_t limit, struct arena *a,
	void **ret_rows, size_t *ret_count)
{
	const PGresult *from = NULL;
	enum err e = q < p->count ? ask(p, q, in, &from) : ERR_INTERNAL;

	if (e != OK)
		return e;
	size_t size = p->queries[q].out_size;
	size_t count = (size_t)PQntuples(from) < limit ? (size_t)PQntuples(from) : limit;
	char *rows = arena_array(a, count + 1, size);

	if (rows == NULL)
		return ERR_NO_MEMORY;
	for (size_t i = 0; e == OK && i < count; i++)
		e = pg_rows_take(from, &p->queries[q], (int)i, a, rows + i * size);
	if (e == OK) {
		*ret_rows = rows;
		*ret_count = count;
	}
	return e;
}

long pg_changes(struct pg *p)
{
	if (p->sent_first < p->sent_count && pg_sync(p) != OK)
		return -1;
	return p->changes;
}

bool pg_committed(const struct pg *p)
{
	return p->committed;
}

/* ---- notifications ---- */

int pg_socket(const struct pg *p)
{
	return p->lost ? -1 : PQsocket(p->conn);
}

enum err pg_notified(struct pg *p, void (*each)(void *ctx, const char *payload), void *ctx)
{
	PGnotify *n;

	if (p->lost || PQconsumeInput(p->conn) == 0)
		return lose(p, "closed");
	while ((n = PQnotifies(p->conn)) != NULL) {
		each(ctx, n->extra);
		PQfreemem(n);
	}
	return check_line(p);
}
