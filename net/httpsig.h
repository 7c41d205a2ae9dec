/*
 * HTTP Message Signatures (RFC 9421) and Content-Digest (RFC 9530) as wire.md fixes them:
 * one label `buzon`, components "@method" "@authority" "@path" "content-type" "content-digest",
 * parameters created, expires, nonce, keyid, alg, tag="buzon-imss", each once.
 */
#ifndef NET_HTTPSIG_H
#define NET_HTTPSIG_H

#include <stdint.h>
#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"
#include "crypto/key.h"

#define HTTPSIG_NONCE_BYTES 16
/* Most bytes of a signature base: it is kept in the acuse (messages.def, acuse.base). */
#define HTTPSIG_BASE_MOST 4096

/* What of a request is covered. Texts as received, without blanks around them. */
struct httpsig_request {
	const char *method;
	const char *authority; /* host[:port], lower case */
	const char *path;      /* raw target, no query allowed */
	const char *content_type;
	const char *content_digest;
	const char *signature_input;
	const char *signature;
};

struct httpsig {
	int64_t created;    /* seconds UTC, as in the RFC */
	int64_t expires;    /* seconds UTC; reads carry it too */
	struct bytes nonce; /* 16 bytes: 48-bit ms big-endian + 80 random bits */
	const char *keyid;  /* 43 characters of base64url */
	const char *alg;    /* as claimed; the algorithm comes from the key */
	struct bytes base;  /* the signature base, exact bytes (section 2.5) */
	struct bytes signature;
};

/* `sha-256=:...:` of the body (RFC 9530). */
enum err httpsig_digest(struct arena *a, struct bytes body, const char **ret_header) MUST_CHECK;
/* ERR_BAD_DIGEST unless the header is exactly one sha-256 of that body. */
enum err httpsig_check_digest(struct arena *a, const char *header, struct bytes body) MUST_CHECK;
/*
 * Parses both headers strictly and builds the base from the request's own values and the received
 * bytes of the parameters. The signature is not verified (key_verify over .base does).
 * ERR_BAD_REQUEST for anything malformed, repeated, missing or extra.
 */
enum err httpsig_parse(
	struct arena *a, const struct httpsig_request *rq, struct httpsig *ret) MUST_CHECK;
/* A fresh nonce: 48 bits of `now` (ms), 80 random. */
enum err httpsig_nonce(int64_t now, unsigned char ret_nonce[HTTPSIG_NONCE_BYTES]) MUST_CHECK;
/*
 * Signs: fills rq->signature_input and rq->signature (arena) from the other members and these
 * parameters (created/expires in seconds). *ret has base and signature too.
 */
enum err httpsig_sign(struct arena *a, struct httpsig_request *rq, const struct key *key,
	const char *keyid, int64_t created, int64_t expires,
	const unsigned char nonce[HTTPSIG_NONCE_BYTES], struct httpsig *ret) MUST_CHECK;
/* A covered component: its name without quotes, its value as received. */
struct httpsig_component {
	const char *name;
	const char *value;
};

/*
 * The signature base of any covered components (RFC 9421 section 2.5); `params` is the value of
 * @signature-params as received. ERR_BAD_REQUEST where a value is missing, not ASCII, or could make
 * a line of its own.
 */
enum err httpsig_base(struct arena *a, const struct httpsig_component *components, size_t count,
	struct bytes params, struct bytes *ret_base) MUST_CHECK;
/*
 * What a kept base (evidence) covers, as httpsig_parse found it: every member of *ret_rq but its
 * two signature headers, every member of *ret_sig but the signature. ERR_BAD_EVIDENCE unless the
 * base is exactly one that httpsig_parse makes.
 */
enum err httpsig_base_read(struct arena *a, struct bytes base, struct httpsig_request *ret_rq,
	struct httpsig *ret_sig) MUST_CHECK;
/* Of that the content-digest only, as it was in the header. */
enum err httpsig_base_digest(
	struct arena *a, struct bytes base, const char **ret_digest) MUST_CHECK;

#endif
