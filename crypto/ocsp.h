/*
 * OCSP messages (RFC 6960), no network: build a request, judge an answer.
 */
#ifndef CRYPTO_OCSP_H
#define CRYPTO_OCSP_H

#include "crypto/trust.h"

enum ocsp_status { OCSP_UNKNOWN, OCSP_GOOD, OCSP_REVOKED };

struct ocsp_verdict {
	enum ocsp_status status;
	int64_t this_update;
	int64_t next_update; /* this_update + 60 s where the answer has none */
	int64_t revoked_at;  /* ms UTC; 0 unless OCSP_REVOKED */
};

/* DER of a request for that certificate (CertID with SHA-1, as SAT's responder wants). */
enum err ocsp_request(struct arena *a, struct bytes cert_der, struct bytes issuer_der,
	struct bytes *ret_der) MUST_CHECK;
/*
 * Judges a responder's DER: signed by the issuer, by a delegate the issuer made with OCSPSigning,
 * or by a certificate in FOLDER/ocsp; about that certificate; in its time at `at` (5 minutes of
 * clock skew). ERR_OCSP for anything else, tryLater included.
 */
enum err ocsp_judge(const struct trust *t, struct bytes answer_der, struct bytes cert_der,
	struct bytes issuer_der, int64_t at, struct ocsp_verdict *ret) MUST_CHECK;
/*
 * The same of an answer that was kept as evidence, years later: in its time when it was made
 * (thisUpdate), signed by whoever might sign then. Whether it was young enough for what it stands
 * behind is the caller's question.
 */
enum err ocsp_prove(const struct trust *t, struct bytes answer_der, struct bytes cert_der,
	struct bytes issuer_der, struct ocsp_verdict *ret) MUST_CHECK;

#endif
