#include "tests/help/core_sello.h"

#include <stdio.h>
#include <stdlib.h>
#include "crypto/key.h"
#include "ley/folio.h"
#include "tests/help/cm.h"
#include "tests/help/pki.h"

struct config sello_config(const char *name)
{
	static char cer[300];
	static char key[300];
	static char pass[300];

	snprintf(cer, sizeof(cer), "%s/%s.cer", pki_dir(), name);
	snprintf(key, sizeof(key), "%s/%s.key", pki_dir(), name);
	snprintf(pass, sizeof(pass), "%s/%s.pass", pki_dir(), name);
	return (struct config){
		.sello_certificado = cer, .sello_llave = key, .sello_contrasena = pass};
}

struct config sello_config_of(const char *name, const char *folder, const char *user)
{
	static char cer[300];
	static char key[300];
	static char pass[300];
	struct config c = sello_config(name);
	char command[2000];

	snprintf(command, sizeof(command),
		"cp %s %s %s %s && chmod 700 %s && chmod 400 %s/%s.* && chown -R %s %s",
		c.sello_certificado, c.sello_llave, c.sello_contrasena, folder, folder, folder,
		name, user, folder);
	assert_int_equal(system(command), 0);
	snprintf(cer, sizeof(cer), "%s/%s.cer", folder, name);
	snprintf(key, sizeof(key), "%s/%s.key", folder, name);
	snprintf(pass, sizeof(pass), "%s/%s.pass", folder, name);
	return (struct config){
		.sello_certificado = cer, .sello_llave = key, .sello_contrasena = pass};
}

struct cadena sello_fields(struct arena *a, const struct sealer *s, int64_t now)
{
	char *folio = arena_alloc(a, FOLIO_BYTES);
	const char *hora = hora_text(a, zona_centro(), now, HORA_CADENA);

	assert_non_null(folio);
	folio_of(now, folio);
	return (struct cadena){.version = "3.0",
		.tipo = "Acuse de notificación",
		.folio = folio,
		.elaborado = hora,
		.recibido = hora,
		.legal = hora,
		.titular = "PEÑJ800101AB1",
		.firmante = "PEÑJ800101AB1",
		.calidad = "propio",
		.base_sha256 = SELLO_HASH,
		.contenido_sha256 = SELLO_HASH,
		.certificado_sello = sealer_thumbprint(s)};
}

const char *sello_cadena(struct arena *a, const struct sealer *s, int64_t now)
{
	struct cadena c = sello_fields(a, s, now);
	const char *text = NULL;

	assert_int_equal(cadena_build(a, &c, &text), OK);
	return text;
}

void sello_check(const struct sealer *s, const char *cadena, struct bytes sello)
{
	ARENA(a, 65536);
	AUTO(key) public = NULL;
	struct cert cert;

	assert_int_equal(cert_read(&a, sealer_certificate(s), &cert), OK);
	assert_int_equal(key_of_cert(&cert, &public), OK);
	assert_int_equal(sello.size, sealer_sello_bytes(s));
	assert_int_equal(key_verify(public, bytes_of_text(cadena), sello), OK);
}

enum err sello_try(struct sealer *s)
{
	ARENA(a, 1 << 20);
	const char *cadena = sello_cadena(&a, s, pki_now());
	struct bytes sello = {0};
	enum err e = sealer_seal(s, &a, &cadena, 1, &sello);

	if (e == OK)
		sello_check(s, cadena, sello);
	else
		assert_null(sello.data);
	return e;
}
