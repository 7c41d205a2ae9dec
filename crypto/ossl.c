#include "crypto/ossl.h"

#include <time.h>
#include <openssl/err.h>

/* OpenSSL's lengths are long; no certificate comes near this. */
#define MOST_BYTES (1024 * 1024)

enum err ossl_error_of(const struct ossl_case *cases, size_t n, enum err otherwise)
{
	enum err e = otherwise;
	bool known = false;
	unsigned long code;

	while ((code = ERR_get_error()) != 0) {
		if (ERR_GET_REASON(code) == ERR_R_MALLOC_FAILURE) {
			ERR_clear_error();
			return ERR_NO_MEMORY;
		}
		for (size_t i = 0; i < n && !known; i++) {
			known = ERR_GET_LIB(code) == cases[i].library &&
				ERR_GET_REASON(code) == cases[i].reason;
			e = known ? cases[i].err : e;
		}
	}
	return e;
}

enum err ossl_error(enum err otherwise)
{
	return ossl_error_of(NULL, 0, otherwise);
}

/*
 * Where memory ends while the public key is decoded, the certificate comes without it and no error
 * is left: what has none is read twice.
 */
static X509 *read_x509(const unsigned char **p, long size)
{
	const unsigned char *from = *p;
	X509 *x = d2i_X509(NULL, p, size);

	if (x == NULL || X509_get0_pubkey(x) != NULL)
		return x;
	ERR_clear_error();
	X509_free(x);
	*p = from;
	return d2i_X509(NULL, p, size);
}

enum err ossl_x509(struct bytes der, X509 **ret)
{
	const unsigned char *p = der.data;

	if (der.size == 0 || der.size > MOST_BYTES)
		return ERR_BAD_CERT;
	ERR_clear_error();

	AUTO(x509) x = read_x509(&p, (long)der.size);

	if (x == NULL)
		return ossl_error(ERR_BAD_CERT);
	if (p != der.data + der.size)
		return ERR_BAD_CERT;
	*ret = STEAL(x);
	return OK;
}

enum err ossl_issued(X509 *x, X509 *issuer)
{
	EVP_PKEY *key = X509_get0_pubkey(issuer);

	if (X509_NAME_cmp(X509_get_issuer_name(x), X509_get_subject_name(issuer)) != 0)
		return ERR_CERT_UNTRUSTED;
	if (key == NULL)
		return ossl_error(ERR_CERT_UNTRUSTED);
	/* OpenSSL does not always say that memory ended: a no is asked for twice. */
	if (X509_verify(x, key) != 1 && X509_verify(x, key) != 1)
		return ossl_error(ERR_CERT_UNTRUSTED);
	ERR_clear_error();
	return OK;
}

enum err ossl_time(const ASN1_TIME *t, int64_t *ret)
{
	struct tm tm = {0};

	if (t == NULL || ASN1_TIME_to_tm(t, &tm) != 1)
		return ossl_error(ERR_BAD_CERT);
	*ret = (int64_t)timegm(&tm) * 1000;
	return OK;
}
