/*
 * What the files of crypto/ share about OpenSSL: destructors for AUTO, and its error queue, which
 * never reaches a person and never outlives a call of ours.
 */
#ifndef CRYPTO_OSSL_H
#define CRYPTO_OSSL_H

#include <stdint.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include "base/bytes.h"
#include "base/err.h"

AUTO_TYPE(x509, X509, X509_free);
AUTO_TYPE(pkey, EVP_PKEY, EVP_PKEY_free);
AUTO_TYPE(pkey_ctx, EVP_PKEY_CTX, EVP_PKEY_CTX_free);
AUTO_TYPE(md_ctx, EVP_MD_CTX, EVP_MD_CTX_free);
AUTO_TYPE(bn, BIGNUM, BN_free);
AUTO_TYPE(bio, BIO, BIO_free_all);

/* ERR_NO_MEMORY where the queue tells of it, else `otherwise`. The queue is emptied. */
enum err ossl_error(enum err otherwise) MUST_CHECK;
/* What an OpenSSL error means to us; the first row that the queue holds wins over `otherwise`. */
struct ossl_case {
	int library;
	int reason;
	enum err err;
};
enum err ossl_error_of(const struct ossl_case *cases, size_t n, enum err otherwise) MUST_CHECK;
/* The certificate of exactly these DER bytes; ERR_BAD_CERT. */
enum err ossl_x509(struct bytes der, X509 **ret) MUST_CHECK;
/*
 * Whether `issuer` made x: its name by X509_NAME_cmp (SAT's AC6 reads wrong as text), and, as
 * several authorities may share a name, its signature. ERR_CERT_UNTRUSTED.
 */
enum err ossl_issued(X509 *x, X509 *issuer) MUST_CHECK;
/* ms UTC; ERR_BAD_CERT for a time that is none. */
enum err ossl_time(const ASN1_TIME *t, int64_t *ret) MUST_CHECK;

#endif
