#include "net/httpsig.h"

#include "base/b64.h"
#include "base/buf.h"
#include "crypto/sha.h"
#include "net/sf.h"

#define LABEL "buzon"
#define TAG "buzon-imss"
#define ALG_MOST 32
#define SIGNATURE_MOST 512 /* RSA 4096 */

/* The covered components, in the order of wire.md, and where a request has them. */
static const struct {
	const char *name;
	size_t offset;
} covered[] = {
	{"@method", offsetof(struct httpsig_request, method)},
	{"@authority", offsetof(struct httpsig_request, authority)},
	{"@path", offsetof(struct httpsig_request, path)},
	{"content-type", offsetof(struct httpsig_request, content_type)},
	{"content-digest", offsetof(struct httpsig_request, content_digest)},
};

enum param {
	PARAM_CREATED,
	PARAM_EXPIRES,
	PARAM_NONCE,
	PARAM_KEYID,
	PARAM_ALG,
	PARAM_TAG,
	PARAM_COUNT
};

static const char *const param_names[] = {"created", "expires", "nonce", "keyid", "alg", "tag"};

/* Printable ASCII and no blank at either end: one line of the base, as the header carried it. */
static bool printable(const char *text)
{
	size_t n = text != NULL ? strlen(text) : 0;

	if (n == 0 || text[0] == ' ' || text[n - 1] == ' ')
		return false;
	for (size_t i = 0; i < n; i++)
		if (text[i] < 0x20 || text[i] > 0x7e)
			return false;
	return true;
}

enum err httpsig_base(struct arena *a, const struct httpsig_component *components, size_t count,
	struct bytes params, struct bytes *ret_base)
{
	struct buf base;

	buf_init(&base, a);
	for (size_t i = 0; i < count; i++) {
		if (!printable(components[i].name) || !printable(components[i].value))
			return ERR_BAD_REQUEST;
		buf_char(&base, '"');
		buf_text(&base, components[i].name);
		buf_text(&base, "\": ");
		buf_text(&base, components[i].value);
		buf_char(&base, '\n');
	}
	buf_text(&base, "\"@signature-params\": ");
	buf_add(&base, params.data, params.size);
	return buf_end(&base, ret_base);
}

/* What a request may be at all; the values come into the base as they are. */
static bool request_allowed(const struct httpsig_request *rq)
{
	if (!printable(rq->method) || !printable(rq->authority) || !printable(rq->path))
		return false;
	for (const char *c = rq->method; *c != '\0'; c++)
		if (*c < 'A' || *c > 'Z')
			return false;
	for (const char *c = rq->authority; *c != '\0'; c++)
		if ((*c >= 'A' && *c <= 'Z') || strchr(" /?#@\\\"", *c) != NULL)
			return false;
	return rq->path[0] == '/' && strpbrk(rq->path, " ?#") == NULL;
}

/* The base of our components over the raw parameters. */
static enum err base_of(struct arena *a, const struct httpsig_request *rq, struct bytes params,
	struct bytes *ret_base)
{
	struct httpsig_component components[COUNT_OF(covered)];
	struct bytes base;

	if (!request_allowed(rq))
		return ERR_BAD_REQUEST;
	for (size_t i = 0; i < COUNT_OF(covered); i++) {
		const char *value;

		memcpy(&value, (const char *)rq + covered[i].offset, sizeof(value));
		components[i] = (struct httpsig_component){.name = covered[i].name, .value = value};
	}
	enum err e = httpsig_base(a, components, COUNT_OF(covered), params, &base);

	if (e != OK)
		return e;
	if (base.size > HTTPSIG_BASE_MOST)
		return ERR_BAD_REQUEST;
	*ret_base = base;
	return OK;
}

/* The inner list: exactly our components, in order, without parameters of their own. */
static enum err read_components(struct arena *a, struct sf *s)
{
	if (!sf_char(s, '('))
		return ERR_BAD_REQUEST;
	for (size_t i = 0; i < COUNT_OF(covered); i++) {
		const char *name = NULL;

		if (i != 0 && !sf_next(s, ' '))
			return ERR_BAD_REQUEST;
		sf_blanks(s);
		enum err e = sf_string(a, s, &name);

		if (e != OK)
			return e;
		if (strcmp(name, covered[i].name) != 0)
			return ERR_BAD_REQUEST;
	}
	sf_blanks(s);
	return sf_char(s, ')') ? OK : ERR_BAD_REQUEST;
}

static enum err read_instant(struct sf *s, int64_t *ret_seconds)
{
	int64_t n = 0;

	if (!sf_integer(s, &n) || n < 0)
		return ERR_BAD_REQUEST;
	*ret_seconds = n;
	return OK;
}

/* A string that is base64url of exactly `size` bytes. */
static enum err read_b64url(
	struct arena *a, struct sf *s, size_t size, const char **ret_text, struct bytes *ret_raw)
{
	const char *text = NULL;
	struct bytes raw;
	enum err e = sf_string(a, s, &text);

	if (e == OK)
		e = b64url_decode(a, bytes_of_text(text), &raw);
	if (e != OK)
		return e == ERR_BAD_FIELD ? ERR_BAD_REQUEST : e;
	if (raw.size != size)
		return ERR_BAD_REQUEST;
	*ret_text = text;
	*ret_raw = raw;
	return OK;
}

static enum err read_param(struct arena *a, struct sf *s, enum param p, struct httpsig *to)
{
	const char *text = NULL;
	struct bytes raw;
	enum err e;

	switch (p) {
	case PARAM_CREATED:
		return read_instant(s, &to->created);
	case PARAM_EXPIRES:
		return read_instant(s, &to->expires);
	case PARAM_NONCE:
		return read_b64url(a, s, HTTPSIG_NONCE_BYTES, &text, &to->nonce);
	case PARAM_KEYID:
		return read_b64url(a, s, SHA256_BYTES, &to->keyid, &raw);
	case PARAM_ALG:
		e = sf_string(a, s, &to->alg);
		if (e == OK && (!printable(to->alg) || strlen(to->alg) > ALG_MOST))
			e = ERR_BAD_REQUEST;
		return e;
	case PARAM_TAG:
		e = sf_string(a, s, &text);
		return e == OK && strcmp(text, TAG) != 0 ? ERR_BAD_REQUEST : e;
	case PARAM_COUNT:
		break;
	}
	return ERR_BAD_REQUEST;
}

static enum param param_of(struct bytes name)
{
	unsigned p = 0;

	while (p < PARAM_COUNT && !bytes_equal(name, bytes_of_text(param_names[p])))
		p++;
	return (enum param)p;
}

/* `("@method" ...);created=...`: all that stands for @signature-params, to the end. */
static enum err read_params(struct arena *a, struct sf *s, struct httpsig *to)
{
	unsigned seen = 0;
	enum err e = read_components(a, s);

	while (e == OK && !sf_end(s)) {
		struct bytes name;

		if (!sf_char(s, ';'))
			return ERR_BAD_REQUEST;
		sf_blanks(s);
		if (!sf_key(s, &name) || !sf_char(s, '='))
			return ERR_BAD_REQUEST;
		enum param p = param_of(name);

		if (p == PARAM_COUNT || (seen & 1u << p) != 0)
			return ERR_BAD_REQUEST;
		seen |= 1u << p;
		e = read_param(a, s, p, to);
	}
	if (e == OK && seen != (1u << PARAM_COUNT) - 1)
		e = ERR_BAD_REQUEST;
	return e;
}

/* `buzon=`, and the cursor behind it. */
static bool read_label(struct sf *s)
{
	struct bytes label;

	return sf_key(s, &label) && bytes_equal(label, bytes_of_text(LABEL)) && sf_char(s, '=');
}

static enum err read_signature(struct arena *a, const char *header, struct bytes *ret_signature)
{
	struct sf s = sf_of(bytes_of_text(header));
	struct bytes raw;

	if (!read_label(&s))
		return ERR_BAD_REQUEST;
	enum err e = sf_bytes(a, &s, &raw);

	if (e != OK)
		return e;
	if (!sf_end(&s) || raw.size == 0 || raw.size > SIGNATURE_MOST)
		return ERR_BAD_REQUEST;
	*ret_signature = raw;
	return OK;
}

enum err httpsig_parse(struct arena *a, const struct httpsig_request *rq, struct httpsig *ret)
{
	struct httpsig sig = {0};

	if (rq->signature_input == NULL || rq->signature == NULL ||
		strlen(rq->signature_input) > HTTPSIG_BASE_MOST)
		return ERR_BAD_REQUEST;
	struct sf s = sf_of(bytes_of_text(rq->signature_input));

	if (!read_label(&s))
		return ERR_BAD_REQUEST;
	struct bytes params = bytes_of(s.at, (size_t)(s.end - s.at));
	enum err e = read_params(a, &s, &sig);

	if (e == OK)
		e = read_signature(a, rq->signature, &sig.signature);
	if (e == OK)
		e = base_of(a, rq, params, &sig.base);
	if (e == OK)
		*ret = sig;
	return e;
}

enum err httpsig_digest(struct arena *a, struct bytes body, const char **ret_header)
{
	unsigned char digest[SHA256_BYTES];
	enum err e = sha256(body, digest);

	if (e != OK)
		return e;
	const char *text = b64_encode(a, bytes_of(digest, sizeof(digest)));
	const char *header = text != NULL ? arena_printf(a, "sha-256=:%s:", text) : NULL;

	if (header == NULL)
		return ERR_NO_MEMORY;
	*ret_header = header;
	return OK;
}

enum err httpsig_check_digest(struct arena *a, const char *header, struct bytes body)
{
	unsigned char digest[SHA256_BYTES];
	struct sf s = sf_of(header != NULL ? bytes_of_text(header) : bytes_of(NULL, 0));
	struct bytes name;
	struct bytes claimed;

	if (!sf_key(&s, &name) || !bytes_equal(name, bytes_of_text("sha-256")) || !sf_char(&s, '='))
		return ERR_BAD_DIGEST;
	enum err e = sf_bytes(a, &s, &claimed);

	if (e != OK || !sf_end(&s))
		return e == ERR_NO_MEMORY ? e : ERR_BAD_DIGEST;
	e = sha256(body, digest);
	if (e != OK)
		return e;
	return bytes_equal(claimed, bytes_of(digest, sizeof(digest))) ? OK : ERR_BAD_DIGEST;
}

enum err httpsig_nonce(int64_t now, unsigned char ret_nonce[HTTPSIG_NONCE_BYTES])
{
	unsigned char random[HTTPSIG_NONCE_BYTES - 6];
	enum err e = random_bytes(random, sizeof(random));

	if (e != OK)
		return e;
	for (int i = 0; i < 6; i++)
		ret_nonce[i] = (unsigned char)((uint64_t)now >> (40 - 8 * i));
	memcpy(ret_nonce + 6, random, sizeof(random));
	return OK;
}

static enum err write_params(struct arena *a, const struct httpsig *sig, struct bytes *ret_params)
{
	const char *nonce = b64url_encode(a, sig->nonce);
	struct buf b;

	if (nonce == NULL)
		return ERR_NO_MEMORY;
	buf_init(&b, a);
	for (size_t i = 0; i < COUNT_OF(covered); i++)
		buf_printf(&b, "%s\"%s\"", i == 0 ? "(" : " ", covered[i].name);
	buf_printf(&b,
		");created=%lld;expires=%lld;nonce=\"%s\";keyid=\"%s\";alg=\"%s\";tag=\"" TAG "\"",
		(long long)sig->created, (long long)sig->expires, nonce, sig->keyid, sig->alg);
	return buf_end(&b, ret_params);
}

enum err httpsig_sign(struct arena *a, struct httpsig_request *rq, const struct key *key,
	const char *keyid, int64_t created, int64_t expires,
	const unsigned char nonce[HTTPSIG_NONCE_BYTES], struct httpsig *ret)
{
	struct httpsig sig = {.created = created, .expires = expires, .alg = key_alg(key)};
	struct httpsig_request signed_rq = *rq;
	struct bytes params;

	sig.nonce = bytes_of(nonce, HTTPSIG_NONCE_BYTES);
	sig.keyid = keyid;
	enum err e = write_params(a, &sig, &params);

	if (e == OK)
		e = base_of(a, rq, params, &sig.base);
	if (e == OK)
		e = key_sign(a, key, sig.base, &sig.signature);
	if (e != OK)
		return e;
	const char *text = b64_encode(a, sig.signature);

	if (text == NULL)
		return ERR_NO_MEMORY;
	signed_rq.signature_input = arena_printf(a, LABEL "=%s", (const char *)params.data);
	signed_rq.signature = arena_printf(a, LABEL "=:%s:", text);
	if (signed_rq.signature_input == NULL || signed_rq.signature == NULL)
		return ERR_NO_MEMORY;
	/* Read back: what leaves is what the other end would accept, in this arena's memory. */
	e = httpsig_parse(a, &signed_rq, &sig);
	if (e != OK)
		return e;
	*rq = signed_rq;
	*ret = sig;
	return OK;
}

/* The value of the line `"name": value\n` that begins at the cursor. */
static bool read_line(struct sf *s, const char *name, struct bytes *ret_value)
{
	size_t size = strlen(name);
	size_t left = (size_t)(s->end - s->at);

	if (!sf_char(s, '"') || left < size + 5 || memcmp(s->at, name, size) != 0)
		return false;
	s->at += size;
	if (!sf_char(s, '"') || !sf_char(s, ':') || !sf_char(s, ' '))
		return false;
	const unsigned char *from = s->at;

	while (!sf_end(s) && !sf_next(s, '\n'))
		s->at++;
	*ret_value = bytes_of(from, (size_t)(s->at - from));
	return true;
}

static enum err read_base(
	struct arena *a, struct bytes base, struct httpsig_request *to, struct httpsig *sig)
{
	struct sf s = sf_of(base);
	struct bytes params;
	struct bytes again;

	for (size_t i = 0; i < COUNT_OF(covered); i++) {
		struct bytes value;

		if (!read_line(&s, covered[i].name, &value) || !sf_char(&s, '\n'))
			return ERR_BAD_EVIDENCE;
		const char *text = arena_copy(a, value.data, value.size);

		if (text == NULL)
			return ERR_NO_MEMORY;
		memcpy((char *)to + covered[i].offset, &text, sizeof(text));
	}
	if (!read_line(&s, "@signature-params", &params))
		return ERR_BAD_EVIDENCE;
	s = sf_of(params);
	/* Made again it must be the same: no byte behind it, no NUL within. */
	enum err e = read_params(a, &s, sig);

	if (e == OK)
		e = base_of(a, to, params, &again);
	if (e == OK)
		e = bytes_equal(again, base) ? OK : ERR_BAD_EVIDENCE;
	return e == ERR_BAD_REQUEST ? ERR_BAD_EVIDENCE : e;
}

enum err httpsig_base_read(
	struct arena *a, struct bytes base, struct httpsig_request *ret_rq, struct httpsig *ret_sig)
{
	struct httpsig_request rq = {0};
	struct httpsig sig = {.base = base};
	enum err e =
		base.size <= HTTPSIG_BASE_MOST ? read_base(a, base, &rq, &sig) : ERR_BAD_EVIDENCE;

	if (e == OK) {
		*ret_rq = rq;
		*ret_sig = sig;
	}
	return e;
}

enum err httpsig_base_digest(struct arena *a, struct bytes base, const char **ret_digest)
{
	struct httpsig_request rq;
	struct httpsig sig;
	enum err e = httpsig_base_read(a, base, &rq, &sig);

	if (e == OK)
		*ret_digest = rq.content_digest;
	return e;
}
