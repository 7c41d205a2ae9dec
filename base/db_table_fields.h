/*
 * The parameters and columns of DB_TABLE (base/db_table.h) as data: in_fields_<q>, out_fields_<q>.
 * Not guarded: included at file scope by the one source that opens the connection. The row behind
 * the last only makes an empty list legal C.
 */
#define END(q)                                                                                     \
	{                                                                                          \
		DB_INT, 0                                                                          \
	}                                                                                          \
	}                                                                                          \
	;
#define QUERY(q, sql) static const struct db_field in_fields_##q[] = {
#define IN_INT(q, m) {DB_INT, offsetof(struct in_##q, m)},
#define IN_TEXT(q, m) {DB_TEXT, offsetof(struct in_##q, m)},
#define IN_DATA(q, m) {DB_DATA, offsetof(struct in_##q, m)},
#define OUT_INT(q, m)
#define OUT_TEXT(q, m)
#define OUT_DATA(q, m)
#include DB_TABLE
#undef QUERY
#undef IN_INT
#undef IN_TEXT
#undef IN_DATA
#undef OUT_INT
#undef OUT_TEXT
#undef OUT_DATA

#define QUERY(q, sql) static const struct db_field out_fields_##q[] = {
#define IN_INT(q, m)
#define IN_TEXT(q, m)
#define IN_DATA(q, m)
#define OUT_INT(q, m) {DB_INT, offsetof(struct out_##q, m)},
#define OUT_TEXT(q, m) {DB_TEXT, offsetof(struct out_##q, m)},
#define OUT_DATA(q, m) {DB_DATA, offsetof(struct out_##q, m)},
#include DB_TABLE
#undef QUERY
#undef IN_INT
#undef IN_TEXT
#undef IN_DATA
#undef OUT_INT
#undef OUT_TEXT
#undef OUT_DATA
#undef END
