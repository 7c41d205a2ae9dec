/*
 * A certificate and what we need to know of it, read once (efirma.md: SAT's profile).
 *
 * Accepted whatever the file's name: DER, PEM, or one line of base64 of DER. The struct and its
 * texts live in the caller's arena; nothing of OpenSSL's is kept.
 */
#ifndef CRYPTO_CERT_H
#define CRYPTO_CERT_H

#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"

enum cert_kind {
	CERT_OTHER,
	CERT_EFIRMA, /* keyUsage D8, EKU emailProtection + clientAuth, no OU */
	CERT_CSD,    /* keyUsage C0, no EKU, OU present */
	CERT_CA,     /* basicConstraints CA:TRUE */
};

struct cert {
	struct bytes der;
	const char *thumbprint; /* base64url SHA-256 of the DER, 43 characters: the keyid */
	enum cert_kind kind;
	const char *rfc;	    /* holder: first part of x500UniqueIdentifier; "" if none */
	const char *representative; /* second part (persona moral); "" if none */
	const char *curp;	    /* "" if none */
	const char *name;	    /* CN in UTF-8 */
	const char *email;	    /* "" if none */
	const char *serial;	    /* NoCertificado: the serial's 20 ASCII digits, else hex */
	const char *issuer_name;    /* one line for a person; never to compare */
	struct bytes serial_der;    /* raw INTEGER content, big-endian */
	int64_t not_before;	    /* ms UTC */
	int64_t not_after;	    /* ms UTC, inclusive of its second */
	struct bytes rsa_n;	    /* big-endian modulus; empty when the key is not RSA */
	uint64_t rsa_e;
	unsigned rsa_bits; /* 0 when not RSA */
	bool ocsp_signing; /* EKU OCSPSigning */
};

/*
 * ERR_PFX, ERR_SWAPPED_KEY (a key was given), ERR_BAD_CERT (truncated or no certificate at all),
 * ERR_NO_MEMORY. Kind and dates are not judged here.
 */
enum err cert_read(struct arena *a, struct bytes file, struct cert *ret) MUST_CHECK;
/*
 * May this certificate sign acts at `at` (Lineamientos 4.2)? ERR_CSD, ERR_NOT_EFIRMA, ERR_WEAK_KEY
 * (RSA 2048-4096 with e = 65537 only), ERR_CERT_NOT_YET, ERR_CERT_EXPIRED. Trust and revocation
 * are not asked.
 */
enum err cert_check_efirma(const struct cert *c, int64_t at) MUST_CHECK;

#endif
