/*
 * A request as tests of its signature need it: body, covered values, key and keyid.
 */
#ifndef TESTS_HELP_PETICION_H
#define TESTS_HELP_PETICION_H

#include "net/httpsig.h"

#define PETICION_BODY "{\"titular\":\"A\"}"

/* A fresh Ed25519 key; the caller frees it. */
struct key *peticion_key(void);
/* POST of PETICION_BODY to /v1/sincronizar, not signed yet. */
struct httpsig_request peticion_request(struct arena *a);
const char *peticion_keyid(struct arena *a, const struct key *k);

#endif
