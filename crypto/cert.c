#include "crypto/cert.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include "base/b64.h"
#include "base/utf8.h"
#include "crypto/form.h"
#include "crypto/ossl.h"
#include "crypto/rfc.h"
#include "crypto/sha.h"

#define EFIRMA_USAGE                                                                               \
	(KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION | KU_DATA_ENCIPHERMENT | KU_KEY_AGREEMENT)
#define CSD_USAGE (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)
#define SAT_SERIAL 20 /* ASCII digits of a NoCertificado */
#define RSA_E 65537
#define MOST_RSA_BYTES 1024 /* 8192 bits: more is read by nobody */
#define LEAST_BITS 2048
#define MOST_BITS 4096

/* Our own destructor: OPENSSL_free is a macro. */
static void utf8_free(unsigned char *text)
{
	OPENSSL_free(text);
}
AUTO_TYPE(utf8, unsigned char, utf8_free);

static void sequence_free(ASN1_SEQUENCE_ANY *s)
{
	sk_ASN1_TYPE_pop_free(s, ASN1_TYPE_free);
}
AUTO_TYPE(sequence, ASN1_SEQUENCE_ANY, sequence_free);

/*
 * The first value of the attribute as UTF-8, "" where there is none. T61String is read as Latin-1,
 * which is what SAT writes in it. ERR_BAD_CERT for a NUL inside.
 */
static enum err attribute(struct arena *a, const X509_NAME *name, int nid, const char **ret)
{
	int at = X509_NAME_get_index_by_NID((X509_NAME *)name, nid, -1);
	AUTO(utf8) raw = NULL;

	*ret = "";
	if (at < 0)
		return OK;

	int size =
		ASN1_STRING_to_UTF8(&raw, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));

	if (size < 0) { /* a kind of value that is no text: not a name for us */
		enum err e = ossl_error(OK);

		return e;
	}
	if (memchr(raw, '\0', (size_t)size) != NULL || !utf8_valid((char *)raw, (size_t)size))
		return ERR_BAD_CERT;

	char *copy = arena_copy(a, raw, (size_t)size);

	if (copy == NULL)
		return ERR_NO_MEMORY;
	*ret = copy;
	return OK;
}

/* The same, harmless on a terminal. */
static enum err shown(struct arena *a, const X509_NAME *name, int nid, const char **ret)
{
	const char *text = "";
	enum err e = attribute(a, name, nid, &text);

	if (e != OK)
		return e;

	const char *clean = utf8_clean(a, text);

	if (clean == NULL)
		return ERR_NO_MEMORY;
	*ret = clean;
	return OK;
}

static const char *trim(struct arena *a, const char *from, size_t size)
{
	while (size != 0 && *from == ' ') {
		from++;
		size--;
	}
	while (size != 0 && from[size - 1] == ' ')
		size--;
	return arena_copy(a, from, size);
}

/* `first / second`, each trimmed; no slash: second is "". */
static enum err split(struct arena *a, const char *text, const char **first, const char **second)
{
	const char *slash = strchr(text, '/');
	size_t size = slash != NULL ? (size_t)(slash - text) : strlen(text);

	*first = trim(a, text, size);
	*second = slash != NULL ? trim(a, slash + 1, strlen(slash + 1)) : "";
	return *first != NULL && *second != NULL ? OK : ERR_NO_MEMORY;
}

/*
 * Two of them would make two readers see two holders, and so would a character that cleaning drops:
 * no certificate of SAT's has either.
 */
static enum err read_holder(struct arena *a, const X509_NAME *name, struct cert *c)
{
	X509_NAME *n = (X509_NAME *)name;
	const char *id = "";
	int first = X509_NAME_get_index_by_NID(n, NID_x500UniqueIdentifier, -1);

	if (first >= 0 && X509_NAME_get_index_by_NID(n, NID_x500UniqueIdentifier, first) >= 0)
		return ERR_BAD_CERT;

	enum err e = attribute(a, name, NID_x500UniqueIdentifier, &id);

	if (e != OK)
		return e;

	const char *clean = utf8_clean(a, id);

	if (clean == NULL)
		return ERR_NO_MEMORY;
	if (strcmp(clean, id) != 0)
		return ERR_BAD_CERT;
	return split(a, id, &c->rfc, &c->representative);
}

static enum err read_subject(struct arena *a, X509 *x, struct cert *c)
{
	const X509_NAME *name = X509_get_subject_name(x);
	const X509_NAME *issuer = X509_get_issuer_name(x);
	const char *number = "";
	const char *before = "";
	const char *after = "";
	enum err e = read_holder(a, name, c);

	if (e == OK)
		e = shown(a, name, NID_commonName, &c->name);
	if (e == OK)
		e = shown(a, name, NID_pkcs9_emailAddress, &c->email);
	if (e == OK)
		e = shown(a, issuer, NID_commonName, &c->issuer_name);
	if (e == OK && c->issuer_name[0] == '\0')
		e = shown(a, issuer, NID_organizationName, &c->issuer_name);
	if (e == OK)
		e = shown(a, name, NID_serialNumber, &number);
	if (e == OK)
		e = split(a, number, &before, &after);
	/* A persona física's CURP stands alone, a moral's behind a slash. */
	c->curp = strchr(number, '/') != NULL ? after : before;
	return e;
}

static enum err read_serial(struct arena *a, X509 *x, struct cert *c)
{
	AUTO(utf8) der = NULL;
	int size = i2d_ASN1_INTEGER(X509_get0_serialNumber(x), &der);
	const unsigned char *p = der;
	long length = 0;
	int tag;
	int class;

	if (size < 0)
		return ossl_error(ERR_BAD_CERT);
	if (ASN1_get_object(&p, &length, &tag, &class, size) & 0x80)
		return ossl_error(ERR_BAD_CERT);

	const unsigned char *copy = arena_copy(a, p, (size_t)length);
	bool digits = length == SAT_SERIAL;

	if (copy == NULL)
		return ERR_NO_MEMORY;
	c->serial_der = bytes_of(copy, (size_t)length);
	for (long i = 0; i < length && digits; i++)
		digits = copy[i] >= '0' && copy[i] <= '9';
	c->serial = digits ? (const char *)copy : hex_encode(a, c->serial_der);
	return c->serial != NULL ? OK : ERR_NO_MEMORY;
}

static enum err copy_integer(struct arena *a, const ASN1_TYPE *t, struct bytes *ret)
{
	if (t == NULL || t->type != V_ASN1_INTEGER)
		return ERR_BAD_CERT;

	size_t size = (size_t)ASN1_STRING_length(t->value.integer);
	const void *copy = arena_copy(a, ASN1_STRING_get0_data(t->value.integer), size);

	if (copy == NULL)
		return ERR_NO_MEMORY;
	*ret = bytes_of(copy, size);
	return OK;
}

/*
 * RSAPublicKey (RFC 8017 appendix A.1.1), read by itself: X509_get0_pubkey answers "no key" also
 * when memory ended. Another kind of key leaves rsa_bits 0.
 */
static enum err read_rsa(struct arena *a, X509 *x, struct cert *c)
{
	const unsigned char *p = NULL;
	ASN1_OBJECT *kind = NULL;
	int size = 0;
	struct bytes exponent = {0};

	if (X509_PUBKEY_get0_param(&kind, &p, &size, NULL, X509_get_X509_PUBKEY(x)) != 1)
		return ossl_error(ERR_BAD_CERT);
	if (OBJ_obj2nid(kind) != NID_rsaEncryption)
		return OK;

	AUTO(sequence) pair = d2i_ASN1_SEQUENCE_ANY(NULL, &p, size);

	if (pair == NULL)
		return ossl_error(ERR_BAD_CERT);
	if (sk_ASN1_TYPE_num(pair) != 2)
		return ERR_BAD_CERT;

	enum err e = copy_integer(a, sk_ASN1_TYPE_value(pair, 0), &c->rsa_n);

	if (e == OK)
		e = copy_integer(a, sk_ASN1_TYPE_value(pair, 1), &exponent);
	if (e != OK)
		return e;
	if (c->rsa_n.size == 0 || c->rsa_n.size > MOST_RSA_BYTES)
		return ERR_BAD_CERT;
	c->rsa_bits = (unsigned)(c->rsa_n.size - 1) * 8;
	for (unsigned top = c->rsa_n.data[0]; top != 0; top >>= 1)
		c->rsa_bits++;
	if (exponent.size <= sizeof(c->rsa_e))
		for (size_t i = 0; i < exponent.size; i++)
			c->rsa_e = c->rsa_e << 8 | exponent.data[i];
	return OK;
}

/*
 * The rule that tells all of SAT's apart. Counting extensions or asking only whether OU is empty
 * does not.
 */
static enum err read_kind(X509 *x, struct cert *c)
{
	uint32_t flags = X509_get_extension_flags(x);
	uint32_t usage = X509_get_key_usage(x);
	uint32_t extended = X509_get_extended_key_usage(x); /* UINT32_MAX: there is none */
	uint32_t asked = XKU_SMIME | XKU_SSL_CLIENT;
	bool has_extended = (flags & EXFLAG_XKUSAGE) != 0;
	bool unit = X509_NAME_get_index_by_NID(
			    X509_get_subject_name(x), NID_organizationalUnitName, -1) >= 0;

	if ((flags & EXFLAG_INVALID) != 0)
		return ossl_error(ERR_BAD_CERT);
	c->ocsp_signing = has_extended && (extended & XKU_OCSP_SIGN) != 0;
	if ((flags & EXFLAG_CA) != 0)
		c->kind = CERT_CA;
	else if (usage == EFIRMA_USAGE && has_extended && (extended & asked) == asked && !unit)
		c->kind = CERT_EFIRMA;
	else if (usage == CSD_USAGE && !has_extended && unit)
		c->kind = CERT_CSD;
	return OK;
}

static enum err read_der(struct arena *a, struct bytes der, struct cert *c)
{
	AUTO(x509) x = NULL;
	enum err e = ossl_x509(der, &x);

	if (e != OK)
		return e;

	const unsigned char *copy = arena_copy(a, der.data, der.size);

	if (copy == NULL)
		return ERR_NO_MEMORY;
	c->der = bytes_of(copy, der.size);
	e = sha256_b64url(a, c->der, &c->thumbprint);
	if (e == OK)
		e = read_kind(x, c);
	if (e == OK)
		e = read_subject(a, x, c);
	if (e == OK)
		e = read_serial(a, x, c);
	if (e == OK)
		e = ossl_time(X509_get0_notBefore(x), &c->not_before);
	if (e == OK)
		e = ossl_time(X509_get0_notAfter(x), &c->not_after);
	return e == OK ? read_rsa(a, x, c) : e;
}

enum err cert_read(struct arena *a, struct bytes file, struct cert *ret)
{
	SECRET(room);
	struct form f;
	struct cert c = {.kind = CERT_OTHER};
	const struct cert blank = c;
	enum err e = form_read(file, FORM_CERT, &room, &f);

	if (e != OK)
		return e;
	if (f.kind == FORM_PFX)
		return ERR_PFX;
	if (f.kind == FORM_KEY || f.kind == FORM_KEY_ENCRYPTED || f.kind == FORM_KEY_OLD_PEM)
		return ERR_SWAPPED_KEY;
	if (f.kind != FORM_CERT || !f.whole)
		return ERR_BAD_CERT;
	e = read_der(a, f.der, &c);
	if (e == ERR_BAD_CERT) {
		/* OpenSSL reads extensions behind our back and hides want of memory there: only
		 * what fails twice is the file's fault. */
		c = blank;
		e = read_der(a, f.der, &c);
	}
	if (e == OK)
		*ret = c;
	return e;
}

enum err cert_check_efirma(const struct cert *c, int64_t at)
{
	if (c->kind == CERT_CSD)
		return ERR_CSD;
	if (c->kind != CERT_EFIRMA || rfc_kind(c->rfc) == RFC_NONE)
		return ERR_NOT_EFIRMA;
	if (c->rsa_bits < LEAST_BITS || c->rsa_bits > MOST_BITS || c->rsa_e != RSA_E)
		return ERR_WEAK_KEY;
	if (at < c->not_before)
		return ERR_CERT_NOT_YET;
	/* In force to the end of that second. */
	if (at >= c->not_after + 1000)
		return ERR_CERT_EXPIRED;
	return OK;
}
