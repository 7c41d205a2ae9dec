/*
 * A whole acuse for tests, signed and sealed with the look-alike PKI, and its JSON as the codec
 * writes it (net is above ley's tests, so the text is made here).
 */
#ifndef TESTS_HELP_ACUSE_H
#define TESTS_HELP_ACUSE_H

#include "ley/acuse.h"

/* Opened by the física of the PKI at `received`, domicile `zona`. Fails the test on any error. */
void acuse_sample(struct arena *a, int64_t received, const char *zona, struct m_acuse *ret);
/* One of what nobody signed, for the same titular. */
void acuse_sample_automatico(struct arena *a, int64_t received, struct m_acuse *ret);
/* Builds the cadena and seals it (again). */
void acuse_sample_seal(struct arena *a, struct m_acuse *m);
struct bytes acuse_sample_json(struct arena *a, const struct m_acuse *m);
/* Which rows of its proof do not hold, as bits; acuse_verify says the same. `t` NULL: no trust. */
unsigned acuse_sample_failing(struct arena *a, const struct m_acuse *m, const struct trust *t);
/* The PKI's trust folder; the caller frees it. */
struct trust *acuse_sample_trust(void);

#endif
