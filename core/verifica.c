#include "core/verifica_paso.h"

#include <stdio.h>
#include "base/b64.h"
#include "base/mem.h"
#include "crypto/sha.h"

/* 64 acts with the largest of bodies and acuses, twice: as rows, and as the database gives them. */
#define PAGE_ARENA (64 * 1024 * 1024)
#define CERTS_MOST 4096
#define ROWS 64
#define ACCESOS 1000
#define DAY_MS (24 * INT64_C(3600000))

static const struct {
	const char *name;
	const char *sentence;
} fallas[] = {
#define FALLA(name, sentence) {#name, sentence},
#include "core/verifica.def"
#undef FALLA
};

const char *verifica_nombre(enum verifica_falla f)
{
	return fallas[f].name;
}

const char *verifica_frase(enum verifica_falla f)
{
	return fallas[f].sentence;
}

/* ---- what passes share ---- */

void verifica_tell(struct verifica *v, const struct verifica_de *de, enum verifica_falla f,
	const char *detalle)
{
	const struct verifica_hallazgo h = {.falla = f,
		.objeto = de->objeto,
		.clave = de->clave,
		.folio = de->folio,
		.detalle = detalle};

	v->cuenta.fallas++;
	v->config->tell(v->config->ctx, &h);
}

void verifica_check(
	struct verifica *v, const struct verifica_de *de, bool holds, enum verifica_falla f)
{
	if (!holds)
		verifica_tell(v, de, f, NULL);
}

enum err verifica_must(
	struct verifica *v, const struct verifica_de *de, enum err e, enum verifica_falla f)
{
	if (e == ERR_NO_MEMORY || e == ERR_STORE || e == ERR_BUSY || e == ERR_INTERNAL ||
		e == ERR_IO)
		return e;
	verifica_check(v, de, e == OK, f);
	return OK;
}

enum err verifica_parte(struct verifica *v, const struct verifica_de *de, const char *text,
	int64_t parte, enum verifica_falla f)
{
	int64_t right = -1;
	enum err e = text != NULL ? store_parte(bytes_of_text(text), &right) : OK;

	if (e == OK)
		verifica_check(v, de, parte == right, f);
	return e;
}

bool verifica_same(const char *a, const char *b)
{
	return a != NULL && b != NULL && strcmp(a, b) == 0;
}

static enum err ask_again(struct verifica *v, struct bytes ocsp, struct bytes der, int64_t at,
	struct ocsp_verdict *ret)
{
	struct bytes issuer;
	enum err e = certs_verify(v->certs, der, at, &issuer);

	if (e == OK)
		e = ocsp_prove(v->config->trust, ocsp, der, issuer, ret);
	return e == OK || e == ERR_NO_MEMORY ? e : ERR_OCSP;
}

static enum err name_question(
	struct bytes ocsp, struct bytes der, int64_t at, unsigned char ret[SHA256_BYTES])
{
	struct {
		unsigned char ocsp[SHA256_BYTES];
		unsigned char der[SHA256_BYTES];
		int64_t day; /* its issuer may have changed since */
	} all;

	memset(&all, 0, sizeof(all));
	all.day = at / DAY_MS;
	enum err e = sha256(ocsp, all.ocsp);

	if (e == OK)
		e = sha256(der, all.der);
	return e == OK ? sha256(bytes_of(&all, sizeof(all)), ret) : e;
}

enum err verifica_responde(struct verifica *v, struct bytes ocsp, struct bytes der, int64_t at,
	struct ocsp_verdict *ret)
{
	unsigned char hash[SHA256_BYTES];
	enum err e = name_question(ocsp, der, at, hash);

	if (e != OK)
		return e;
	struct verifica_ocsp *slot = &v->ocsp[(hash[0] << 8 | hash[1]) % VERIFICA_OCSP];

	if (memcmp(slot->hash, hash, sizeof(hash)) != 0) {
		struct verifica_ocsp fresh = {0};

		fresh.err = ask_again(v, ocsp, der, at, &fresh.verdict);
		if (fresh.err == ERR_NO_MEMORY)
			return fresh.err;
		memcpy(fresh.hash, hash, sizeof(hash));
		*slot = fresh;
	}
	if (slot->err == OK)
		*ret = slot->verdict;
	return slot->err;
}

/* ---- small tables ---- */

static enum err accesos(
	struct verifica *v, struct arena *a, struct verifica_llave *key, bool *ret_more)
{
	struct in_verifica_accesos in = {.id = key->number};
	struct out_verifica_accesos *rows;
	size_t count = 0;
	enum err e = q_verifica_accesos_all(v->store, &in, ACCESOS, a, &rows, &count);

	for (size_t i = 0; e == OK && i < count; i++) {
		char id[24];
		const struct verifica_de de = {.objeto = "acceso", .clave = id};

		snprintf(id, sizeof(id), "%lld", (long long)rows[i].id);
		e = verifica_parte(v, &de, rows[i].titular, rows[i].parte, FALLA_acceso_parte);
		key->number = rows[i].id;
	}
	*ret_more = e == OK && count != 0;
	return e;
}

/* Comprobada: good, or revoked later than the act came (L-4.2: what counts is that instant). */
static bool says(const struct ocsp_verdict *verdict, const char *resultado, int64_t recibido)
{
	bool revoked = verdict->status == OCSP_REVOKED && verdict->revoked_at <= recibido;

	return verdict->status != OCSP_UNKNOWN &&
	       strcmp(resultado, revoked ? "revocada" : "comprobada") == 0;
}

static enum err settled(struct verifica *v, const struct verifica_de *de,
	const struct out_verifica_comprobaciones *row)
{
	struct ocsp_verdict verdict = {0};
	bool known = verifica_same(row->resultado, "comprobada") ||
		     verifica_same(row->resultado, "revocada");
	enum err e = verifica_responde(v, row->ocsp, row->certificado, row->recibido, &verdict);

	verifica_check(v, de, known, FALLA_comprobacion_resultado);
	if (e == OK && known && !says(&verdict, row->resultado, row->recibido))
		e = ERR_OCSP;
	return verifica_must(v, de, e, FALLA_comprobacion_ocsp);
}

static enum err comprobacion(
	struct verifica *v, struct arena *a, const struct out_verifica_comprobaciones *row)
{
	const char *hex = hex_encode(a, row->nonce);
	const struct verifica_de de = {.objeto = "comprobacion", .clave = hex};
	struct in_verifica_acto in = {.nonce = row->nonce, .llave = row->llave};
	struct out_verifica_acto act = {0};

	if (hex == NULL)
		return ERR_NO_MEMORY;
	enum err e = q_verifica_acto(v->store, &in, a, &act);

	if (e == OK && act.recibido != row->recibido)
		e = ERR_NOT_FOUND;
	e = verifica_must(v, &de, e, FALLA_comprobacion_sin_acto);
	return e == OK && row->resultado != NULL ? settled(v, &de, row) : e;
}

static enum err comprobaciones(
	struct verifica *v, struct arena *a, struct verifica_llave *key, bool *ret_more)
{
	struct in_verifica_comprobaciones in = {.llave = key->text, .nonce = key->nonce};
	struct out_verifica_comprobaciones *rows;
	size_t count = 0;
	enum err e = q_verifica_comprobaciones_all(v->store, &in, ROWS, a, &rows, &count);

	for (size_t i = 0; e == OK && i < count; i++) {
		e = comprobacion(v, a, &rows[i]);
		key->text = rows[i].llave;
		key->nonce = rows[i].nonce;
	}
	*ret_more = e == OK && count != 0;
	return e;
}

/* ---- texts that were accepted ---- */

static enum err legales(
	struct verifica *v, struct arena *a, struct verifica_llave *key, bool *ret_more)
{
	struct in_verifica_legales in = {.clave = key->text};
	struct out_verifica_legales *rows;
	size_t count = 0;
	enum err e = q_verifica_legales_all(v->store, &in, ROWS, a, &rows, &count);

	for (size_t i = 0; e == OK && i < count; i++) {
		const struct verifica_de de = {.objeto = "texto", .clave = rows[i].clave};
		const char *hex = NULL;

		e = sha256_hex(a, rows[i].texto, &hex);
		if (e == OK)
			verifica_check(
				v, &de, verifica_same(hex, rows[i].sha256), FALLA_texto_huella);
		key->text = rows[i].clave;
	}
	*ret_more = e == OK && count != 0;
	return e;
}

/* ---- the walk ---- */

/* What stands behind others first: of a broken certificate its acts can only say that it is. */
static verifica_pagina *const passes[] = {verifica_certificado_pagina, verifica_acto_pagina,
	verifica_acuse_pagina, verifica_notificacion_pagina, verifica_archivo_pagina,
	verifica_publicacion_pagina, verifica_medio_pagina, verifica_representacion_pagina,
	verifica_mandato_pagina, comprobaciones, accesos, legales};

static enum err walk(struct verifica *v, verifica_pagina *page)
{
	/* Two, in turn: the key of a page stands in the one before. */
	ARENA(one, PAGE_ARENA);
	ARENA(two, PAGE_ARENA);
	struct arena *now = &one;
	struct arena *before = &two;
	struct verifica_llave key = {
		.nonce = bytes_of_text(""), .text = "", .second = "", .number = INT64_MIN};
	bool more = true;
	enum err e = OK;

	while (e == OK && more) {
		if (!v->config->go_on(v->config->ctx, &v->cuenta))
			return ERR_CANCELLED;
		arena_free(now);
		e = page(v, now, &key, &more);
		certs_trim(v->certs, CERTS_MOST);
		struct arena *last = now;

		now = before;
		before = last;
	}
	return e;
}

static enum err walk_all(struct verifica *v)
{
	enum err e = certs_open(v->config->trust, &v->certs);

	v->ocsp = mem_zalloc(VERIFICA_OCSP * sizeof(*v->ocsp));
	if (v->ocsp == NULL)
		e = ERR_NO_MEMORY;
	for (size_t i = 0; e == OK && i < COUNT_OF(passes); i++)
		e = walk(v, passes[i]);
	return e;
}

enum err verifica(const struct verifica_config *c, struct verifica_cuenta *ret)
{
	struct verifica v = {.config = c, .store = c->store};
	enum err e = walk_all(&v);

	if (v.certs != NULL)
		certs_free(v.certs);
	mem_free(v.ocsp);
	*ret = v.cuenta;
	return e;
}
