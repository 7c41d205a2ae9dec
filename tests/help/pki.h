/*
 * The look-alike PKI for tests: made once by tools/pki.sh, shared by all test programs.
 *
 * In $BUZON_PKI, else below $BUZON_TMP or /tmp, under a name that changes with the script. Tests
 * run from the project's root ($BUZON_ROOT where not). What fails here ends the test program:
 * without the PKI nothing can be tested.
 */
#ifndef TESTS_HELP_PKI_H
#define TESTS_HELP_PKI_H

#include <stdint.h>
#include "crypto/efirma.h"

/* The folder; made now if it is missing (tools/pki.sh --todo). */
const char *pki_dir(void);
/* A file of it, in the arena. */
struct bytes pki_read(struct arena *a, const char *file);
/* The password of NAME.pass; the caller clears it. */
void pki_password(const char *name, struct secret *ret);
/* NAME's e.firma, opened now; the caller frees it. */
struct efirma *pki_efirma(const char *name);
/* The system's time, ms UTC. */
int64_t pki_now(void);

#endif
