/*
 * SQLite's memory through base/mem.h, so that a test can make its n-th allocation fail too.
 */
#ifndef BASE_DB_MEM_H
#define BASE_DB_MEM_H

#include "base/err.h"

/* Once for the process, before any db_open. */
enum err db_setup(void) MUST_CHECK;

#endif
