#include "core/serve.h"

#include <strings.h>
#include "core/authorise.h"
#include "core/calendarios.h"
#include "core/catalogo.h"
#include "core/rules/rules.h"
#include "crypto/sha.h"

static enum outcome refuse(struct exchange *x, enum err e)
{
	exchange_refuse(x, e);
	return SERVE_ANSWER;
}

static bool known_authority(const struct config *c, const char *host)
{
	for (size_t i = 0; i < c->autoridades_count; i++)
		if (strcasecmp(c->autoridades[i], host) == 0)
			return true;
	return false;
}

static enum err check_envelope(const struct server *s, struct exchange *x)
{
	struct received *rq = &x->rq;

	x->route = rq->target != NULL ? route_find(rq->target) : ROUTE_COUNT;
	x->row = route_row(x->route);
	if (x->row == NULL)
		return ERR_NO_ROUTE;
	if (strcmp(rq->method, "POST") != 0)
		return ERR_BAD_METHOD;
	if (rq->repeated || rq->content_encoding != NULL || rq->content_type == NULL ||
		strcmp(rq->content_type, "application/json") != 0)
		return ERR_BAD_REQUEST;
	if (rq->host == NULL || !known_authority(s->config, rq->host))
		return ERR_BAD_AUTHORITY;
	return OK;
}

static enum err parse_signature(struct exchange *x)
{
	const struct received *rq = &x->rq;
	char *host = arena_strdup(x->arena, rq->host);
	struct httpsig_request covered = {.method = rq->method,
		.authority = host,
		.path = rq->target,
		.content_type = rq->content_type,
		.content_digest = rq->content_digest,
		.signature_input = rq->signature_input,
		.signature = rq->signature};

	if (host == NULL)
		return ERR_NO_MEMORY;
	if (rq->content_digest == NULL || rq->signature_input == NULL || rq->signature == NULL)
		return ERR_BAD_SIGNATURE;
	for (char *c = host; *c != '\0'; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c + 32);
	enum err e = httpsig_parse(x->arena, &covered, &x->sig);

	return e == OK ? sha256(x->sig.base, x->base_sha256) : e;
}

static enum err decode(struct exchange *x)
{
	x->message = arena_zalloc(x->arena, x->row->request->size);
	if (x->message == NULL)
		return ERR_NO_MEMORY;
	return codec_decode(
		x->arena, x->row->request, CODEC_STRICT, x->rq.body, x->message, &x->env.campo);
}

/* Copies the facts out of the shared entry, so that they live as long as the request. */
static enum err copy_signer(struct exchange *x, const struct llave *k)
{
	const struct signer *s = &k->signer;
	struct arena *a = x->arena;

	x->signer = *s;
	x->signer.huella = arena_strdup(a, k->huella);
	x->signer.rfc = arena_strdup(a, s->rfc);
	x->signer.nombre = arena_strdup(a, s->nombre);
	x->signer.serie = arena_strdup(a, s->serie);
	x->signer.der.data = arena_copy(a, s->der.data, s->der.size);
	x->signer.n.data = arena_copy(a, s->n.data, s->n.size);
	x->signer.emisor.data = arena_copy(a, s->emisor.data, s->emisor.size);
	x->signer.ocsp.data = arena_copy(a, s->ocsp.data, s->ocsp.size);
	/* An answer up to 24 h old still stands behind an act (wire.md, Evidence). */
	x->signer.comprobada = k->ocsp_desde != 0 && x->received - k->ocsp_desde <= 24 * 3600000;
	return x->signer.huella != NULL && x->signer.rfc != NULL && x->signer.nombre != NULL &&
			       x->signer.serie != NULL && x->signer.der.data != NULL &&
			       x->signer.n.data != NULL && x->signer.emisor.data != NULL &&
			       x->signer.ocsp.data != NULL
		       ? OK
		       : ERR_NO_MEMORY;
}

/* The first time a certificate comes: in the body of `entrar`, judged before its key is used. */
static enum err meet(const struct server *s, struct exchange *x, struct key **ret_key)
{
	const struct m_entrar *m = x->message;
	struct cert cert;
	struct bytes issuer;
	enum err e = cert_read(x->arena, m->certificado, &cert);

	if (e != OK)
		return e;
	if (strcmp(cert.thumbprint, x->sig.keyid) != 0 || !bytes_equal(cert.der, m->certificado))
		return ERR_BAD_SIGNATURE;
	e = cert_check_efirma(&cert, x->received);
	if (e == OK)
		e = trust_verify(s->trust, cert.der, x->received, &issuer);
	if (e == OK)
		e = key_from_rsa(cert.rsa_n, cert.rsa_e, ret_key);
	if (e != OK)
		return e;
	x->signer = (struct signer){.huella = cert.thumbprint,
		.rfc = cert.rfc,
		.nombre = cert.name,
		.der = cert.der,
		.emisor = issuer,
		.n = cert.rsa_n,
		.e = (int64_t)cert.rsa_e,
		.serie = cert.serial,
		.desde = cert.not_before,
		.hasta = cert.not_after,
		.nuevo = true};
	return OK;
}

struct found {
	bool lectura;
	int64_t vence;
	bool ocsp_fresh;
};

static enum err verify_known(const struct server *s, struct exchange *x, struct store *store,
	struct llave *k, struct found *ret)
{
	enum err e = key_verify(k->key, x->sig.base, x->sig.signature);

	*ret = (struct found){.lectura = k->lectura,
		.vence = k->vence,
		.ocsp_fresh = k->ocsp_hasta > x->received};
	if (e != OK || !k->lectura)
		return e == OK ? copy_signer(x, k) : e;
	struct llave *cert;

	/* The certificate behind a reading key: it may have been revoked since. */
	e = llaves_get(s->llaves, store, k->huella, &cert);
	if (e != OK)
		return e;
	e = copy_signer(x, cert);
	llaves_put(s->llaves, cert);
	return e;
}

static enum err verify(
	const struct server *s, struct exchange *x, struct store *store, struct found *ret)
{
	struct llave *k;
	AUTO(key) key = NULL;
	enum err e = llaves_get(s->llaves, store, x->sig.keyid, &k);

	if (e == OK) {
		e = verify_known(s, x, store, k, ret);
		llaves_put(s->llaves, k);
		return e;
	}
	if (e != ERR_UNKNOWN_KEY || x->row->signer != ROUTE_ENTRY)
		return e;
	*ret = (struct found){0};
	e = meet(s, x, &key);
	return e == OK ? key_verify(key, x->sig.base, x->sig.signature) : e;
}

/* What the responder has just said of this certificate counts for this very act. */
static void apply_ocsp(struct exchange *x)
{
	if (x->ocsp.size == 0)
		return;
	x->signer.ocsp = x->ocsp;
	x->signer.comprobada = true;
	x->signer.revocado = x->verdict.status == OCSP_REVOKED ? x->verdict.revoked_at : 0;
}

/* A nonce seen before answers as it did, whatever dates and mandates say now (wire.md). */
static enum err look_up(struct exchange *x, struct store *store, bool *ret_hit)
{
	struct in_acto in = {.nonce = x->sig.nonce, .llave = x->sig.keyid};
	struct out_acto row;
	enum err e = q_acto(store, &in, x->arena, &row);

	*ret_hit = false;
	if (e != OK)
		return e == ERR_NOT_FOUND ? OK : e;
	if (!bytes_equal(row.base_sha256, bytes_of(x->base_sha256, 32)))
		return ERR_NONCE_USED;
	*ret_hit = true;
	x->status = (int)row.estado;
	x->answer = row.respuesta;
	return OK;
}

static enum err check_times(const struct server *s, struct exchange *x, bool act)
{
	int64_t created = x->sig.created * 1000;
	int64_t expires = x->sig.expires * 1000;
	int64_t now = x->received;

	if (created > now + SERVE_SKEW_MS || (!act && created < now - SERVE_SKEW_MS)) {
		x->env.dato = now;
		return ERR_CLOCK_OFF;
	}
	/* `expires` names a whole second, which still counts. */
	if (expires + 999 < now)
		return ERR_EXPIRED_ACT;
	if (expires - created > SERVE_ACT_MS) {
		x->env.campo = "expires";
		return ERR_BAD_FIELD;
	}
	return act ? OK : budget_nonce(s->budget, x->sig.keyid, x->sig.nonce, now);
}

static enum err check_certificate(const struct exchange *x, const struct found *k)
{
	const struct signer *signer = &x->signer;

	if (k->lectura && k->vence < x->received)
		return ERR_UNKNOWN_KEY;
	if (signer->revocado != 0 && signer->revocado <= x->received)
		return ERR_CERT_REVOKED;
	if (signer->hasta < x->received)
		return ERR_CERT_EXPIRED;
	return signer->desde > x->received ? ERR_CERT_NOT_YET : OK;
}

void serve_env(const struct server *s, struct env *env)
{
	env->config = s->config;
	env->publicado = calendarios_vigente(s->calendarios);
	env->calendario = &env->publicado->c;
	env->catalogo = catalogos_vigente(s->catalogos);
	env->legales = s->legales;
	env->sello_certificado = s->sello_certificado;
	env->sello_bytes = s->sello_bytes;
	env->prueba = trust_is_test(s->trust);
}

static void fill_env(const struct server *s, struct exchange *x, struct store *store)
{
	x->env = (struct env){.arena = x->arena,
		.store = store,
		.now = x->received,
		.signer = &x->signer,
		.sig = &x->sig,
		.body = x->rq.body};
	serve_env(s, &x->env);
}

static enum err run_read(struct exchange *x, void **ret_answer)
{
	void *answer = arena_zalloc(x->arena, x->row->answer->size);
	enum err e = answer == NULL ? ERR_NO_MEMORY : authorise_ahead(x);

	if (e == OK)
		e = authorise(x);
	if (e == OK)
		e = rules_run(x->route, &x->env, x->message, answer);
	if (e == OK)
		e = codec_encode(x->arena, x->row->answer, answer, &x->answer);
	if (e == OK) {
		x->status = 200;
		*ret_answer = answer;
	}
	return e;
}

static bool nothing_new(const struct exchange *x, const void *answer)
{
	const struct m_sincronizado *m = answer;
	const struct m_sincronizar *rq = x->message;

	return x->route == ROUTE_ID_sincronizar && rq->espera_s > 0 &&
	       m->notificaciones_count == 0 && m->publicaciones_count == 0 &&
	       m->calendario == NULL && m->cuenta == NULL && m->catalogo == NULL;
}

/* Who asks behind the last byte was given none. */
static bool ends_document(const struct exchange *x, const void *answer)
{
	const struct m_documento *m = answer;

	return x->route == ROUTE_ID_documento && m->datos.size != 0 &&
	       m->desde + (int64_t)m->datos.size >= m->total;
}

static enum outcome answer_read(struct exchange *x, bool last)
{
	void *answer = NULL;
	enum err e = run_read(x, &answer);

	if (e != OK)
		return refuse(x, e);
	x->entera = ends_document(x, answer);
	return !last && nothing_new(x, answer) ? SERVE_WAIT_CHANGE : SERVE_ANSWER;
}

/* Who issues acts by the thousand asks more often than a person. */
static unsigned budget_of(const struct server *s, const struct exchange *x)
{
	const struct config *c = s->config;

	return config_funcionario(c, x->signer.rfc) != NULL ? c->presupuesto_funcionario
							    : c->presupuesto_rfc;
}

/* Signature, digest, nonce, times, certificate: everything that needs the store to read only. */
static enum err check_signed(
	const struct server *s, struct exchange *x, struct store *store, enum outcome *ret)
{
	bool act = x->row->signer != ROUTE_READ;
	bool hit = false;
	struct found k = {0};
	enum err e = verify(s, x, store, &k);

	apply_ocsp(x);
	if (e == OK) /* only what could not be verified counts against an address */
		budget_give(s->budget, x->rq.peer, s->config->presupuesto_direccion);
	if (e == OK)
		e = httpsig_check_digest(x->arena, x->rq.content_digest, x->rq.body);
	if (e == OK && act && k.lectura)
		e = ERR_NOT_AN_ACT_KEY;
	if (e == OK && act)
		e = look_up(x, store, &hit);
	if (e != OK || hit) {
		*ret = SERVE_ANSWER;
		return e;
	}
	e = check_times(s, x, act);
	if (e == OK)
		e = check_certificate(x, &k);
	if (e == OK)
		e = budget_take(s->budget, x->signer.huella, budget_of(s, x), x->received);
	*ret = act && s->config->ocsp != NULL && !k.ocsp_fresh && !x->ocsp_tried ? SERVE_WAIT_OCSP
										 : SERVE_ACT;
	return e;
}

static enum outcome check_with_store(
	const struct server *s, struct exchange *x, struct store *store)
{
	enum outcome outcome = SERVE_ANSWER;

	fill_env(s, x, store);
	enum err e = decode(x);

	if (e == OK)
		e = check_signed(s, x, store, &outcome);
	if (e != OK)
		return refuse(x, e);
	return outcome == SERVE_ACT && x->row->signer == ROUTE_READ ? answer_read(x, false)
								    : outcome;
}

enum outcome serve_check(const struct server *s, struct exchange *x)
{
	if (x->received == 0)
		x->received = clock_now(&s->clock);
	enum err e = check_envelope(s, x);

	if (e == OK)
		e = parse_signature(x);
	if (e == OK)
		e = budget_take(
			s->budget, x->rq.peer, s->config->presupuesto_direccion, x->received);
	if (e != OK)
		return refuse(x, e);
	struct store *store = store_pool_take(s->readers);
	enum outcome outcome = check_with_store(s, x, store);

	x->env.store = NULL;
	store_pool_give(s->readers, store);
	return outcome;
}

enum outcome serve_again(const struct server *s, struct exchange *x, bool last)
{
	struct store *store = store_pool_take(s->readers);
	struct llave *k;

	x->received = clock_now(&s->clock);
	fill_env(s, x, store);
	enum err e = llaves_get(s->llaves, store, x->signer.huella, &k);

	if (e == OK) {
		e = copy_signer(x, k);
		llaves_put(s->llaves, k);
	}
	if (e == OK)
		e = check_certificate(x, &(struct found){0});
	enum outcome outcome = e == OK ? answer_read(x, last) : refuse(x, e);

	x->env.store = NULL;
	store_pool_give(s->readers, store);
	return outcome;
}
