/*
 * A file given as private key: any bytes, with a password that is wrong or none.
 */
#include <stdlib.h>
#include "crypto/key.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	ARENA(a, 1024 * 1024);
	SECRET(password);
	AUTO(key) k = NULL;
	struct bytes file = bytes_of(data, size);
	struct bytes signature;

	if (secret_set(&password,
		    "contrase\xC3\xB1"
		    "a",
		    11) != OK)
		return 0;
	(void)key_is_encrypted(file);
	if (key_load(file, &password, &k) != OK)
		return 0;
	/* What loads is a private key of a kind we name, and may be asked to sign. */
	if (key_alg(k) == NULL)
		abort();
	(void)!key_sign(&a, k, file, &signature);
	return 0;
}
