/*
 * A file given as certificate: any bytes. What is read keeps its promises.
 */
#include <stdlib.h>
#include "base/utf8.h"
#include "crypto/cert.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	ARENA(a, 1024 * 1024);
	struct cert c;
	struct cert again;

	if (cert_read(&a, bytes_of(data, size), &c) != OK)
		return 0;
	must(strlen(c.thumbprint) == 43);
	must(utf8_valid(c.name, strlen(c.name)) && utf8_valid(c.rfc, strlen(c.rfc)));
	must(c.rsa_bits <= c.rsa_n.size * 8);
	/* The DER that was found is a certificate by itself, and the same. */
	must(cert_read(&a, c.der, &again) == OK);
	must(strcmp(c.thumbprint, again.thumbprint) == 0 && strcmp(c.rfc, again.rfc) == 0);
	(void)!cert_check_efirma(&c, c.not_before);
	return 0;
}
