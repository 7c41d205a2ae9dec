#include "tests/help/core_mundo.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "core/calendarios.h"
#include "core/catalogo.h"
#include "crypto/sha.h"
#include "ley/folio.h"
#include "ley/plazo.h"
#include "ley/valores.h"
#include "tests/help/cm.h"
#include "tests/help/pg.h"
#include "tests/help/pki.h"

#define AUTHORITY "buzon.prueba:8443"
#define OFICIO "OF-1/2026"

static const char *in_folder(struct mundo *m, const char *name)
{
	char *path = arena_printf(&m->arena, "%s/%s", m->folder, name);

	assert_non_null(path);
	return path;
}

static const char *in_pki(struct mundo *m, const char *name)
{
	char *path = arena_printf(&m->arena, "%s/%s", pki_dir(), name);

	assert_non_null(path);
	return path;
}

static void fill_config(struct mundo *m)
{
	static const char *authorities[] = {AUTHORITY};
	static struct funcionario functionary = {.rfc = "GAIL700310KL4",
		.nombre = "FUNCIONARIO DE PRUEBA",
		.cargo = "Titular de PRUEBA",
		.subdelegacion = "",
		.actos = FACULTADES_TODAS,
		.todo_tipo = true};
	const char *shared = pg_database(&m->arena);

	m->config = (struct config){.escucha = "127.0.0.1",
		.autoridades = authorities,
		.autoridades_count = 1,
		.direccion = "https://buzon.prueba",
		.almacen = shared != NULL ? shared : in_folder(m, "buzond.db"),
		.confianza = in_pki(m, "confianza"),
		.sello_certificado = in_pki(m, "sello.cer"),
		.sello_llave = in_pki(m, "sello.key"),
		.sello_contrasena = in_pki(m, "sello.pass"),
		.hilos = 2,
		.cola = 1000,
		.funcionarios = &functionary,
		.funcionarios_count = 1};
}

static void open_published(struct mundo *m)
{
	const char *message = NULL;

	assert_int_equal(calendarios_open(m->hand, &m->server.calendarios, &message), OK);
	assert_int_equal(catalogos_open(m->hand, &m->server.catalogos, &message), OK);
	m->calendario = calendarios_vigente(m->server.calendarios)->c;
}

void mundo_publicado(struct mundo *m)
{
	assert_int_equal(calendarios_refresh(m->server.calendarios, m->hand), OK);
	assert_int_equal(catalogos_refresh(m->server.catalogos, m->hand), OK);
	m->calendario = calendarios_vigente(m->server.calendarios)->c;
}

void mundo_take(struct mundo *m)
{
	struct writer_config wc = {.server = &m->server,
		.place = m->config.almacen,
		.sealer = m->sealer,
		.most = m->config.cola};

	assert_int_equal(writer_open(&wc, &m->writer), OK);
	assert_int_equal(store_open(m->config.almacen, DB_WRITE, &m->hand), OK);
	assert_int_equal(store_pool_open(m->config.almacen, 3, &m->server.readers), OK);
	assert_int_equal(llaves_open(1000, &m->server.llaves), OK);
	assert_int_equal(budget_open(&m->server.budget), OK);
	if (m->server.calendarios == NULL)
		open_published(m);
	else
		mundo_publicado(m);
}

void mundo_let_go(struct mundo *m)
{
	writer_close(m->writer);
	store_close(m->hand);
	store_pool_close(m->server.readers);
	llaves_close(m->server.llaves);
	budget_close(m->server.budget);
}

void mundo_open(struct mundo *m)
{
	const char *tmp = getenv("BUZON_TMP");

	*m = (struct mundo){0};
	arena_init(&m->arena, 16 * 1024 * 1024);
	snprintf(m->folder, sizeof(m->folder), "%s/mundo.XXXXXX", tmp != NULL ? tmp : "/tmp");
	assert_non_null(mkdtemp(m->folder));
	assert_int_equal(zona_setup(), OK);
	fill_config(m);
	assert_int_equal(sealer_start(&m->config, &m->sealer), OK);
	assert_int_equal(trust_open(m->config.confianza, &m->trust), OK);
	assert_int_equal(
		legales_load(&m->arena, &m->config, &m->legales, &(const char *){NULL}), OK);
	m->fisica = pki_efirma("fisica");
	m->moral = pki_efirma("moral");
	m->funcionario = pki_efirma("funcionario");
	m->server = (struct server){.config = &m->config,
		.trust = m->trust,
		.legales = &m->legales,
		.sello_certificado = sealer_certificate(m->sealer),
		.sello_bytes = sealer_sello_bytes(m->sealer)};
	mundo_take(m);
	mundo_at(m, pki_now());
	assert_int_equal(
		legales_poner(&m->legales, &m->arena, m->hand, m->now, &(const char *){NULL}), OK);
}

void mundo_close(struct mundo *m)
{
	mundo_let_go(m);
	calendarios_free(m->server.calendarios);
	catalogos_free(m->server.catalogos);
	sealer_stop(m->sealer);
	trust_free(m->trust);
	efirma_free(m->fisica);
	efirma_free(m->moral);
	efirma_free(m->funcionario);
	arena_free(&m->arena);
}

void mundo_restart(struct mundo *m)
{
	mundo_let_go(m);
	mundo_take(m);
}

void mundo_at(struct mundo *m, int64_t now)
{
	m->now = now;
	m->server.clock = clock_fixed(now);
}

void mundo_alta(struct mundo *m, const char *rfc, const char *nombre, bool habilitado)
{
	struct in_particular_poner in = {.rfc = rfc,
		.nombre = nombre,
		.zona = ZONA_CENTRO,
		.habilitado = habilitado ? m->now : 0};

	assert_int_equal(q_particular_poner(m->hand, &in, &m->arena, NULL), OK);
}

int64_t mundo_ready(const struct mundo *m)
{
	struct plazo_aviso aviso;
	int64_t ready = m->now;

	do {
		ready -= 600000;
		assert_int_equal(plazo_de_aviso(&m->calendario, ready, &aviso), OK);
	} while (aviso.aviso != ready);
	return ready;
}

const char *mundo_fecha(struct mundo *m, struct arena *a, int64_t ready)
{
	struct plazo_aviso aviso;
	struct plazo_efecto efecto;

	assert_int_equal(plazo_de_aviso(&m->calendario, ready, &aviso), OK);
	assert_int_equal(plazo_de_apertura(&m->calendario, &aviso, m->now, 15, &efecto), OK);
	return fecha_text(a, efecto.dia, FECHA_ISO);
}

/* As what was issued before there were acuses of it: the cadena names the folio. */
static void put_file(
	struct mundo *m, const char *rfc, const char *folio, const char *sha, int64_t ready)
{
	const struct efirma *f = m->funcionario;
	const struct valor says[] = {{"Documento", OFICIO}, {"SHA-256", sha}, {"Folio", folio},
		{"RFC", rfc}, {"Firmante", f->cert.rfc},
		{"Fecha", hora_text(&m->arena, zona_centro(), ready, HORA_CADENA)}};
	struct in_archivo_poner in = {.folio = folio,
		.sha256 = sha,
		.bytes = 8,
		.certificado = f->cert.der,
		.datos = bytes_of_text("%PDF-1.7"),
		.titular = rfc};

	assert_int_equal(valores_join(&m->arena, says, COUNT_OF(says), &in.cadena), OK);
	assert_int_equal(key_sign(&m->arena, f->key, bytes_of_text(in.cadena), &in.firma), OK);
	assert_int_equal(q_archivo_poner(m->hand, &in, &m->arena, NULL), OK);
}

const char *mundo_aviso(struct mundo *m, const char *rfc, int64_t ready)
{
	static int number;
	struct plazo_aviso aviso;
	struct in_buzon_seq seq = {.titular = rfc};
	struct out_buzon_seq last;
	const char *sha;
	char *folio = arena_alloc(&m->arena, FOLIO_BYTES);

	assert_non_null(folio);
	folio_of(ready + ++number, folio);
	assert_int_equal(plazo_de_aviso(&m->calendario, ready, &aviso), OK);
	assert_int_equal(sha256_hex(&m->arena, bytes_of_text("%PDF-1.7"), &sha), OK);
	/* Whoever looks sees both rows or none, as of the verb's. */
	assert_int_equal(store_begin(m->hand), OK);
	assert_int_equal(q_buzon_seq(m->hand, &seq, &m->arena, &last), OK);
	struct in_notificacion_poner in = {.folio = folio,
		.titular = rfc,
		.seq = last.seq + 1,
		.oficio = OFICIO,
		.tipo = "R-7.3",
		.documento = "Resolución de rectificación de la prima",
		.funcionario = "FUNCIONARIA DE PRUEBA",
		.plazo_dias = 15,
		.aviso = aviso.aviso,
		.vence = aviso.vence,
		.archivo = sha,
		.emitida = aviso.aviso,
		.sale = aviso.aviso};

	put_file(m, rfc, folio, sha, ready);
	assert_int_equal(q_notificacion_poner(m->hand, &in, &m->arena, NULL), OK);
	assert_int_equal(store_commit(m->hand), OK);
	return folio;
}

struct received mundo_request(struct mundo *m, struct arena *a, enum route route,
	const void *message, const struct firma_de *f)
{
	const struct route_row *row = route_row(route);
	int64_t created = f->created != 0 ? f->created : m->now;
	int64_t expires = f->expires != 0 ? f->expires : created + 300000;
	static const unsigned char none[16];
	unsigned char nonce[16];
	struct httpsig sig;
	struct received rq = {.method = "POST",
		.target = row->path,
		.host = AUTHORITY,
		.content_type = "application/json",
		.peer = "127.0.0.1"};

	memcpy(nonce, f->nonce, sizeof(nonce));
	if (memcmp(nonce, none, sizeof(nonce)) == 0)
		assert_int_equal(httpsig_nonce(m->now, nonce), OK);
	assert_int_equal(codec_encode(a, row->request, message, &rq.body), OK);
	assert_int_equal(httpsig_digest(a, rq.body, &rq.content_digest), OK);
	struct httpsig_request covered = {.method = rq.method,
		.authority = rq.host,
		.path = rq.target,
		.content_type = rq.content_type,
		.content_digest = rq.content_digest};

	assert_int_equal(httpsig_sign(a, &covered, f->key, f->keyid, created / 1000, expires / 1000,
				 nonce, &sig),
		OK);
	rq.signature_input = covered.signature_input;
	rq.signature = covered.signature;
	return rq;
}

struct exchange *mundo_call(struct mundo *m, struct arena *a, const struct received *rq)
{
	struct exchange *x = arena_zalloc(a, sizeof(*x));

	assert_non_null(x);
	x->arena = a;
	x->rq = *rq;
	if (serve_check(&m->server, x) == SERVE_ACT)
		writer_group(m->writer, &x, 1);
	return x;
}

const void *mundo_answer(struct arena *a, const struct exchange *x)
{
	void *m = arena_zalloc(a, x->row->answer->size);

	assert_non_null(m);
	if (x->status != 200)
		return NULL;
	assert_int_equal(codec_decode(a, x->row->answer, CODEC_TOLERANT, x->answer, m, NULL), OK);
	return m;
}

const char *mundo_error(struct arena *a, const struct exchange *x)
{
	struct m_fallo f = {0};

	if (x->status == 200)
		return "";
	assert_int_equal(codec_decode(a, &message_fallo, CODEC_TOLERANT, x->answer, &f, NULL), OK);
	return f.error;
}

struct firma_de mundo_efirma(const struct efirma *f)
{
	return (struct firma_de){.key = f->key, .keyid = f->cert.thumbprint};
}

struct key *mundo_enter(struct mundo *m, const struct efirma *f, const char **ret_keyid)
{
	struct key *reading;
	unsigned char raw[32];
	struct firma_de by = mundo_efirma(f);

	assert_int_equal(key_make_ed25519(&reading), OK);
	assert_int_equal(key_public_ed25519(reading, raw), OK);
	struct m_entrar entrar = {.hat = {f->cert.rfc, "propio"},
		.certificado = f->cert.der,
		.llave_lectura = bytes_of(raw, sizeof(raw)),
		.version = 1};
	ARENA(a, 1 << 20);
	struct received rq = mundo_request(m, &a, ROUTE_ID_entrar, &entrar, &by);
	struct exchange *x = mundo_call(m, &a, &rq);

	assert_string_equal(mundo_error(&a, x), "");
	assert_int_equal(key_id_ed25519(&m->arena, bytes_of(raw, sizeof(raw)), ret_keyid), OK);
	return reading;
}
