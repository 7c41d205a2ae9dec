/*
 * OpenSSL's allocations through base/mem, so that mem_fail_at counts them too.
 */
#ifndef TESTS_HELP_OSSL_MEM_H
#define TESTS_HELP_OSSL_MEM_H

/* First thing in main: OpenSSL refuses once it has allocated anything. */
void ossl_mem_hook(void);

#endif
