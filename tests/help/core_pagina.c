#include "tests/help/core_pagina.h"

#include <inttypes.h>
#include <pthread.h>
#include "base/b64.h"
#include "core/pagina.h"
#include "crypto/sha.h"
#include "tests/help/cm.h"
#include "tests/help/core_sql.h"

#define WAIT_MS 30000

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t answered = PTHREAD_COND_INITIALIZER;

void pagina_medio(const char *folio, const char *enlace, int64_t registrado)
{
	ARENA(a, 65536);
	unsigned char hash[SHA256_BYTES];
	bool pg = store_shared(mundo.config.almacen);
	int64_t parte;

	assert_int_equal(sha256(bytes_of_text(enlace), hash), OK);
	assert_int_equal(store_parte(bytes_of_text(rfc), &parte), OK);
	sql_run(mundo.config.almacen,
		arena_printf(&a,
			"INSERT INTO medio (folio, parte, titular, rp, mecanismo, valor, clave, "
			"registrado, vence, sal, codigo, enlace) VALUES ('%s', %" PRId64
			", '%s', '', 'correo', '" CORREO "', '" CORREO "', %" PRId64 ", %" PRId64
			", %s00', %s00', %s%s')",
			folio, parte, rfc, registrado, registrado + 72 * INT64_C(3600000),
			pg ? "'\\x" : "x'", pg ? "'\\x" : "x'", pg ? "'\\x" : "x'",
			hex_encode(&a, bytes_of(hash, sizeof(hash)))));
}

static void done(struct exchange *x)
{
	pthread_mutex_lock(&mutex);
	x->user = x;
	pthread_cond_broadcast(&answered);
	pthread_mutex_unlock(&mutex);
}

struct exchange *pagina_ask(struct arena *a, const char *method, const char *target)
{
	struct exchange *x = NULL;

	/* Also where the test makes memory end. */
	while (x == NULL)
		x = arena_zalloc(a, sizeof(*x));
	x->arena = a;
	x->done = done;
	x->rq = (struct received){.method = method,
		.target = target,
		.peer = "192.0.2.1",
		.content_type =
			strcmp(method, "POST") == 0 ? "application/x-www-form-urlencoded" : NULL};
	assert_true(pagina_answer(&mundo.server, mundo.writer, x));
	return x;
}

void pagina_end(struct exchange *x)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += WAIT_MS / 1000;
	pthread_mutex_lock(&mutex);
	while (x->user == NULL && pthread_cond_timedwait(&answered, &mutex, &until) == 0)
		;
	pthread_mutex_unlock(&mutex);
	assert_non_null(x->user);
}

const char *pagina_wait(struct exchange *x, int status)
{
	pagina_end(x);
	const char *page = arena_copy(x->arena, x->answer.data, x->answer.size);

	assert_non_null(page);
	if (x->status != status)
		fail_msg("%d, not %d: %s", x->status, status, page);
	return page;
}

const char *pagina_get(struct arena *a, const char *target, int status)
{
	return pagina_wait(pagina_ask(a, "GET", target), status);
}

const char *pagina_post(struct arena *a, const char *target, int status)
{
	return pagina_wait(pagina_ask(a, "POST", target), status);
}
