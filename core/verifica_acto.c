/* Acts: what was signed, by whom, and what it was answered. */
#include "core/verifica_paso.h"

#include "base/b64.h"
#include "crypto/rfc.h"
#include "crypto/sha.h"
#include "net/httpsig.h"
#include "net/routes.h"

#define ROWS 64
/* One act, decoded twice: as a request, and in its acuse. */
#define ROOM (4 * 1024 * 1024)
#define DAY_MS (24 * INT64_C(3600000))
/* Of a responder's clock; and what asking it may have taken besides (core/revocacion.c). */
#define SKEW_MS (5 * INT64_C(60000))
#define ASKING_MS 60000

struct acto {
	struct verifica *v;
	struct verifica_de de;
	struct arena *arena;
	const struct out_verifica_actos *row;
	const struct route_row *route; /* the one that was signed; NULL: none */
	const void *message;	       /* the body; NULL: not readable */
	struct bytes der;	       /* of the certificate; empty: none */
};

static void check(const struct acto *t, bool holds, enum verifica_falla f)
{
	verifica_check(t->v, &t->de, holds, f);
}

static enum err must(const struct acto *t, enum err e, enum verifica_falla f)
{
	return verifica_must(t->v, &t->de, e, f);
}

/* ---- what was signed ---- */

static enum err read_message(struct acto *t)
{
	void *made = arena_zalloc(t->arena, t->route->request->size);

	if (made == NULL)
		return ERR_NO_MEMORY;
	enum err e =
		codec_decode(t->arena, t->route->request, CODEC_STRICT, t->row->cuerpo, made, NULL);

	if (e == OK)
		t->message = made;
	return e == ERR_NO_MEMORY ? e : OK;
}

static enum err check_covered(
	struct acto *t, const struct httpsig_request *rq, const struct httpsig *sig)
{
	const struct out_verifica_actos *row = t->row;

	t->route = route_row(route_find(rq->path));
	check(t,
		t->route != NULL && verifica_same(t->route->name, row->ruta) &&
			strcmp(rq->method, "POST") == 0,
		FALLA_acto_ruta);
	check(t, bytes_equal(sig->nonce, row->nonce) && verifica_same(sig->keyid, row->llave),
		FALLA_acto_clave);
	enum err e = must(t, httpsig_check_digest(t->arena, rq->content_digest, row->cuerpo),
		FALLA_acto_cuerpo);

	return e == OK && t->route != NULL ? read_message(t) : e;
}

static enum err check_base(struct acto *t)
{
	unsigned char hash[SHA256_BYTES];
	struct httpsig_request rq;
	struct httpsig sig;
	enum err e = sha256(t->row->base, hash);

	if (e != OK)
		return e;
	check(t, bytes_equal(t->row->base_sha256, bytes_of(hash, sizeof(hash))), FALLA_acto_huella);
	e = httpsig_base_read(t->arena, t->row->base, &rq, &sig);
	return e == OK ? check_covered(t, &rq, &sig) : must(t, e, FALLA_acto_base);
}

/* ---- by whom ---- */

/* One that was refused on entering was never kept: it stands in the body only. */
static struct bytes certificate_of(const struct acto *t)
{
	bool brought = t->row->certificado.size == 0 && t->row->estado != 200 && t->route != NULL &&
		       t->route->signer == ROUTE_ENTRY && t->message != NULL;

	return brought ? ((const struct m_entrar *)t->message)->certificado : t->row->certificado;
}

static enum err find_certificate(struct acto *t, const struct cert **ret)
{
	struct bytes der = certificate_of(t);
	const struct cert *cert = NULL;
	enum err e = der.size != 0 ? certs_read(t->v->certs, der, &cert) : ERR_NOT_FOUND;

	if (e == OK && !verifica_same(cert->thumbprint, t->row->llave))
		e = ERR_NOT_FOUND;
	if (e != OK)
		return must(t, e, FALLA_acto_sin_certificado);
	t->der = der;
	*ret = cert;
	return OK;
}

static enum err check_signer(struct acto *t)
{
	const struct out_verifica_actos *row = t->row;
	const struct cert *cert = NULL;
	enum err e = find_certificate(t, &cert);

	if (e != OK || cert == NULL)
		return e;
	e = must(t, certs_check(t->v->certs, t->der, row->base, row->firma), FALLA_acto_firma);
	if (e == OK)
		e = must(t, cert_check_efirma(cert, row->recibido), FALLA_acto_efirma);
	if (e == OK)
		e = must(t, certs_verify(t->v->certs, t->der, row->recibido, NULL),
			FALLA_acto_emisor);
	check(t, verifica_same(cert->rfc, row->firmante), FALLA_acto_firmante);
	return e;
}

static bool same_or_none(const char *row, const char *right)
{
	return right == NULL ? row == NULL : verifica_same(row, right);
}

/* A hat that is none (core/authorise.c) was refused before it was taken for one. */
static void check_hat(const struct acto *t)
{
	const struct out_verifica_actos *row = t->row;
	const struct m_hat *hat = t->message;

	if (hat == NULL) {
		check(t, false, FALLA_acto_titular);
		return;
	}
	unsigned who = route_who_of(hat->calidad);
	bool taken = rfc_kind(hat->titular) != RFC_NONE && who != 0;

	check(t,
		same_or_none(row->titular, taken ? hat->titular : NULL) &&
			same_or_none(row->calidad, taken ? hat->calidad : NULL),
		FALLA_acto_titular);
	check(t,
		row->estado != 200 || who != ROUTE_PROPIO ||
			verifica_same(row->titular, row->firmante),
		FALLA_acto_ajeno);
}

/* ---- its revocation ---- */

/* Young enough when the act came (wire.md: 24 h), or in its own time then. */
static bool stands_behind(const struct ocsp_verdict *verdict, int64_t at)
{
	return verdict->status != OCSP_UNKNOWN &&
	       verdict->this_update <= at + SKEW_MS + ASKING_MS &&
	       (verdict->this_update >= at - DAY_MS || verdict->next_update >= at - SKEW_MS);
}

static bool revoked_by(const struct ocsp_verdict *verdict, int64_t at)
{
	return verdict->status == OCSP_REVOKED && verdict->revoked_at <= at;
}

/* A revoked one signs nothing that is kept; without an answer, or with an old one, it is to come.
 */
static enum err check_revocation(const struct acto *t)
{
	const struct out_verifica_actos *row = t->row;
	bool checked = verifica_same(row->revocacion, "comprobada");
	struct ocsp_verdict verdict = {0};
	bool good = verifica_same(row->revocacion, "por comprobar");

	if (t->der.size == 0)
		return OK;
	if (row->ocsp.size != 0) {
		enum err e = verifica_responde(t->v, row->ocsp, t->der, row->recibido, &verdict);

		if (e != OK)
			return must(t, e, FALLA_acto_ocsp);
		good = (good || (checked && stands_behind(&verdict, row->recibido))) &&
		       !revoked_by(&verdict, row->recibido);
	}
	check(t, good, FALLA_acto_revocacion);
	return OK;
}

/* ---- its answer ---- */

static enum err check_refusal(const struct acto *t)
{
	struct m_fallo fallo = {0};
	enum err e = codec_decode(
		t->arena, &message_fallo, CODEC_STRICT, t->row->respuesta, &fallo, NULL);

	if (e == OK && err_http(err_from_wire(fallo.error)) != t->row->estado)
		e = ERR_BAD_FIELD;
	return must(t, e, FALLA_acto_respuesta);
}

static enum err check_plain(const struct acto *t)
{
	const struct message *answer = t->route->answer;
	void *made = arena_zalloc(t->arena, answer->size);

	if (made == NULL)
		return ERR_NO_MEMORY;
	return must(t,
		codec_decode(t->arena, answer, CODEC_TOLERANT, t->row->respuesta, made, NULL),
		FALLA_acto_respuesta);
}

static void compare_acuse(const struct acto *t, const struct m_acuse *m)
{
	const struct out_verifica_actos *row = t->row;

	check(t,
		bytes_equal(m->cuerpo, row->cuerpo) &&
			bytes_equal(bytes_of_text(m->base), row->base) &&
			bytes_equal(m->firma, row->firma) &&
			(t->der.size == 0 || bytes_equal(m->certificado, t->der)) &&
			verifica_same(m->titular, row->titular) &&
			verifica_same(m->firmante, row->firmante) &&
			verifica_same(m->calidad, row->calidad),
		FALLA_acto_acuse);
	check(t, verifica_same(m->folio, row->folio), FALLA_acto_folio);
	check(t, m->recibido == row->recibido && m->legal == row->legal, FALLA_acto_instantes);
	check(t, verifica_same(m->revocacion, row->revocacion), FALLA_acto_revocacion);
}

static enum err check_sealed(const struct acto *t)
{
	struct m_acuse m = {0};

	/* It would be answered instead of the acuse. */
	check(t, t->row->respuesta.size == 0, FALLA_acto_respuesta);
	if (t->row->acuse.size == 0) {
		check(t, false, FALLA_acto_sin_acuse);
		return OK;
	}
	enum err e =
		codec_decode(t->arena, &message_acuse, CODEC_TOLERANT, t->row->acuse, &m, NULL);

	if (e != OK)
		return must(t, e, FALLA_acto_acuse);
	compare_acuse(t, &m);
	return OK;
}

static enum err check_answer(const struct acto *t)
{
	int64_t estado = t->row->estado;
	bool kept = estado == 200 || (estado >= 400 && estado < 500 && estado != 429);

	check(t, kept, FALLA_acto_estado);
	if (!kept || t->route == NULL)
		return OK;
	if (estado == 200 && t->route->acuse)
		return check_sealed(t);
	check(t, t->row->folio == NULL, FALLA_acto_folio);
	check(t, t->row->legal == t->row->recibido, FALLA_acto_instantes);
	return estado == 200 ? check_plain(t) : check_refusal(t);
}

/* ---- all of it ---- */

static enum err prove_answered(struct acto *t)
{
	enum err e = check_base(t);

	if (e == OK)
		e = check_signer(t);
	if (e == OK && t->route != NULL)
		check_hat(t);
	if (e == OK)
		e = check_revocation(t);
	return e == OK ? check_answer(t) : e;
}

static enum err prove(
	struct verifica *v, const struct verifica_de *de, const struct out_verifica_actos *row)
{
	ARENA(a, ROOM);
	struct acto t = {.v = v, .de = *de, .arena = &a, .row = row};
	enum err e = verifica_parte(v, de, row->llave, row->parte, FALLA_acto_parte);

	if (e == OK)
		check(&t, row->estado != 0, FALLA_acto_sin_respuesta);
	return e == OK && row->estado != 0 ? prove_answered(&t) : e;
}

enum err verifica_acto_pagina(
	struct verifica *v, struct arena *a, struct verifica_llave *key, bool *ret_more)
{
	struct in_verifica_actos in = {.nonce = key->nonce, .llave = key->text};
	struct out_verifica_actos *rows;
	size_t count = 0;
	enum err e = q_verifica_actos_all(v->store, &in, ROWS, a, &rows, &count);

	for (size_t i = 0; e == OK && i < count; i++) {
		const char *hex = hex_encode(a, rows[i].nonce);
		const struct verifica_de de = {
			.objeto = "acto", .clave = hex, .folio = rows[i].folio};

		e = hex != NULL ? prove(v, &de, &rows[i]) : ERR_NO_MEMORY;
		v->cuenta.actos++;
		key->nonce = rows[i].nonce;
		key->text = rows[i].llave;
	}
	*ret_more = e == OK && count != 0;
	return e;
}
