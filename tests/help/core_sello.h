/*
 * For tests of the seal: the test PKI's key as a configuration, cadenas that may be sealed, and the
 * proof that one was.
 */
#ifndef TESTS_HELP_CORE_SELLO_H
#define TESTS_HELP_CORE_SELLO_H

#include "core/sealer.h"
#include "ley/cadena.h"

#define SELLO_HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

/* NAME.cer, NAME.key and NAME.pass; good until the next call. */
struct config sello_config(const char *name);
/* The same, copied to that folder, which from now on is that user's alone. As root only. */
struct config sello_config_of(const char *name, const char *folder, const char *user);
/* All that a cadena says, received at that instant. */
struct cadena sello_fields(struct arena *a, const struct sealer *s, int64_t now);
const char *sello_cadena(struct arena *a, const struct sealer *s, int64_t now);
/* Fails where the sello is not the certificate's over that cadena. */
void sello_check(const struct sealer *s, const char *cadena, struct bytes sello);
/* One more cadena of now, sealed or not; what is sealed is checked. */
enum err sello_try(struct sealer *s);

#endif
