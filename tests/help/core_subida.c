#include "tests/help/core_subida.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <unistd.h>
#include "crypto/sha.h"
#include "ley/pdf.h"
#include "tests/help/cm.h"
#include "tests/help/http.h"

struct sitio sitio;

static struct firma_de by_functionary;

/* ---- the server ---- */

static void on_request(void *ctx, struct http_in_request *rq)
{
	struct sitio *s = ctx;

	subida_http_responde(&s->subidas, rq, rq->peer);
}

static bool on_head(void *ctx, struct http_in_request *rq, struct http_in_stream *ret)
{
	struct sitio *s = ctx;

	return strcmp(rq->method, "PATCH") == 0 &&
	       subida_http_empieza(&s->subidas, rq, rq->peer, ret);
}

static void on_piece(void *ctx, struct http_in_request *rq)
{
	(void)ctx;
	((const struct en_piezas *)rq->user)->pieza(rq);
}

static void on_closed(void *ctx, struct http_in_request *rq)
{
	(void)ctx;
	(void)rq;
}

static void open_end(struct sitio *s, struct writer *w)
{
	struct http_in_config c = {.address = "127.0.0.1",
		.threads = 2,
		.body_limit = 65536,
		.arena_allowance = (size_t)4 << 20};
	struct http_in_handlers h = {.ctx = s,
		.request = on_request,
		.streams = on_head,
		.piece = on_piece,
		.closed = on_closed};

	s->subidas.server = &mundo.server;
	assert_int_equal(subida_cola_open(&mundo.server, w, &s->subidas.cola), OK);
	assert_int_equal(http_in_start(&c, &h, &s->in), OK);
	s->port = http_in_port(s->in);
}

int subida_set_up(void **state)
{
	static struct funcionario who;
	const char *keyid;

	if (titular_set_up(state) != 0)
		return -1;
	who = (struct funcionario){
		.rfc = mundo.funcionario->cert.rfc, .nombre = "FUNCIONARIA DE PRUEBA"};
	mundo.config.funcionarios = &who;
	mundo.config.funcionarios_count = 1;
	by_functionary = mundo_efirma(mundo.funcionario);
	key_free(mundo_enter(&mundo, mundo.funcionario, &keyid));
	assert_int_equal(writer_start(mundo.writer), OK);
	open_end(&sitio, mundo.writer);
	return 0;
}

int subida_tear_down(void **state)
{
	http_in_stop(sitio.in, 2000);
	int e = titular_tear_down(state);

	/* Behind the writer that ran it. */
	subida_cola_close(sitio.subidas.cola);
	return e;
}

void sitio_restart(void)
{
	http_in_stop(sitio.in, 0);
	mundo_restart(&mundo);
	subida_cola_close(sitio.subidas.cola);
	assert_int_equal(writer_start(mundo.writer), OK);
	open_end(&sitio, mundo.writer);
}

void sitio_open_other(struct sitio *s, struct writer **ret)
{
	struct writer_config wc = {.server = &mundo.server,
		.place = mundo.config.almacen,
		.sealer = mundo.sealer,
		.most = 100};

	assert_int_equal(writer_open(&wc, ret), OK);
	assert_int_equal(writer_start(*ret), OK);
	open_end(s, *ret);
}

void sitio_close_other(struct sitio *s, struct writer *w)
{
	http_in_stop(s->in, 2000);
	writer_close(w);
	subida_cola_close(s->subidas.cola);
}

/* ---- files ---- */

struct bytes subida_pdf(struct arena *a, size_t size, uint32_t seed)
{
	struct pdf *p;
	struct bytes pdf;
	char *noise = arena_alloc(a, size + 1);
	uint32_t x = seed * 2654435761U + 1;

	assert_non_null(noise);
	for (size_t i = 0; i < size; i++) {
		x ^= x << 13;
		x ^= x >> 17;
		x ^= x << 5;
		noise[i] = (char)x;
	}
	assert_int_equal(pdf_open(a, "Documento de prueba", 0, &p), OK);
	assert_int_equal(pdf_page(p), OK);
	pdf_text(p, PDF_REGULAR, 10, 72, 700, "Cédula de liquidación");
	pdf_attach(p, "relleno.bin", "application/octet-stream", bytes_of(noise, size));
	assert_int_equal(pdf_end(p, &pdf), OK);
	return pdf;
}

const char *subida_sha256(struct arena *a, struct bytes b)
{
	const char *hex;

	assert_int_equal(sha256_hex(a, b, &hex), OK);
	return hex;
}

/* ---- acts ---- */

struct wait {
	pthread_mutex_t lock;
	pthread_cond_t done;
	bool ended;
};

static void act_done(struct exchange *x)
{
	struct wait *w = x->user;

	pthread_mutex_lock(&w->lock);
	w->ended = true;
	pthread_cond_signal(&w->done);
	pthread_mutex_unlock(&w->lock);
}

struct exchange *subida_act(struct arena *a, enum route r, const void *m, const struct firma_de *f)
{
	struct wait w = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false};
	struct exchange *x = arena_zalloc(a, sizeof(*x));

	assert_non_null(x);
	x->arena = a;
	x->done = act_done;
	x->user = &w;
	x->rq = mundo_request(&mundo, a, r, m, f);
	if (serve_check(&mundo.server, x) != SERVE_ACT)
		return x;
	assert_int_equal(writer_submit(mundo.writer, x), OK);
	pthread_mutex_lock(&w.lock);
	while (!w.ended)
		pthread_cond_wait(&w.done, &w.lock);
	pthread_mutex_unlock(&w.lock);
	return x;
}

const struct m_archivo_creado *subida_anunciar(
	struct arena *a, const char *sha256, int64_t bytes, const char **ret_error)
{
	struct m_archivo_crear m = {.hat = {mundo.funcionario->cert.rfc, "funcionario"},
		.sha256 = sha256,
		.bytes = bytes};
	struct exchange *x = subida_act(a, ROUTE_ID_archivo_crear, &m, &by_functionary);

	*ret_error = mundo_error(a, x);
	return mundo_answer(a, x);
}

/* ---- the wire ---- */

static const char *header(const char *answer, const char *name)
{
	const char *at = strcasestr(answer, name);

	return at != NULL ? at + strlen(name) : NULL;
}

struct respuesta subida_end(struct arena *a, int fd)
{
	char text[8192];
	struct respuesta r = {.offset = -1};

	http_receive_answer(fd, text, sizeof(text));
	close(fd);
	const char *offset = header(text, "\r\nUpload-Offset: ");
	const char *complete = header(text, "\r\nUpload-Complete: ");

	(void)!sscanf(text, "HTTP/1.1 %d", &r.status);
	if (offset != NULL)
		r.offset = strtoll(offset, NULL, 10);
	r.complete = complete != NULL && strncmp(complete, "?1", 2) == 0;
	r.text = arena_strdup(a, text);
	assert_non_null(r.text);
	return r;
}

struct respuesta subida_head(struct arena *a, const struct sitio *s, const char *direccion)
{
	int fd = http_connect(s->port);

	http_send_text(fd, arena_printf(a,
				   "HEAD /v1/archivo/%s HTTP/1.1\r\nHost: h\r\n"
				   "Connection: close\r\n\r\n",
				   direccion));
	return subida_end(a, fd);
}

int subida_begin(const struct sitio *s, const char *direccion, int64_t offset, int64_t length)
{
	char head[512];
	char framing[64] = "Transfer-Encoding: chunked";
	int fd = http_connect(s->port);

	if (length >= 0)
		snprintf(framing, sizeof(framing), "Content-Length: %" PRId64, length);
	snprintf(head, sizeof(head),
		"PATCH /v1/archivo/%s HTTP/1.1\r\nHost: h\r\nUpload-Offset: %" PRId64
		"\r\nUpload-Complete: ?1\r\nContent-Type: application/partial-upload\r\n%s\r\n\r\n",
		direccion, offset, framing);
	http_send_text(fd, head);
	return fd;
}

struct respuesta subida_patch(struct arena *a, const struct sitio *s, const char *direccion,
	int64_t offset, struct bytes some)
{
	int fd = subida_begin(s, direccion, offset, (int64_t)some.size);

	http_send(fd, some.data, some.size);
	return subida_end(a, fd);
}
