/* Acuses, each by itself and with what it is an acuse of; and the certificates behind acts. */
#include "core/verifica_paso.h"

#include "ley/acuse.h"
#include "net/codec.h"
#include "net/httpsig.h"

#define ROWS 64
#define ROOM (4 * 1024 * 1024)

/* ---- what an acuse is of ---- */

/* The act that its own base names was answered with this one. */
static enum err find_act(struct verifica *v, struct arena *a, const struct m_acuse *m)
{
	struct httpsig_request rq;
	struct httpsig sig = {0};
	struct out_verifica_acto row = {0};
	enum err e = httpsig_base_read(a, bytes_of_text(m->base), &rq, &sig);

	if (e != OK)
		return e;
	struct in_verifica_acto in = {.nonce = sig.nonce, .llave = sig.keyid};

	e = q_verifica_acto(v->store, &in, a, &row);
	if (e != OK)
		return e;
	return verifica_same(row.folio, m->folio) && verifica_same(row.titular, m->titular)
		       ? OK
		       : ERR_NOT_FOUND;
}

/* Nobody's act stands behind it: its seal is all that it needs, and that was proved. */
static enum err find_nothing(struct verifica *v, struct arena *a, const struct m_acuse *m)
{
	(void)v;
	(void)a;
	(void)m;
	return OK;
}

/* Where an acuse may come from. */
static const struct {
	bool (*is)(const struct m_acuse *m); /* NULL: whatever no row above is */
	enum err (*find)(struct verifica *v, struct arena *a, const struct m_acuse *m);
	enum verifica_falla missing;
} origins[] = {
	{verifica_is_vencimiento, verifica_vencimiento, FALLA_aviso_sin_notificacion},
	{acuse_is_automatico, find_nothing, FALLA_acuse_prueba},
	{NULL, find_act, FALLA_acuse_sin_acto},
};

static enum err check_origin(
	struct verifica *v, const struct verifica_de *de, struct arena *a, const struct m_acuse *m)
{
	size_t i = 0;

	while (origins[i].is != NULL && !origins[i].is(m))
		i++;
	return verifica_must(v, de, origins[i].find(v, a, m), origins[i].missing);
}

/* ---- itself ---- */

static enum err check_proof(
	struct verifica *v, const struct verifica_de *de, struct arena *a, const struct m_acuse *m)
{
	struct acuse_proof proof;
	enum err e = acuse_prove_with(a, m, v->certs, &proof);

	for (size_t i = 0; e == OK && i < proof.count; i++)
		if (!proof.checks[i].holds)
			verifica_tell(v, de, FALLA_acuse_prueba, proof.checks[i].what);
	return e;
}

static bool same_columns(const struct out_verifica_acuses *row, const struct m_acuse *m)
{
	return verifica_same(row->folio, m->folio) && verifica_same(row->titular, m->titular) &&
	       verifica_same(row->tipo, m->tipo) && row->elaborado == m->elaborado &&
	       verifica_same(row->capacidad, m->capacidad);
}

static enum err prove_acuse(struct verifica *v, const struct out_verifica_acuses *row)
{
	ARENA(a, ROOM);
	const struct verifica_de de = {.objeto = "acuse", .clave = row->folio};
	struct m_acuse m = {0};
	enum err e = verifica_parte(v, &de, row->titular, row->parte, FALLA_acuse_parte);

	if (e != OK)
		return e;
	e = codec_decode(&a, &message_acuse, CODEC_TOLERANT, row->json, &m, NULL);
	if (e != OK)
		return verifica_must(v, &de, e, FALLA_acuse_ilegible);
	verifica_check(v, &de, same_columns(row, &m), FALLA_acuse_columnas);
	e = check_proof(v, &de, &a, &m);
	return e == OK ? check_origin(v, &de, &a, &m) : e;
}

enum err verifica_acuse_pagina(
	struct verifica *v, struct arena *a, struct verifica_llave *key, bool *ret_more)
{
	struct in_verifica_acuses in = {.folio = key->text, .parte = key->number};
	struct out_verifica_acuses *rows;
	size_t count = 0;
	enum err e = q_verifica_acuses_all(v->store, &in, ROWS, a, &rows, &count);

	for (size_t i = 0; e == OK && i < count; i++) {
		e = prove_acuse(v, &rows[i]);
		v->cuenta.acuses++;
		key->text = rows[i].folio;
		key->number = rows[i].parte;
	}
	*ret_more = e == OK && count != 0;
	return e;
}

/* ---- certificates ---- */

static bool same_facts(const struct out_verifica_certificados *row, const struct cert *c)
{
	return bytes_equal(row->n, c->rsa_n) && (uint64_t)row->e == c->rsa_e &&
	       verifica_same(row->rfc, c->rfc) && verifica_same(row->nombre, c->name) &&
	       verifica_same(row->serie, c->serial) && row->desde == c->not_before &&
	       row->hasta == c->not_after;
}

/* What was kept is an issuer of ours, and made it by one that was in force with it. */
static enum err check_issuer(struct verifica *v, const struct verifica_de *de,
	const struct out_verifica_certificados *row, const struct cert *c)
{
	bool ours = trust_has_issuer(v->config->trust, row->emisor) &&
		    bytes_equal(row->cadena, row->emisor);
	enum err e = certs_verify(v->certs, row->der, c->not_before, NULL);

	if (e == ERR_CERT_UNTRUSTED)
		e = certs_verify(v->certs, row->der, c->not_after - 1000, NULL);
	return verifica_must(
		v, de, e == OK && !ours ? ERR_CERT_UNTRUSTED : e, FALLA_certificado_emisor);
}

static enum err check_answer(struct verifica *v, const struct verifica_de *de,
	const struct out_verifica_certificados *row)
{
	struct ocsp_verdict verdict = {0};
	enum err e = OK;

	if (row->ocsp.size != 0)
		e = verifica_responde(v, row->ocsp, row->der, row->ocsp_desde, &verdict);
	if (e == OK &&
		(verdict.this_update != row->ocsp_desde || verdict.next_update != row->ocsp_hasta ||
			verdict.revoked_at != row->revocado))
		e = ERR_OCSP;
	return verifica_must(v, de, e, FALLA_certificado_ocsp);
}

static enum err prove_certificate(struct verifica *v, const struct out_verifica_certificados *row)
{
	const struct verifica_de de = {.objeto = "certificado", .clave = row->huella};
	const struct cert *c = NULL;
	enum err e = certs_read(v->certs, row->der, &c);

	if (e == OK && !verifica_same(c->thumbprint, row->huella))
		e = ERR_BAD_CERT;
	if (e != OK)
		return verifica_must(v, &de, e, FALLA_certificado_ilegible);
	verifica_check(v, &de, same_facts(row, c), FALLA_certificado_datos);
	e = check_issuer(v, &de, row, c);
	return e == OK ? check_answer(v, &de, row) : e;
}

enum err verifica_certificado_pagina(
	struct verifica *v, struct arena *a, struct verifica_llave *key, bool *ret_more)
{
	struct in_verifica_certificados in = {.huella = key->text};
	struct out_verifica_certificados *rows;
	size_t count = 0;
	enum err e = q_verifica_certificados_all(v->store, &in, ROWS, a, &rows, &count);

	for (size_t i = 0; e == OK && i < count; i++) {
		e = prove_certificate(v, &rows[i]);
		key->text = rows[i].huella;
	}
	*ret_more = e == OK && count != 0;
	return e;
}
