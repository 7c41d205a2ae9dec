#include "tests/help/peticion.h"

#include "tests/help/cm.h"

struct key *peticion_key(void)
{
	struct key *k = NULL;

	assert_int_equal(OK, key_make_ed25519(&k));
	return k;
}

struct httpsig_request peticion_request(struct arena *a)
{
	struct httpsig_request rq = {.method = "POST",
		.authority = "buzon.prueba:8443",
		.path = "/v1/sincronizar",
		.content_type = "application/json"};

	assert_int_equal(OK, httpsig_digest(a, bytes_of_text(PETICION_BODY), &rq.content_digest));
	return rq;
}

const char *peticion_keyid(struct arena *a, const struct key *k)
{
	unsigned char raw[32];
	const char *id = NULL;

	assert_int_equal(OK, key_public_ed25519(k, raw));
	assert_int_equal(OK, key_id_ed25519(a, bytes_of(raw, 32), &id));
	return id;
}
