#include "app/descarga.h"

#include <stdio.h>
#include "base/texto.h"
#include "crypto/sha.h"

#define PART_ALLOWANCE (8 * 1024 * 1024)

static enum err take_part(struct arena *a, struct descarga *d, const struct m_documento *m)
{
	if (d->data == NULL) {
		if (m->total > DESCARGA_BYTES)
			return ERR_BAD_ANSWER;
		d->data = arena_alloc(a, (size_t)m->total + 1);
		d->total = m->total;
		d->first = *m;
		if (d->data == NULL)
			return ERR_NO_MEMORY;
	}
	/* Parts of one document, each where the last ended, and none empty before the end. */
	if (m->total != d->total || m->desde != d->size ||
		strcmp(m->sha256, d->first.sha256) != 0 ||
		m->datos.size > (size_t)(d->total - d->size) ||
		(m->datos.size == 0 && d->size < d->total))
		return ERR_BAD_ANSWER;
	if (m->datos.size != 0)
		memcpy(d->data + d->size, m->datos.data, m->datos.size);
	d->size += (int64_t)m->datos.size;
	return OK;
}

enum err descarga_traer(struct sesion *s, struct arena *a, const char *folio, struct descarga *ret)
{
	struct m_documento_pedir rq = {.folio = folio};
	struct descarga d = {0};
	enum err e = OK;

	for (bool more = true; e == OK && more; more = d.size < d.total) {
		ARENA(part, PART_ALLOWANCE);
		struct m_documento m;

		rq.desde = d.size;
		/* The first part's texts stay: the proof needs them. */
		e = sesion_call(s, d.data == NULL ? a : &part, ROUTE_ID_documento, &rq, &m, NULL);
		if (e == OK)
			e = take_part(a, &d, &m);
	}
	if (e == OK)
		*ret = d;
	return e;
}

enum err descarga_probar(struct sesion *s, struct arena *a, const struct m_documento *head,
	struct bytes whole, bool publicado, struct acuse_proof *ret)
{
	struct documento_firmado says = {.folio = head->folio,
		.titular = client_perfil(s->client)->rfc,
		.cadena = head->cadena,
		.firma = head->firma,
		.certificado = head->certificado,
		.publicado = publicado};

	if (client_trust(s->client) == NULL)
		return ERR_NO_TRUST;
	enum err e = sha256_hex(a, whole, &says.sha256);

	return e == OK ? documento_prove(a, &says, client_trust(s->client), ret) : e;
}

enum err descarga_comprobar(
	struct sesion *s, const struct descarga *d, bool publicado, struct acuse_proof *ret)
{
	struct arena *a = s->v->arena;
	struct acuse_proof proof;
	enum err e = descarga_probar(
		s, a, &d->first, bytes_of(d->data, (size_t)d->size), publicado, &proof);

	if (e != OK)
		return e;
	for (size_t i = 0; i < proof.count; i++)
		if (!proof.checks[i].holds)
			fprintf(stderr, "%s: %s\n", _("No se cumple"),
				sesion_clean(a, proof.checks[i].what));
	if (proof.holds)
		fprintf(stderr, _("%s Firma comprobada.\n"),
			sesion_clean(a, proof.checks[DOCUMENTO_FIRMANTE].detail));
	*ret = proof;
	return proof.holds ? OK : ERR_NOT_PROVED;
}
