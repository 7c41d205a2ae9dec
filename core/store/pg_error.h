/*
 * What an SQLSTATE of PostgreSQL's means here.
 */
#ifndef CORE_STORE_PG_ERROR_H
#define CORE_STORE_PG_ERROR_H

#include "base/err.h"

/* ERR_BUSY: run the transaction again; never OK. "" (libpq's own failures): ERR_STORE. */
enum err pg_error_of_state(const char *state) MUST_CHECK;

#endif
