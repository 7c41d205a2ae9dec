#include "tests/help/carga.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "base/b64.h"
#include "base/clock.h"
#include "crypto/sha.h"
#include "ley/fecha.h"
#include "tests/help/cm.h"
#include "tests/help/e2e_filas.h"
#include "tests/help/pki.h"

#define ACTS_MOST 20000
#define ROOM (8 * 1024 * 1024)
#define PLAZO_DIAS 15
/* Past this an act is not late but lost. */
#define PATIENCE_MS 90000
#define SKEW_MS 2000
#define FIRST 100000000

static void pause_ms(int64_t ms)
{
	nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000}, NULL);
}

/* ---- what is there to be opened ----------------------------------------------------------- */

/* One RFC's own hundred thousand, all of one day that is past. */
void carga_folio(const struct carga_cliente *k, size_t n, char ret[32])
{
	snprintf(ret, 32, "BI-20251103-%09zu", FIRST + k->number * (size_t)100000 + n);
}

static const char *avisos_of(struct arena *a, const struct carga_cliente *k, size_t each)
{
	const struct carga *c = k->carga;
	const char *rows = arena_printf(a,
		"WITH RECURSIVE c(i) AS (SELECT %zu UNION ALL SELECT i + 1 FROM c WHERE i < %zu) ",
		c->each, c->each + each - 1);
	const char *folio = arena_printf(
		a, "'BI-20251103-' || CAST(%zu + i AS TEXT)", FIRST + k->number * (size_t)100000);

	return arena_printf(a,
		"INSERT INTO archivo (folio, parte, sha256, bytes, cadena, firma, certificado, "
		"datos) %s SELECT %s, parte_de('%s'), '%064d', 8, '||cadena||', "
		"convert_to('x', 'UTF8'), convert_to('x', 'UTF8'), convert_to('%%PDF-1.4', "
		"'UTF8') FROM c;\n"
		"INSERT INTO notificacion (folio, parte, titular, seq, oficio, tipo, documento, "
		"funcionario, plazo_dias, aviso, vence, archivo) %s SELECT %s, parte_de('%s'), "
		"'%s', i + 1, 'PRUEBA/2026/1', 'R-7.1', 'Cédula de liquidación', 'LUIS GARCÍA "
		"IBÁÑEZ', %d, %lld, %lld, '%064d' FROM c;\n",
		rows, folio, k->persona.rfc, 0, rows, folio, k->persona.rfc, k->persona.rfc,
		PLAZO_DIAS, (long long)c->aviso.aviso, (long long)c->aviso.vence, 0);
}

void carga_avisos(struct carga *c, size_t each)
{
	ARENA(a, ROOM);
	const char *script = "";

	assert_true(c->each + each <= ACTS_MOST);
	for (size_t i = 0; i < CARGA_PERSONAS; i++)
		script = arena_printf(&a, "%s%s", script, avisos_of(&a, &c->clientes[i], each));
	assert_non_null(script);
	e2e_sql(c->world, script);
	c->each += each;
}

/* ---- who opens it ------------------------------------------------------------------------- */

static void open_client(struct carga *c, unsigned i)
{
	struct carga_cliente *k = &c->clientes[i];
	char name[16], rfc[32];

	*k = (struct carga_cliente){.carga = c, .number = i, .turn = i};
	snprintf(name, sizeof(name), "carga%u", i + 1);
	snprintf(rfc, sizeof(rfc), "CAAA80010%uAB1", i + 1);
	assert_int_equal(carga_persona_open(&k->persona, name, rfc), OK);
	k->hechos = calloc(ACTS_MOST, sizeof(*k->hechos));
	assert_non_null(k->hechos);
}

static void enrol(struct carga *c)
{
	ARENA(a, ROOM);
	const char *script = "";

	for (size_t i = 0; i < CARGA_PERSONAS; i++)
		script = arena_printf(&a,
			"%sINSERT INTO particular (rfc, nombre, zona, habilitado) SELECT '%s', "
			"'CARGA DE PRUEBA', zona, habilitado FROM particular WHERE rfc = '%s';\n",
			script, c->clientes[i].persona.rfc, E2E_FISICA);
	e2e_sql(c->world, script);
}

static void enter(struct carga_cliente *k)
{
	ARENA(a, ROOM);
	struct carga_acto act;
	struct carga_respuesta r;

	assert_int_equal(carga_firmar_entrada(&a, &k->persona, &act), OK);
	carga_enviar(
		&k->persona, &a, k->carga->ports[k->number % k->carga->servers], &act, 10000, &r);
	if (r.err != OK || r.status != 200)
		fail_msg("entrar: %s %d %.*s", err_wire(r.err), r.status, (int)r.body.size,
			(const char *)r.body.data);
}

void carga_open(struct carga *c, struct e2e *w, size_t each)
{
	ARENA(a, 65536);
	const char *folder = arena_printf(&a, "%s/confianza", pki_dir());

	c->world = w;
	c->pause_ms = c->pause_ms != 0 ? c->pause_ms : 15;
	c->timeout_ms = c->timeout_ms != 0 ? c->timeout_ms : 4000;
	arena_init(&c->arena, ROOM);
	assert_int_equal(zona_setup(), OK);
	assert_int_equal(calendario_make(&c->arena, 2024, 2036, NULL, 0, &c->calendario), OK);
	assert_int_equal(plazo_de_aviso(&c->calendario, w->aviso, &c->aviso), OK);
	assert_int_equal(trust_open(folder, &c->trust), OK);
	for (unsigned i = 0; i < CARGA_PERSONAS; i++)
		open_client(c, i);
	enrol(c);
	carga_avisos(c, each);
	for (size_t i = 0; i < CARGA_PERSONAS; i++)
		enter(&c->clientes[i]);
}

static void join(struct carga *c)
{
	for (size_t i = 0; c->running && i < CARGA_PERSONAS; i++)
		pthread_join(c->clientes[i].thread, NULL);
	c->running = false;
}

void carga_close(struct carga *c)
{
	c->stop = true;
	c->abandoned = true;
	join(c);
	for (size_t i = 0; i < CARGA_PERSONAS; i++) {
		if (c->clientes[i].hechos != NULL)
			carga_persona_close(&c->clientes[i].persona);
		free(c->clientes[i].hechos);
	}
	if (c->trust != NULL)
		trust_free(c->trust);
	arena_free(&c->arena);
	*c = (struct carga){0};
}

/* ---- one act ------------------------------------------------------------------------------ */

static enum err effects(const struct carga_cliente *k, int64_t opened, struct plazo_efecto *ret)
{
	const struct carga *c = k->carga;

	return plazo_de_apertura(&c->calendario, &c->aviso, opened, PLAZO_DIAS, ret);
}

enum err carga_firmar_apertura(
	struct arena *a, const struct carga_cliente *k, const char *folio, struct carga_acto *ret)
{
	struct plazo_efecto efecto;
	struct m_notificacion_abrir m = {.folio = folio};
	enum err e = effects(k, pki_now(), &efecto);

	if (e == OK)
		m.fecha_legal = fecha_text(a, efecto.dia, FECHA_ISO);
	return e == OK ? carga_firmar(a, &k->persona, ROUTE_ID_notificacion_abrir, &m, ret) : e;
}

/* Received when it was, by the clock that all share; legal as the law has it from there. */
static const char *prove_times(
	struct arena *a, const struct carga_cliente *k, const struct m_acuse *m, int64_t sent)
{
	struct plazo_efecto efecto;
	int64_t now = pki_now();

	if (m->recibido < sent - SKEW_MS || m->recibido > now + SKEW_MS)
		return arena_printf(a, "received %lld ms after it was sent, %lld before now",
			(long long)(m->recibido - sent), (long long)(now - m->recibido));
	if (effects(k, m->recibido, &efecto) != OK || m->legal != efecto.notificada)
		return "another legal instant than the law's";
	return NULL;
}

static const char *first_broken(const struct acuse_proof *p)
{
	for (size_t i = 0; i < p->count; i++)
		if (!p->checks[i].holds)
			return p->checks[i].what;
	return "nothing that it says";
}

const char *carga_probar(struct arena *a, const struct carga_cliente *k, const char *folio,
	const struct carga_acto *act, const struct carga_respuesta *r, int64_t sent,
	const char **ret_acuse)
{
	struct m_acuse m;
	struct acuse_proof proof;

	if (codec_decode(a, &message_acuse, CODEC_TOLERANT, r->body, &m, NULL) != OK)
		return "no acuse";
	if (acuse_prove(a, &m, k->carga->trust, &proof) != OK)
		return "no memory to prove it";
	if (!proof.holds)
		return first_broken(&proof);
	if (!bytes_equal(bytes_of_text(m.base), act->sig.base) ||
		strcmp(m.contenido[0].valor, folio) != 0)
		return "the acuse of another act";
	*ret_acuse = m.folio;
	return prove_times(a, k, &m, sent);
}

static size_t choose(struct carga_cliente *k)
{
	for (;;) {
		int64_t now = clock_monotonic();

		for (size_t i = 0; i < k->carga->servers; i++) {
			size_t s = k->turn++ % k->carga->servers;

			if (k->avoid[s] <= now)
				return s;
		}
		pause_ms(10);
	}
}

/* The longer a server kept silent, the longer it is left alone. */
static void avoid(struct carga_cliente *k, size_t s, const struct carga_respuesta *r)
{
	k->avoid[s] = clock_monotonic() + 100 + 2 * r->ms;
	k->again++;
}

static bool send_until_answered(struct carga_cliente *k, struct arena *a,
	const struct carga_acto *act, struct carga_respuesta *ret, size_t *ret_server)
{
	int64_t until = clock_monotonic() + PATIENCE_MS;

	while (clock_monotonic() < until && !k->carga->abandoned) {
		ARENA(one, ROOM);
		size_t s = choose(k);

		carga_enviar(&k->persona, &one, k->carga->ports[s], act, k->carga->timeout_ms, ret);
		if (carga_contestada(ret)) {
			ret->body.data = arena_copy(a, ret->body.data, ret->body.size);
			*ret_server = s;
			return ret->body.data != NULL;
		}
		avoid(k, s, ret);
	}
	return false;
}

enum err carga_guardar(struct carga_cliente *k, const char *folio, const char *acuse,
	const struct carga_acto *act, struct bytes body, unsigned port)
{
	ARENA(a, 65536);
	struct carga_hecho *h = &k->hechos[k->count];
	const char *sha = NULL;
	const char *nonce = hex_encode(&a, act->sig.nonce);
	enum err e = nonce != NULL ? sha256_hex(&a, body, &sha) : ERR_NO_MEMORY;

	if (e != OK)
		return e;
	h->port = port;
	snprintf(h->aviso, sizeof(h->aviso), "%s", folio);
	snprintf(h->acuse, sizeof(h->acuse), "%s", acuse);
	snprintf(h->nonce, sizeof(h->nonce), "%s", nonce);
	snprintf(h->sha256, sizeof(h->sha256), "%s", sha);
	k->count++;
	return OK;
}

static void measure(struct carga_cliente *k, int64_t waited)
{
	static const int64_t steps[] = {1000, 2000, 5000, 10000};

	k->longest = waited > k->longest ? waited : k->longest;
	for (size_t i = 0; i < COUNT_OF(steps); i++)
		k->waits[i] += waited > steps[i];
}

static void one_act(struct carga_cliente *k)
{
	ARENA(a, ROOM);
	char folio[32];
	struct carga_acto act;
	struct carga_respuesta r = {0};
	const char *acuse = NULL;
	const char *wrong = "";
	size_t server = 0;
	int64_t sent = pki_now();
	int64_t start = clock_monotonic();

	carga_folio(k, k->count, folio);
	enum err e = carga_firmar_apertura(&a, k, folio, &act);
	bool answered = e == OK && send_until_answered(k, &a, &act, &r, &server);

	measure(k, clock_monotonic() - start);
	if (answered && r.status == 200)
		wrong = carga_probar(&a, k, folio, &act, &r, sent, &acuse);
	if (wrong == NULL)
		e = carga_guardar(k, folio, acuse, &act, r.body, k->carga->ports[server]);
	if (e == OK && wrong == NULL)
		return;
	snprintf(k->wrong, sizeof(k->wrong), "%s of %s: %s %s %d %.*s",
		answered ? "answer" : "NO ANSWER", folio, wrong != NULL ? wrong : "",
		err_wire(e != OK ? e : r.err), r.status,
		(int)(!answered		    ? 0
			: r.body.size < 300 ? r.body.size
					    : 300),
		(const char *)r.body.data);
}

/* ---- all of them -------------------------------------------------------------------------- */

static void *run(void *context)
{
	struct carga_cliente *k = context;
	struct carga *c = k->carga;
	size_t until = c->until != 0 ? k->count + c->until : c->each;

	while (!c->stop && k->wrong[0] == '\0' && k->count < until) {
		one_act(k);
		pause_ms(c->pause_ms);
	}
	if (c->until == 0 && k->count == c->each)
		snprintf(k->wrong, sizeof(k->wrong), "has opened all that there was");
	return NULL;
}

static void start_client(struct carga_cliente *k)
{
	k->longest = 0;
	memset(k->waits, 0, sizeof(k->waits));
	assert_int_equal(pthread_create(&k->thread, NULL, run, k), 0);
}

void carga_start(struct carga *c, size_t until)
{
	if (c->running)
		fail_msg("the test before this one has left it running");
	c->stop = false;
	c->until = until;
	c->running = true;
	for (size_t i = 0; i < CARGA_PERSONAS; i++)
		start_client(&c->clientes[i]);
}

size_t carga_count(const struct carga *c)
{
	size_t count = 0;

	for (size_t i = 0; i < CARGA_PERSONAS; i++)
		count += c->clientes[i].count;
	return count;
}

size_t carga_again(const struct carga *c)
{
	size_t again = 0;

	for (size_t i = 0; i < CARGA_PERSONAS; i++)
		again += c->clientes[i].again;
	return again;
}

static void complain(const struct carga *c)
{
	for (size_t i = 0; i < CARGA_PERSONAS; i++)
		if (c->clientes[i].wrong[0] != '\0')
			fail_msg("%s: %s", c->clientes[i].persona.rfc, c->clientes[i].wrong);
}

void carga_wait(struct carga *c, size_t more, int ms)
{
	size_t until = carga_count(c) + more;
	int64_t end = clock_monotonic() + ms;

	while (carga_count(c) < until) {
		complain(c);
		if (clock_monotonic() > end)
			fail_msg("only %zu acts of %zu more after %d ms",
				more - (until - carga_count(c)), more, ms);
		pause_ms(2);
	}
}

void carga_stop(struct carga *c)
{
	if (c->until == 0)
		c->stop = true;
	join(c);
	complain(c);
}

int64_t carga_longest(const struct carga *c)
{
	int64_t longest = 0;

	for (size_t i = 0; i < CARGA_PERSONAS; i++)
		if (c->clientes[i].longest > longest)
			longest = c->clientes[i].longest;
	return longest;
}

size_t carga_answered_by(const struct carga *c, unsigned port)
{
	size_t count = 0;

	for (size_t i = 0; i < CARGA_PERSONAS; i++)
		for (size_t n = 0; n < c->clientes[i].count; n++)
			count += c->clientes[i].hechos[n].port == port;
	return count;
}

/* ---- the account -------------------------------------------------------------------------- */

enum account { ACUSES, AVISOS, ACTOS, ACCOUNTS };

static const char *const accounts[] = {
	[ACUSES] = "SELECT folio || '|' || encode(sha256(json), 'hex') FROM acuse "
		   "WHERE titular LIKE 'CAAA80010%'",
	[AVISOS] = "SELECT folio || '|' || acuse FROM notificacion "
		   "WHERE abierta IS NOT NULL AND titular LIKE 'CAAA80010%'",
	[ACTOS] = "SELECT encode(nonce, 'hex') || '|' || COALESCE(folio, '-') || '|' || "
		  "COALESCE(estado, 0) FROM acto WHERE titular LIKE 'CAAA80010%' "
		  "AND ruta = 'notificacion_abrir' AND estado <> 409",
};

static const char *entry(struct arena *a, enum account account, const struct carga_hecho *h)
{
	switch (account) {
	case ACUSES:
		return arena_printf(a, "%s|%s", h->acuse, h->sha256);
	case AVISOS:
		return arena_printf(a, "%s|%s", h->aviso, h->acuse);
	default:
		return arena_printf(a, "%s|%s|200", h->nonce, h->acuse);
	}
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Both are sorted: the first difference is an act too few, too many, or another one. */
static void compare(struct carga *c, enum account account)
{
	ARENA(a, 256 * 1024 * 1024);
	const char **there = NULL;
	size_t found = e2e_filas(c->world, &a, accounts[account], &there);
	const char **held = arena_array(&a, carga_count(c) + 1, sizeof(*held));
	size_t count = 0;

	assert_non_null(held);
	for (size_t i = 0; i < CARGA_PERSONAS; i++)
		for (size_t n = 0; n < c->clientes[i].count; n++)
			held[count++] = entry(&a, account, &c->clientes[i].hechos[n]);
	qsort(held, count, sizeof(*held), by_text);
	for (size_t i = 0; i < count || i < found; i++)
		if (i >= count || i >= found || strcmp(held[i], there[i]) != 0)
			fail_msg("%zu held by clients, %zu in the store (%s); the first that "
				 "differs: %s, %s",
				count, found, accounts[account], i < count ? held[i] : "none",
				i < found ? there[i] : "none");
}

void carga_check(struct carga *c, const char *what)
{
	size_t waits[4] = {0};

	for (size_t i = 0; i < CARGA_PERSONAS; i++)
		for (size_t n = 0; n < COUNT_OF(waits); n++)
			waits[n] += c->clientes[i].waits[n];
	print_message("%s: %zu acts, sent again %zu times; the longest wait %lld ms; past 1, 2, 5, "
		      "10 s: %zu %zu %zu %zu\n",
		what, carga_count(c), carga_again(c), (long long)carga_longest(c), waits[0],
		waits[1], waits[2], waits[3]);
	for (enum account account = ACUSES; account < ACCOUNTS; account++)
		compare(c, account);
	assert_int_equal(e2e_number(c->world, "SELECT COUNT(*) FROM acto WHERE estado IS NULL"), 0);
}
