/*
 * Our end of the interoperation test (tests/e2e/httpsig_peer.sh): verifies or signs one request.
 *
 * Input, a line each: `verify` | `sign`, `rsa` | `ed25519`, key, method, authority, path,
 * Content-Type, then for verify Content-Digest, Signature-Input, Signature, or for sign created,
 * expires; the rest is the body. Key, in base64: for verify the modulus or the 32 public bytes; for
 * sign the private key's PEM or the 32 bytes of the seed.
 * Output: the wire name of the outcome; for sign then the three headers.
 */
#include <stdio.h>
#include <stdlib.h>
#include "base/b64.h"
#include "base/secret.h"
#include "crypto/sha.h"
#include "net/httpsig.h"

#define ALLOWANCE (4u << 20)
#define E_OF_RSA 65537

struct task {
	const char *verb, *kind, *key;
	struct httpsig_request rq;
	const char *created, *expires;
	struct bytes body;
};

static const char *cut(struct arena *a, struct bytes *rest)
{
	size_t n = 0;

	while (n < rest->size && rest->data[n] != '\n')
		n++;
	const char *line = arena_copy(a, rest->data, n);

	n += n < rest->size;
	*rest = bytes_of(rest->data + n, rest->size - n);
	return line;
}

static bool verifies(const struct task *t)
{
	return strcmp(t->verb, "verify") == 0;
}

static void read_task(struct arena *a, struct bytes input, struct task *to)
{
	to->verb = cut(a, &input);
	to->kind = cut(a, &input);
	to->key = cut(a, &input);
	to->rq.method = cut(a, &input);
	to->rq.authority = cut(a, &input);
	to->rq.path = cut(a, &input);
	to->rq.content_type = cut(a, &input);
	if (verifies(to)) {
		to->rq.content_digest = cut(a, &input);
		to->rq.signature_input = cut(a, &input);
		to->rq.signature = cut(a, &input);
	} else {
		to->created = cut(a, &input);
		to->expires = cut(a, &input);
	}
	to->body = input;
}

static enum err key_for(const struct task *t, struct bytes raw, struct key **ret)
{
	bool rsa = strcmp(t->kind, "rsa") == 0;
	SECRET(secret);

	if (verifies(t))
		return rsa ? key_from_rsa(raw, E_OF_RSA, ret) : key_from_ed25519(raw, ret);
	if (rsa)
		return key_load(raw, NULL, ret);
	enum err e = secret_set(&secret, raw.data, raw.size);

	return e == OK ? key_from_seed_ed25519(&secret, ret) : e;
}

static enum err verify(struct arena *a, const struct task *t, const struct key *key)
{
	struct httpsig sig;
	enum err e = httpsig_parse(a, &t->rq, &sig);

	if (e == OK)
		e = key_verify(key, sig.base, sig.signature);
	if (e == OK)
		e = httpsig_check_digest(a, t->rq.content_digest, t->body);
	return e;
}

static enum err sign(struct arena *a, struct task *t, const struct key *key)
{
	unsigned char nonce[HTTPSIG_NONCE_BYTES];
	struct httpsig sig;
	const char *keyid = NULL;
	enum err e = httpsig_nonce(atoll(t->created) * 1000, nonce);

	if (e == OK)
		e = httpsig_digest(a, t->body, &t->rq.content_digest);
	if (e == OK)
		e = sha256_b64url(a, bytes_of_text(t->kind), &keyid);
	if (e == OK)
		e = httpsig_sign(
			a, &t->rq, key, keyid, atoll(t->created), atoll(t->expires), nonce, &sig);
	return e;
}

static enum err run(struct arena *a, struct task *t)
{
	AUTO(key) key = NULL;
	struct bytes raw;
	enum err e = b64_decode(a, bytes_of_text(t->key), &raw);

	if (e == OK)
		e = key_for(t, raw, &key);
	if (e == OK)
		e = verifies(t) ? verify(a, t, key) : sign(a, t, key);
	return e;
}

int main(void)
{
	static char input[1 << 18];
	ARENA(a, ALLOWANCE);
	struct task t = {0};
	struct secret_status status;
	size_t size = fread(input, 1, sizeof(input), stdin);
	enum err e = secret_setup(&status);

	read_task(&a, bytes_of(input, size), &t);
	if (e == OK)
		e = run(&a, &t);
	puts(err_wire(e));
	if (e == OK && !verifies(&t))
		printf("%s\n%s\n%s\n", t.rq.content_digest, t.rq.signature_input, t.rq.signature);
	return e == OK ? 0 : 1;
}
