/*
 * The queries of DB_TABLE as the first QUERY_COUNT elements of an array of struct db_query:
 * included inside its initialiser, after base/db_table_fields.h. Not guarded.
 */
#define QUERY(q, text)                                                                             \
	[QUERY_##q] = {                                                                            \
		.sql = (text),                                                                     \
		.in = in_fields_##q,                                                               \
		.in_count = COUNT_OF(in_fields_##q) - 1,                                           \
		.out = out_fields_##q,                                                             \
		.out_count = COUNT_OF(out_fields_##q) - 1,                                         \
		.out_size = sizeof(struct out_##q),                                                \
	},
#define IN_INT(q, m)
#define IN_TEXT(q, m)
#define IN_DATA(q, m)
#define OUT_INT(q, m)
#define OUT_TEXT(q, m)
#define OUT_DATA(q, m)
#define END(q)
#include DB_TABLE
#undef QUERY
#undef IN_INT
#undef IN_TEXT
#undef IN_DATA
#undef OUT_INT
#undef OUT_TEXT
#undef OUT_DATA
#undef END
