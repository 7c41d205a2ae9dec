#include "crypto/ocsp.h"

#include <openssl/err.h>
#include <openssl/ocsp.h>
#include <openssl/x509v3.h>
#include "crypto/ossl.h"

#define SKEW (5 * 60 * INT64_C(1000))
#define DEFAULT_LIFE (60 * INT64_C(1000))
#define MOST_BYTES (256 * 1024)

AUTO_TYPE(request, OCSP_REQUEST, OCSP_REQUEST_free);
AUTO_TYPE(response, OCSP_RESPONSE, OCSP_RESPONSE_free);
AUTO_TYPE(basic, OCSP_BASICRESP, OCSP_BASICRESP_free);
AUTO_TYPE(cert_id, OCSP_CERTID, OCSP_CERTID_free);

typedef STACK_OF(X509) x509_stack;
/* The stack only: the certificates belong to others. */
static void stack_free(x509_stack *s)
{
	sk_X509_free(s);
}
AUTO_TYPE(stack, x509_stack, stack_free);

static void octets_free(unsigned char *p)
{
	OPENSSL_free(p);
}
AUTO_TYPE(octets, unsigned char, octets_free);

enum err ocsp_request(
	struct arena *a, struct bytes cert_der, struct bytes issuer_der, struct bytes *ret_der)
{
	AUTO(x509) x = NULL;
	AUTO(x509) issuer = NULL;
	AUTO(octets) der = NULL;
	enum err e = ossl_x509(cert_der, &x);

	if (e == OK)
		e = ossl_x509(issuer_der, &issuer);
	if (e != OK)
		return e;

	AUTO(request) r = OCSP_REQUEST_new();
	AUTO(cert_id) id = OCSP_cert_to_id(EVP_sha1(), x, issuer);

	if (r == NULL || id == NULL || OCSP_request_add0_id(r, id) == NULL)
		return ossl_error(ERR_NO_MEMORY);
	id = NULL; /* now the request's */

	int size = i2d_OCSP_REQUEST(r, &der);

	if (size <= 0)
		return ossl_error(ERR_NO_MEMORY);

	const unsigned char *copy = arena_copy(a, der, (size_t)size);

	if (copy == NULL)
		return ERR_NO_MEMORY;
	*ret_der = bytes_of(copy, (size_t)size);
	return OK;
}

/* Whether the answer names `signer` and carries its signature. Its right to sign is asked
 * elsewhere. */
static enum err signed_by(OCSP_BASICRESP *basic, X509 *signer)
{
	AUTO(stack) one = sk_X509_new_null();

	if (one == NULL || sk_X509_push(one, signer) <= 0)
		return ossl_error(ERR_NO_MEMORY);
	if (OCSP_basic_verify(basic, one, NULL, OCSP_NOINTERN | OCSP_TRUSTOTHER) == 1)
		return ossl_error(OK);
	return ossl_error(ERR_OCSP);
}

static enum err in_force(X509 *x, int64_t at)
{
	int64_t from;
	int64_t to;
	enum err e = ossl_time(X509_get0_notBefore(x), &from);

	if (e == OK)
		e = ossl_time(X509_get0_notAfter(x), &to);
	if (e != OK)
		return e == ERR_BAD_CERT ? ERR_OCSP : e;
	return at >= from && at < to + 1000 ? OK : ERR_OCSP;
}

/* RFC 6960 section 4.2.2.2: made by that very issuer, for this. */
static enum err check_delegate(X509 *x, X509 *issuer, int64_t at)
{
	bool may = (X509_get_extension_flags(x) & EXFLAG_XKUSAGE) != 0 &&
		   (X509_get_extended_key_usage(x) & XKU_OCSP_SIGN) != 0;

	enum err e = may ? ossl_issued(x, issuer) : ERR_CERT_UNTRUSTED;

	if (e != OK)
		return e == ERR_NO_MEMORY ? e : ossl_error(ERR_OCSP);
	return in_force(x, at);
}

static enum err try_delegates(OCSP_BASICRESP *basic, X509 *issuer, int64_t at)
{
	const x509_stack *sent = OCSP_resp_get0_certs(basic);
	enum err e = ERR_OCSP;

	for (int i = 0; i < sk_X509_num(sent) && e == ERR_OCSP; i++) {
		X509 *x = sk_X509_value(sent, i);

		e = check_delegate(x, issuer, at);
		if (e == OK)
			e = signed_by(basic, x);
	}
	return e;
}

static enum err try_folder(const struct trust *t, OCSP_BASICRESP *basic, int64_t at)
{
	size_t count = 0;
	const struct bytes *ders = trust_responders(t, &count);
	enum err e = ERR_OCSP;

	for (size_t i = 0; i < count && e == ERR_OCSP; i++) {
		AUTO(x509) x = NULL;

		e = ossl_x509(ders[i], &x);
		if (e == OK)
			e = in_force(x, at);
		if (e == OK)
			e = signed_by(basic, x);
	}
	return e;
}

static enum err check_signer(const struct trust *t, OCSP_BASICRESP *basic, X509 *issuer, int64_t at)
{
	enum err e = signed_by(basic, issuer);

	if (e == ERR_OCSP)
		e = try_delegates(basic, issuer, at);
	if (e == ERR_OCSP)
		e = try_folder(t, basic, at);
	return e;
}

static enum err read_times(const ASN1_GENERALIZEDTIME *this_update,
	const ASN1_GENERALIZEDTIME *next_update, struct ocsp_verdict *v)
{
	enum err e = ossl_time(this_update, &v->this_update);

	if (e == OK && next_update != NULL)
		e = ossl_time(next_update, &v->next_update);
	else
		v->next_update = v->this_update + DEFAULT_LIFE;
	return e == ERR_BAD_CERT ? ERR_OCSP : e;
}

static enum err check_times(const struct ocsp_verdict *v, int64_t at)
{
	return v->next_update < v->this_update || v->this_update > at + SKEW ||
			       v->next_update < at - SKEW
		       ? ERR_OCSP
		       : OK;
}

static enum err read_status(OCSP_BASICRESP *basic, X509 *x, X509 *issuer, struct ocsp_verdict *v)
{
	AUTO(cert_id) id = OCSP_cert_to_id(EVP_sha1(), x, issuer);
	ASN1_GENERALIZEDTIME *revoked = NULL;
	ASN1_GENERALIZEDTIME *this_update = NULL;
	ASN1_GENERALIZEDTIME *next_update = NULL;
	int status = V_OCSP_CERTSTATUS_UNKNOWN;
	int reason;

	if (id == NULL)
		return ossl_error(ERR_NO_MEMORY);
	if (OCSP_resp_find_status(
		    basic, id, &status, &reason, &revoked, &this_update, &next_update) != 1)
		return ossl_error(ERR_OCSP);

	enum err e = read_times(this_update, next_update, v);

	if (e != OK)
		return e;
	if (status == V_OCSP_CERTSTATUS_GOOD)
		v->status = OCSP_GOOD;
	if (status != V_OCSP_CERTSTATUS_REVOKED)
		return OK;
	v->status = OCSP_REVOKED;
	e = ossl_time(revoked, &v->revoked_at);
	return e == ERR_BAD_CERT ? ERR_OCSP : e;
}

static enum err open_answer(struct bytes der, OCSP_BASICRESP **ret)
{
	const unsigned char *p = der.data;

	if (der.size == 0 || der.size > MOST_BYTES)
		return ERR_OCSP;
	ERR_clear_error();

	AUTO(response) r = d2i_OCSP_RESPONSE(NULL, &p, (long)der.size);

	if (r == NULL || p != der.data + der.size ||
		OCSP_response_status(r) != OCSP_RESPONSE_STATUS_SUCCESSFUL)
		return ossl_error(ERR_OCSP);

	OCSP_BASICRESP *basic = OCSP_response_get1_basic(r);

	if (basic == NULL)
		return ossl_error(ERR_OCSP);
	*ret = basic;
	return OK;
}

/* at: NULL: when the answer was made. */
static enum err judge(const struct trust *t, struct bytes answer_der, struct bytes cert_der,
	struct bytes issuer_der, const int64_t *at, struct ocsp_verdict *ret)
{
	struct ocsp_verdict v = {.status = OCSP_UNKNOWN};
	AUTO(basic) basic = NULL;
	AUTO(x509) x = NULL;
	AUTO(x509) issuer = NULL;
	enum err e = ossl_x509(cert_der, &x);

	if (e == OK)
		e = ossl_x509(issuer_der, &issuer);
	if (e == OK)
		e = open_answer(answer_der, &basic);
	if (e == OK)
		e = read_status(basic, x, issuer, &v);
	int64_t when = at != NULL ? *at : v.this_update;

	if (e == OK)
		e = check_times(&v, when);
	if (e == OK)
		e = check_signer(t, basic, issuer, when);
	if (e == OK)
		*ret = v;
	return e;
}

enum err ocsp_judge(const struct trust *t, struct bytes answer_der, struct bytes cert_der,
	struct bytes issuer_der, int64_t at, struct ocsp_verdict *ret)
{
	return judge(t, answer_der, cert_der, issuer_der, &at, ret);
}

enum err ocsp_prove(const struct trust *t, struct bytes answer_der, struct bytes cert_der,
	struct bytes issuer_der, struct ocsp_verdict *ret)
{
	enum err e = judge(t, answer_der, cert_der, issuer_der, NULL, ret);

	/* OpenSSL hides want of memory here: only what fails twice is the answer's fault. */
	return e == ERR_OCSP ? judge(t, answer_der, cert_der, issuer_der, NULL, ret) : e;
}
