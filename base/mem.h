/*
 * The one door to the heap, so that a test can make the n-th allocation of anything fail:
 * ours, and (through mem_hook_libraries in the tests) OpenSSL's, cJSON's and SQLite's.
 */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>
#include "base/macros.h"

void *mem_alloc(size_t bytes) MUST_CHECK;
void *mem_zalloc(size_t bytes) MUST_CHECK;
void *mem_realloc(void *p, size_t bytes) MUST_CHECK;
char *mem_strdup(const char *text) MUST_CHECK;
void mem_free(void *p);

AUTO_TYPE(mem, char, mem_free);

/* From now on the n-th allocation (1 = the next) returns NULL, once; 0 never fails. */
void mem_fail_at(long n);
/* How many allocations were asked for since mem_fail_at. */
long mem_count(void);

#endif
