/*
 * SQL of a test's own on a store of either database, behind the program's back: what an intruder, a
 * bad disk or an operator's mistake would do to it.
 */
#ifndef TESTS_HELP_CORE_SQL_H
#define TESTS_HELP_CORE_SQL_H

#include "base/arena.h"

/* Statements of either dialect, without the checks of foreign keys; the test fails where they do.
 */
void sql_run(const char *place, const char *sql);
/* The first column of the first row as text (PostgreSQL: of all, a line each), in the arena; ""
 * where there is none. */
const char *sql_ask(struct arena *a, const char *place, const char *sql);
/* The bytes of that column in the one row where `where` holds, altered: one bit of one byte. */
void sql_flip(const char *place, const char *table, const char *column, const char *where);

#endif
