#include "crypto/trust.h"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include "base/file.h"
#include "base/mem.h"
#include "crypto/ossl.h"

#define ARENA_BYTES (4 * 1024 * 1024)
#define FILE_BYTES (64 * 1024)

/* Certificates of one of the folders; both arrays have `count` members. */
struct shelf {
	struct cert *certs;
	X509 **x509;
	size_t count;
};

struct trust {
	struct arena arena;
	struct shelf roots;
	struct shelf issuers;
	struct shelf seals;
	struct shelf responders;
	struct bytes *responder_ders;
	bool test;
};

typedef STACK_OF(X509) x509_stack;
/* The stack only: the certificates belong to the shelves. */
static void stack_free(x509_stack *s)
{
	sk_X509_free(s);
}
AUTO_TYPE(stack, x509_stack, stack_free);
AUTO_TYPE(store_ctx, X509_STORE_CTX, X509_STORE_CTX_free);

static void shelf_free(struct shelf *s)
{
	for (size_t i = 0; i < s->count; i++)
		X509_free(s->x509[i]);
}

void trust_free(struct trust *t)
{
	if (t == NULL)
		return;
	shelf_free(&t->roots);
	shelf_free(&t->issuers);
	shelf_free(&t->seals);
	shelf_free(&t->responders);
	arena_free(&t->arena);
	mem_free(t);
}

static enum err shelf_add(struct arena *a, struct shelf *s, const char *path)
{
	struct bytes file;
	enum err e = file_read(a, path, FILE_BYTES, &file);

	if (e == ERR_TOO_LARGE)
		return ERR_BAD_CERT;
	if (e == OK)
		e = cert_read(a, file, &s->certs[s->count]);
	if (e == OK)
		e = ossl_x509(s->certs[s->count].der, &s->x509[s->count]);
	if (e != OK)
		return e == ERR_NO_MEMORY || e == ERR_IO || e == ERR_NO_FILE ? e : ERR_BAD_CERT;
	/* Whatever OpenSSL computes on first use is computed now: threads only read. */
	(void)X509_check_purpose(s->x509[s->count], -1, 0);
	s->count++;
	return ossl_error(OK);
}

/* A folder that is missing is an empty one. */
static enum err shelf_fill(struct arena *a, const char *folder, const char *name, struct shelf *s)
{
	const char *path = arena_printf(a, "%s/%s", folder, name);
	char **names = NULL;
	size_t count = 0;

	if (path == NULL)
		return ERR_NO_MEMORY;

	enum err e = file_list(a, path, "", &names, &count);

	if (e == ERR_NO_FILE)
		return OK;
	if (e != OK)
		return e;
	s->certs = arena_array(a, count, sizeof(*s->certs));
	s->x509 = arena_array(a, count, sizeof(X509 *));
	if (s->certs == NULL || s->x509 == NULL)
		return ERR_NO_MEMORY;
	for (size_t i = 0; i < count && e == OK; i++) {
		const char *file = arena_printf(a, "%s/%s", path, names[i]);

		e = file != NULL ? shelf_add(a, s, file) : ERR_NO_MEMORY;
	}
	return e;
}

static enum err check_roots(struct trust *t)
{
	size_t tests = 0;

	for (size_t i = 0; i < t->roots.count; i++) {
		const struct cert *c = &t->roots.certs[i];

		if (c->kind != CERT_CA || X509_self_signed(t->roots.x509[i], 1) != 1)
			return ossl_error(ERR_BAD_CERT);
		tests += strstr(c->name, "PRUEBA") != NULL;
	}
	if (t->roots.count == 0)
		return ERR_NO_FILE;
	if (tests != 0 && tests != t->roots.count)
		return ERR_CONFIG;
	t->test = tests != 0;
	return OK;
}

static enum err check_issuers(const struct trust *t)
{
	for (size_t i = 0; i < t->issuers.count; i++)
		if (t->issuers.certs[i].kind != CERT_CA)
			return ERR_BAD_CERT;
	return OK;
}

static enum err list_responders(struct trust *t)
{
	t->responder_ders = arena_array(&t->arena, t->responders.count, sizeof(*t->responder_ders));
	if (t->responder_ders == NULL)
		return ERR_NO_MEMORY;
	for (size_t i = 0; i < t->responders.count; i++)
		t->responder_ders[i] = t->responders.certs[i].der;
	return OK;
}

static enum err open_once(const char *folder, struct trust **ret)
{
	AUTO(trust) t = mem_zalloc(sizeof(*t));

	if (t == NULL)
		return ERR_NO_MEMORY;
	arena_init(&t->arena, ARENA_BYTES);

	enum err e = shelf_fill(&t->arena, folder, "raices", &t->roots);

	if (e == OK)
		e = shelf_fill(&t->arena, folder, "emisores", &t->issuers);
	if (e == OK)
		e = shelf_fill(&t->arena, folder, "sellos", &t->seals);
	if (e == OK)
		e = shelf_fill(&t->arena, folder, "ocsp", &t->responders);
	if (e == OK)
		e = check_roots(t);
	if (e == OK)
		e = check_issuers(t);
	if (e == OK)
		e = list_responders(t);
	if (e == OK)
		*ret = STEAL(t);
	return e;
}

enum err trust_open(const char *folder, struct trust **ret)
{
	enum err e = open_once(folder, ret);

	/* As in trust_verify. */
	return e == ERR_BAD_CERT ? open_once(folder, ret) : e;
}

bool trust_is_test(const struct trust *t)
{
	return t->test;
}

const struct bytes *trust_responders(const struct trust *t, size_t *ret_count)
{
	*ret_count = t->responders.count;
	return t->responder_ders;
}

/* The chain x, issuer, root and no other, as of `at`. */
static enum err verify_path(X509 *x, X509 *issuer, X509 *root, int64_t at)
{
	AUTO(stack) roots = sk_X509_new_null();
	AUTO(stack) between = sk_X509_new_null();
	AUTO(store_ctx) ctx = X509_STORE_CTX_new();

	if (roots == NULL || between == NULL || ctx == NULL || sk_X509_push(roots, root) <= 0 ||
		sk_X509_push(between, issuer) <= 0 ||
		X509_STORE_CTX_init(ctx, NULL, x, between) != 1)
		return ossl_error(ERR_NO_MEMORY);
	X509_STORE_CTX_set0_trusted_stack(ctx, roots);
	X509_STORE_CTX_set_time(ctx, 0, (time_t)(at / 1000));
	/* SAT's certificates have no key identifiers: strict checks would refuse them all. */
	if (X509_STORE_CTX_set_purpose(ctx, X509_PURPOSE_ANY) != 1)
		return ossl_error(ERR_NO_MEMORY);
	if (X509_verify_cert(ctx) == 1)
		return ossl_error(OK);
	return X509_STORE_CTX_get_error(ctx) == X509_V_ERR_OUT_OF_MEM
		       ? ossl_error(ERR_NO_MEMORY)
		       : ossl_error(ERR_CERT_UNTRUSTED);
}

static enum err verify_under(const struct trust *t, X509 *x, X509 *issuer, int64_t at)
{
	enum err e = ossl_issued(x, issuer);

	if (e != OK)
		return e;
	e = ERR_CERT_UNTRUSTED;
	for (size_t i = 0; i < t->roots.count && e == ERR_CERT_UNTRUSTED; i++) {
		e = ossl_issued(issuer, t->roots.x509[i]);
		if (e == OK)
			e = verify_path(x, issuer, t->roots.x509[i], at);
	}
	return e;
}

static enum err verify_once(
	const struct trust *t, struct bytes cert_der, int64_t at, struct bytes *ret_issuer)
{
	AUTO(x509) x = NULL;
	enum err e = ossl_x509(cert_der, &x);

	if (e != OK)
		return e == ERR_BAD_CERT ? ERR_CERT_UNTRUSTED : e;
	e = ERR_CERT_UNTRUSTED;
	for (size_t i = 0; i < t->issuers.count && e == ERR_CERT_UNTRUSTED; i++) {
		e = verify_under(t, x, t->issuers.x509[i], at);
		if (e == OK && ret_issuer != NULL)
			*ret_issuer = t->issuers.certs[i].der;
	}
	return e;
}

enum err trust_verify(
	const struct trust *t, struct bytes cert_der, int64_t at, struct bytes *ret_issuer)
{
	enum err e = verify_once(t, cert_der, at, ret_issuer);

	/* OpenSSL hides want of memory here: only what fails twice is the certificate's fault. */
	return e == ERR_CERT_UNTRUSTED ? verify_once(t, cert_der, at, ret_issuer) : e;
}

/*
 * Each bound that lies behind `at`, so the number only grows with time. The last second counts as a
 * time of its own: OpenSSL ends a certificate at its beginning.
 */
static size_t bounds_behind(const struct shelf *s, int64_t at)
{
	size_t n = 0;

	for (size_t i = 0; i < s->count; i++)
		n += (size_t)(s->certs[i].not_before <= at) +
		     (size_t)(s->certs[i].not_after <= at) +
		     (size_t)(s->certs[i].not_after + 1000 <= at);
	return n;
}

size_t trust_epoch(const struct trust *t, int64_t at)
{
	return bounds_behind(&t->roots, at) + bounds_behind(&t->issuers, at);
}

bool trust_has_issuer(const struct trust *t, struct bytes der)
{
	size_t i = 0;

	while (i < t->issuers.count && !bytes_equal(t->issuers.certs[i].der, der))
		i++;
	return i < t->issuers.count;
}

enum err trust_seal(const struct trust *t, const char *thumbprint, int64_t at, struct arena *a,
	struct cert *ret)
{
	for (size_t i = 0; i < t->seals.count; i++) {
		const struct cert *c = &t->seals.certs[i];

		if (strcmp(c->thumbprint, thumbprint) != 0)
			continue;
		if (at < c->not_before || at >= c->not_after + 1000)
			return ERR_CERT_UNTRUSTED;
		return cert_read(a, c->der, ret);
	}
	return ERR_CERT_UNTRUSTED;
}
