#include "app/papers.h"

#include "crypto/cert.h"
#include "crypto/key.h"
#include "crypto/sha.h"

static void add(struct model_documento *d, bool holds, const char *what)
{
	d->checks[d->check_count++] = (struct model_check){what, holds};
}

static const char *signature_text(struct arena *a, const struct cert *c)
{
	return arena_printf(a, "la firma es de %s (certificado %s)", c->name, c->serial);
}

static enum err check_signature(struct model_documento *d, const struct trust *t, int64_t at)
{
	AUTO(key) key = NULL;
	struct cert cert = {0};
	enum err err = cert_read(&d->arena, d->m.certificado, &cert);
	const char *what = "la firma del servidor público corresponde a la cadena";

	if (err == ERR_NO_MEMORY)
		return err;
	if (err == OK)
		err = key_of_cert(&cert, &key);
	if (err == OK)
		err = key_verify(key, bytes_of_text(d->m.cadena), d->m.firma);
	if (err == OK)
		what = signature_text(&d->arena, &cert);
	if (what == NULL || err == ERR_NO_MEMORY)
		return ERR_NO_MEMORY;
	add(d, err == OK, what);
	add(d, cert.der.size > 0 && t != NULL && trust_verify(t, cert.der, at, NULL) == OK,
		t != NULL ? "su certificado es de una autoridad reconocida"
			  : "su certificado es de una autoridad reconocida (el perfil no tiene "
			    "`confianza`: configúrala)");
	return OK;
}

enum err papers_check(
	struct model_documento *d, const struct trust *t, const char *announced, int64_t at)
{
	const char *hex;
	enum err err = sha256_hex(&d->arena, bytes_of(d->datos, (size_t)d->recibido), &hex);

	if (err != OK)
		return err;
	d->check_count = 0;
	add(d, strcmp(hex, d->m.sha256) == 0 && (announced == NULL || strcmp(hex, announced) == 0),
		"el archivo recibido es el del SHA-256 anunciado");
	add(d, strstr(d->m.cadena, hex) != NULL, "lo que se firmó nombra ese SHA-256");
	return check_signature(d, t, at);
}
