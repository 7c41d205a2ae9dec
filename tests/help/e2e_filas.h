/*
 * What a world's store holds (e2e.h), asked from outside in one SQL text for both databases:
 * parte_de, sha256, encode(…, 'hex') and convert_to(…, 'UTF8') are there in SQLite, too.
 */
#ifndef TESTS_HELP_E2E_FILAS_H
#define TESTS_HELP_E2E_FILAS_H

#include "tests/help/e2e.h"

/* Several statements. The test fails where one does. */
void e2e_sql(struct e2e *w, const char *script);
/* The first column of all rows, sorted by strcmp; in the arena. */
size_t e2e_filas(struct e2e *w, struct arena *a, const char *sql, const char ***ret_rows);

#endif
