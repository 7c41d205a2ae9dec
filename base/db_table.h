/*
 * A table of queries (a .def file) made into types, the same way for every table:
 *
 *   QUERY(name, SQL) IN_<kind>(name, parameter)... OUT_<kind>(name, column)... END(name)
 *
 * gives QUERY_<name>, struct in_<name>, struct out_<name>, and the typed q_<name> (one row) and
 * q_<name>_all. Kinds: INT int64_t · TEXT const char * · DATA struct bytes. SQL_PG(name, SQL) after
 * QUERY is a second text for PostgreSQL, where the dialects force one.
 *
 * Not guarded: the header of whoever owns the connection includes it once, after it defined
 *   DB_TABLE         the .def file, as a string
 *   DB_OWNER         the struct that holds the connection
 *   DB_RUN, DB_ALL   its functions, shaped as db_run and db_all but for the first parameter
 * base/db_table_fields.h and base/db_table_queries.h make the same table into data.
 */
#define IN_INT(q, m)
#define IN_TEXT(q, m)
#define IN_DATA(q, m)
#define OUT_INT(q, m)
#define OUT_TEXT(q, m)
#define OUT_DATA(q, m)
#ifndef SQL_PG
#define SQL_PG(q, sql)
#endif

enum query {
#define QUERY(q, sql) QUERY_##q,
#define END(q)
#include DB_TABLE
#undef QUERY
#undef END
	QUERY_COUNT
};

/* An empty parameter or column list still needs a member: `none`. */
#define END(q)                                                                                     \
	}                                                                                          \
	;
#define QUERY(q, sql)                                                                              \
	struct in_##q {                                                                            \
		char none;
#undef IN_INT
#undef IN_TEXT
#undef IN_DATA
#define IN_INT(q, m) int64_t m;
#define IN_TEXT(q, m) const char *m;
#define IN_DATA(q, m) struct bytes m;
#include DB_TABLE
#undef QUERY
#undef IN_INT
#undef IN_TEXT
#undef IN_DATA

#define QUERY(q, sql)                                                                              \
	struct out_##q {                                                                           \
		char none;
#define IN_INT(q, m)
#define IN_TEXT(q, m)
#define IN_DATA(q, m)
#undef OUT_INT
#undef OUT_TEXT
#undef OUT_DATA
#define OUT_INT(q, m) int64_t m;
#define OUT_TEXT(q, m) const char *m;
#define OUT_DATA(q, m) struct bytes m;
#include DB_TABLE
#undef QUERY
#undef END
#undef OUT_INT
#undef OUT_TEXT
#undef OUT_DATA

enum err DB_RUN(
	struct DB_OWNER *d, unsigned q, const void *in, struct arena *a, void *ret_row) MUST_CHECK;
enum err DB_ALL(struct DB_OWNER *d, unsigned q, const void *in, size_t limit, struct arena *a,
	void **ret_rows, size_t *ret_count) MUST_CHECK;

#define OUT_INT(q, m)
#define OUT_TEXT(q, m)
#define OUT_DATA(q, m)
#define END(q)
#define QUERY(q, sql)                                                                              \
	MUST_CHECK static inline enum err q_##q(                                                   \
		struct DB_OWNER *d, const struct in_##q *in, struct arena *a, struct out_##q *ret) \
	{                                                                                          \
		return DB_RUN(d, QUERY_##q, in, a, ret);                                           \
	}                                                                                          \
	MUST_CHECK static inline enum err q_##q##_all(struct DB_OWNER *d, const struct in_##q *in, \
		size_t limit, struct arena *a, struct out_##q **ret, size_t *ret_count)            \
	{                                                                                          \
		void *rows = NULL;                                                                 \
		enum err e = DB_ALL(d, QUERY_##q, in, limit, a, &rows, ret_count);                 \
		if (e == OK)                                                                       \
			*ret = rows;                                                               \
		return e;                                                                          \
	}
#include DB_TABLE
#undef QUERY
#undef END
#undef IN_INT
#undef IN_TEXT
#undef IN_DATA
#undef OUT_INT
#undef OUT_TEXT
#undef OUT_DATA
