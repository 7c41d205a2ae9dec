/*
 * Uploads, from the writer's side: what is completed is what was proved, whoever announces and
 * sends at the same time. L-6.5 L-7.1, wire.md "Files"
 */
#include <stdatomic.h>
#include <unistd.h>
#include "core/subida_cola.h"
#include "tests/help/cm.h"
#include "tests/help/core_lote.h"
#include "tests/help/core_subida.h"

#define ROOM (16 << 20)

static atomic_bool turned;

static void turn_done(struct subida_turno *t)
{
	(void)t;
	atomic_store(&turned, true);
}

static enum err turn(struct subida_cola *q, struct subida_turno *t)
{
	t->done = turn_done;
	atomic_store(&turned, false);
	subida_cola_put(q, t);
	while (!atomic_load(&turned))
		usleep(1000);
	return t->err;
}

/* Other bytes came to that address while the first ones were proved: those are not these. */
static void what_was_proved_is_what_is_completed(void **state)
{
	ARENA(a, ROOM);
	AUTO(subida_cola) q = NULL;
	struct bytes pdf = bytes_of_text("%PDF-1.4 uno");
	const char *sha;
	const char *error = NULL;
	struct subida u;

	(void)state;
	sha = subida_sha256(&a, pdf);
	assert_int_equal(subida_cola_open(&mundo.server, mundo.writer, &q), OK);
	const struct m_archivo_creado *m = subida_anunciar(&a, sha, (int64_t)pdf.size, &error);

	assert_non_null(m);
	const char *direccion = m->direccion;

	lote_do(&mundo, "UPDATE subida SET recibidos = bytes");
	assert_int_equal(subida_leer(mundo.hand, &a, direccion, &u), OK);
	struct subida_turno t = {
		.obra = SUBIDA_COMPLETA, .direccion = direccion, .vuelta = u.vuelta, .arena = &a};

	assert_non_null(subida_anunciar(&a, sha, (int64_t)pdf.size + 1, &error));
	assert_non_null(subida_anunciar(&a, sha, (int64_t)pdf.size, &error));
	lote_do(&mundo, "UPDATE subida SET recibidos = bytes");
	assert_int_equal(turn(q, &t), ERR_UPLOAD_OFFSET);
	assert_int_equal(lote_number(&mundo, "SELECT COUNT(completa) FROM subida"), 0);
	/* Nor does what was proved wrong then undo what is there now. */
	t.obra = SUBIDA_DE_NUEVO;
	assert_int_equal(turn(q, &t), ERR_UPLOAD_OFFSET);
	assert_int_equal(
		lote_number(&mundo, "SELECT COUNT(*) FROM subida WHERE recibidos = bytes"), 1);
	assert_int_equal(subida_leer(mundo.hand, &a, direccion, &u), OK);
	t.obra = SUBIDA_COMPLETA;
	t.vuelta = u.vuelta;
	assert_int_equal(turn(q, &t), OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_proved_is_what_is_completed),
	};

	return cmocka_run_group_tests(tests, subida_set_up, subida_tear_down);
}
