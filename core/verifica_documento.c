/* A document that is kept, of a notification or published: its bytes and who signed it. */
#include "core/verifica_oficio.h"

#include "crypto/sha.h"

/* A part at a time. */
#define ROOM (4 * 1024 * 1024)

/* ERR_NOT_FOUND behind the last. */
static enum err add_part(const struct verifica *v, const struct verifica_papel *p,
	struct sha256_parts *sum, int64_t *at)
{
	ARENA(a, ROOM);
	struct in_archivo_parte in = {.desde = *at + 1, .folio = p->folio, .titular = p->dueno};
	struct out_archivo_parte part;
	enum err e = q_archivo_parte(v->store, &in, &a, &part);

	if (e == OK)
		e = sha256_parts_add(sum, part.datos);
	if (e == OK)
		*at += (int64_t)part.datos.size;
	return e == OK && part.datos.size == 0 ? ERR_NOT_FOUND : e;
}

static enum err read_all(const struct verifica *v, struct arena *a, const struct verifica_papel *p,
	struct verifica_leido *ret)
{
	AUTO(sha256_parts) sum = NULL;
	struct in_archivo_parte in = {.desde = 1, .folio = p->folio, .titular = p->dueno};
	enum err e = q_archivo_parte(v->store, &in, a, &ret->first);

	if (e == OK)
		e = sha256_parts_begin(&sum);
	if (e == OK)
		e = sha256_parts_add(sum, ret->first.datos);
	if (e != OK)
		return e;
	ret->bytes = (int64_t)ret->first.datos.size;
	while (e == OK)
		e = add_part(v, p, sum, &ret->bytes);
	return e == ERR_NOT_FOUND ? sha256_parts_hex(sum, a, &ret->sha256) : e;
}

static enum err check_signature(struct verifica *v, const struct verifica_de *de, struct arena *a,
	const struct verifica_papel *p, const struct verifica_leido *d)
{
	const struct documento_firmado f = {.folio = p->folio,
		.titular = p->titular,
		.sha256 = d->sha256,
		.cadena = d->first.cadena,
		.firma = d->first.firma,
		.certificado = d->first.certificado,
		.publicado = p->publicado};
	struct acuse_proof proof;
	enum err e = documento_prove_with(a, &f, v->certs, &proof);

	for (size_t i = 0; e == OK && i < proof.count; i++)
		if (!proof.checks[i].holds)
			verifica_tell(v, de,
				p->publicado ? FALLA_publicacion_prueba : FALLA_notificacion_prueba,
				proof.checks[i].what);
	return e;
}

enum err verifica_documento(struct verifica *v, const struct verifica_de *de, struct arena *a,
	const struct verifica_papel *p, struct verifica_leido *ret)
{
	struct verifica_leido d = {0};
	enum err e = read_all(v, a, p, &d);

	if (e != OK)
		return verifica_must(v, de, e,
			p->publicado ? FALLA_publicacion_sin_documento
				     : FALLA_notificacion_sin_documento);
	verifica_check(v, de, d.bytes == d.first.bytes,
		p->publicado ? FALLA_publicacion_huella : FALLA_notificacion_bytes);
	verifica_check(v, de, verifica_same(d.sha256, d.first.sha256),
		p->publicado ? FALLA_publicacion_huella : FALLA_notificacion_huella);
	*ret = d;
	return check_signature(v, de, a, p, &d);
}
