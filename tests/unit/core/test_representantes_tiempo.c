/*
 * What time and the padrón make of a representation: it begins and ends to the millisecond, those
 * who wait are told when time alone changed something, and what the Institute knows comes and goes
 * by its own word. A-16 L-3
 */
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>
#include "base/secret.h"
#include "core/representaciones.h"
#include "core/vigia.h"
#include "tests/help/cm.h"
#include "tests/help/core_lote.h"
#include "tests/help/core_representa.h"

static struct representa to_maria(const char *permisos)
{
	return (struct representa){mundo.fisica, representa_maria, permisos, 0, 0};
}

static const char *estado_of(struct arena *a)
{
	const struct m_cuenta *c =
		representa_sincroniza(a, rfc, mundo.fisica, "propio", NULL)->cuenta;

	assert_int_equal(c->representantes_count, 1);
	return c->representantes[0].estado;
}

/* ---- its dates ---- */

static void test_to_the_millisecond(void **state)
{
	ARENA(a, 8 << 20);
	struct representa r = to_maria("notificaciones:leer");

	(void)state;
	r.desde = mundo.now + 2000;
	r.hasta = mundo.now + 4000;
	const struct m_acuse *m = mundo_answer(&a, representa_alta(&a, &r));

	assert_string_equal(m->estatus, "Por iniciar");
	const struct {
		int64_t at;
		const char *entra;
		const char *estado;
	} cases[] = {
		{r.desde - 1, "sin-representacion", "futura"},
		{r.desde, "", "vigente"},
		{r.hasta, "", "vigente"},
		{r.hasta + 1, "sin-representacion", "vencida"},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		mundo_at(&mundo, cases[i].at);
		assert_string_equal(representa_entra(&a, rfc, r.a), cases[i].entra);
		assert_string_equal(estado_of(&a), cases[i].estado);
	}
	assert_string_equal(mundo_error(&a, representa_baja(&a, &r, r.titular, m->folio)),
		"representacion-terminada");
}

/* A day that began counts from the signature; one to come is kept, whenever the other signs. */
static void test_never_before_its_signatures(void **state)
{
	ARENA(a, 8 << 20);
	struct representa r = to_maria("notificaciones:abrir");

	(void)state;
	r.desde = mundo.now - 86400000;
	const struct m_acuse *m = mundo_answer(&a, representa_alta(&a, &r));
	int64_t began = mundo.now;

	mundo_at(&mundo, began + 60000);
	representa_aceptar(&a, &r, m);
	assert_int_equal(lote_number(&mundo, "SELECT desde FROM mandato"), mundo.now);
	assert_int_equal(lote_number(&mundo, "SELECT desde FROM representacion"), began);
	representa_clear(NULL);
	r.desde = mundo.now + 120000;
	m = mundo_answer(&a, representa_alta(&a, &r));
	const struct m_acuse *second = mundo_answer(&a, representa_aceptar(&a, &r, m));

	assert_string_equal(second->estatus, "Por iniciar");
	assert_int_equal(lote_number(&mundo, "SELECT desde FROM mandato"), r.desde);
}

/* Its own last day went by before the second signature. */
static void test_over_before_accepted(void **state)
{
	ARENA(a, 8 << 20);
	struct representa r = to_maria("notificaciones:abrir");

	(void)state;
	r.hasta = mundo.now + 1000;
	const struct m_acuse *m = mundo_answer(&a, representa_alta(&a, &r));

	mundo_at(&mundo, r.hasta + 1);
	assert_string_equal(
		mundo_error(&a, representa_aceptar(&a, &r, m)), "representacion-terminada");
}

/* ---- the job ---- */

static int64_t told(const char *of)
{
	return lote_number(&mundo, "SELECT cuenta FROM particular WHERE rfc = '%s'", of);
}

static size_t run_at(struct tareas *t, int64_t now)
{
	return lote_run(t, mundo.writer, now);
}

static void test_job_tells_both(void **state)
{
	ARENA(a, 8 << 20);
	struct tareas_config c = {.server = &mundo.server, .writer = mundo.writer};
	struct tareas *t;
	struct representa r = to_maria("notificaciones:leer");
	const char *maria = r.a->cert.rfc;

	(void)state;
	assert_int_equal(tareas_open(&c, &t), OK);
	r.desde = mundo.now + 2000;
	r.hasta = mundo.now + 4000;
	representa_vigente(&a, &r);
	int64_t was[] = {told(rfc), told(maria)};

	assert_int_equal(run_at(t, r.desde - 1), 0);
	assert_int_equal(run_at(t, r.desde), 1);
	assert_int_equal(told(rfc), was[0] + 1);
	assert_int_equal(told(maria), was[1] + 1);
	assert_int_equal(run_at(t, r.hasta), 0);
	assert_int_equal(run_at(t, r.hasta + 1), 1);
	assert_int_equal(told(maria), was[1] + 2);
	assert_int_equal(lote_number(&mundo, "SELECT COUNT(*) FROM tarea"), 0);
	tareas_free(t);
}

/* A proposal that nobody accepted; one that was leaves no job, nor does one that ended. */
static void test_job_of_a_proposal(void **state)
{
	ARENA(a, 8 << 20);
	struct tareas_config c = {.server = &mundo.server, .writer = mundo.writer};
	struct tareas *t;
	struct representa r = to_maria("notificaciones:firmar");
	const struct m_acuse *m = mundo_answer(&a, representa_alta(&a, &r));
	int64_t last = mundo.now + REPRESENTACIONES_ACEPTA_MS;
	int64_t was = told(r.a->cert.rfc);

	(void)state;
	assert_int_equal(tareas_open(&c, &t), OK);
	assert_int_equal(run_at(t, last), 0);
	assert_int_equal(run_at(t, last + 1), 1);
	assert_int_equal(told(r.a->cert.rfc), was + 1);
	assert_string_equal(estado_of(&a), "por-aceptar");
	representa_clear(NULL);
	m = mundo_answer(&a, representa_alta(&a, &r));
	assert_int_equal(lote_number(&mundo, "SELECT COUNT(*) FROM tarea"), 1);
	representa_aceptar(&a, &r, m);
	assert_int_equal(lote_number(&mundo, "SELECT COUNT(*) FROM tarea"), 0);
	representa_clear(NULL);
	r.hasta = mundo.now + 100000;
	representa_baja(&a, &r, r.a, representa_vigente(&a, &r));
	assert_int_equal(lote_number(&mundo, "SELECT COUNT(*) FROM tarea"), 0);
	tareas_free(t);
}

/* ---- whoever waits ---- */

static atomic_bool answered;

static void done(struct exchange *x)
{
	(void)x;
	atomic_store(&answered, true);
}

struct waiting {
	struct reloj reloj;
	struct waits *waits;
	struct vigia *vigia;
	struct exchange *x;
};

/* A long poll that has nothing to be told, as that e.firma in that calidad of the titular. */
static void wait_for_news(struct arena *a, struct waiting *w, const struct efirma *by,
	const char *titular, const char *calidad)
{
	struct firma_de f = mundo_efirma(by);
	struct m_sincronizar rq = {.hat = {titular, calidad}, .espera_s = 50};
	struct vigia_config vc = {
		.place = mundo.config.almacen, .server = &mundo.server, .reloj = &w->reloj};

	rq.cursor = representa_sincroniza(a, titular, by, calidad, NULL)->cursor;
	w->x = arena_zalloc(a, sizeof(*w->x));
	w->x->arena = a;
	w->x->rq = mundo_request(&mundo, a, ROUTE_ID_sincronizar, &rq, &f);
	w->x->done = done;
	atomic_store(&answered, false);
	assert_int_equal(serve_check(&mundo.server, w->x), SERVE_WAIT_CHANGE);
	assert_int_equal(waits_start(&mundo.server, &w->waits), OK);
	vc.waits = w->waits;
	assert_int_equal(vigia_start(&vc, &w->vigia), OK);
	assert_int_equal(waits_add(w->waits, w->x, 50), OK);
}

static void assert_answered(struct waiting *w)
{
	for (int i = 0; i < 15000 && !atomic_load(&answered); i++)
		nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
	assert_true(atomic_load(&answered));
	waits_stop(w->waits);
	vigia_stop(w->vigia);
	waits_free(w->waits);
}

/* The mandate ends while its reader waits: nothing more is told under it. */
static void test_ends_while_waiting(void **state)
{
	ARENA(a, 8 << 20);
	ARENA(mine, 8 << 20);
	struct representa r = to_maria("notificaciones:leer");
	const char *folio = representa_vigente(&mine, &r);
	struct waiting w = {0};

	(void)state;
	wait_for_news(&a, &w, r.a, rfc, "representante");
	assert_string_equal(mundo_error(&mine, representa_baja(&mine, &r, r.titular, folio)), "");
	assert_answered(&w);
	assert_string_equal(mundo_error(&a, w.x), "sin-representacion");
	/* Nor is a notification that came at that very moment. */
	representa_clear(NULL);
	folio = representa_vigente(&mine, &r);
	wait_for_news(&a, &w, r.a, rfc, "representante");
	mundo_at(&mundo, mundo.now + 1000);
	representa_baja(&mine, &r, r.a, folio);
	mundo_aviso(&mundo, rfc, mundo_ready(&mundo));
	assert_answered(&w);
	assert_string_equal(mundo_error(&a, w.x), "sin-representacion");
}

/* Whoever is named hears of it at once, and the titular of the acceptance. */
static void test_told_while_waiting(void **state)
{
	ARENA(a, 8 << 20);
	ARENA(mine, 8 << 20);
	struct representa r = to_maria("notificaciones:firmar");
	struct waiting w = {0};

	(void)state;
	wait_for_news(&a, &w, r.a, r.a->cert.rfc, "propio");
	const struct m_acuse *m = mundo_answer(&mine, representa_alta(&mine, &r));

	assert_answered(&w);
	const struct m_sincronizado *got = mundo_answer(&a, w.x);

	assert_string_equal(got->cuenta->representados[0].estado, "por-aceptar");
	wait_for_news(&a, &w, r.titular, rfc, "propio");
	assert_string_equal(mundo_error(&mine, representa_aceptar(&mine, &r, m)), "");
	assert_answered(&w);
	got = mundo_answer(&a, w.x);
	assert_string_equal(got->cuenta->representantes[0].estado, "vigente");
}

/* Time alone: the job's commit wakes them. */
static void test_time_wakes(void **state)
{
	ARENA(a, 8 << 20);
	ARENA(mine, 8 << 20);
	struct tareas_config c = {.server = &mundo.server, .writer = mundo.writer};
	struct tareas *t;
	struct representa r = to_maria("medios:leer");
	struct waiting w = {0};

	(void)state;
	assert_int_equal(tareas_open(&c, &t), OK);
	r.hasta = mundo.now + 5000;
	representa_vigente(&mine, &r);
	wait_for_news(&a, &w, r.a, rfc, "representante");
	mundo_at(&mundo, r.hasta + 1);
	assert_int_equal(run_at(t, mundo.now), 1);
	assert_answered(&w);
	assert_string_equal(mundo_error(&a, w.x), "sin-representacion");
	tareas_free(t);
}

/* ---- the padrón ---- */

static struct alcance all_levels(enum nivel n)
{
	struct alcance a;

	for (unsigned i = 0; i < AMBITOS; i++)
		a.nivel[i] = n;
	return a;
}

/* What a verb of the padrón does, in a transaction of its own. */
static enum err in_padron(
	const char *representante, const struct alcance *alcance, int64_t desde, int64_t hasta)
{
	ARENA(a, 1 << 20);
	struct env env = {.arena = &a, .store = mundo.hand, .now = mundo.now};

	assert_int_equal(store_begin(mundo.hand), OK);
	enum err e = alcance != NULL ? representaciones_padron(
					       &env, rfc, representante, alcance, desde, hasta)
				     : representaciones_padron_quitar(&env, rfc, representante);

	if (e == OK)
		assert_int_equal(store_commit(mundo.hand), OK);
	else
		store_rollback(mundo.hand);
	return e;
}

static void test_padron(void **state)
{
	ARENA(a, 8 << 20);
	struct alcance leer = all_levels(NIVEL_LEER);
	struct alcance firmar = all_levels(NIVEL_FIRMAR);
	struct representa r = to_maria("medios:leer");
	const char *maria = r.a->cert.rfc;

	(void)state;
	assert_int_equal(in_padron(maria, &firmar, mundo.now - 1000, 0), OK);
	assert_string_equal(representa_entra(&a, rfc, r.a), "");
	const struct m_cuenta *c = representa_sincroniza(&a, maria, r.a, "propio", NULL)->cuenta;

	assert_string_equal(c->representados[0].origen, "padron");
	assert_string_equal(c->representados[0].estado, "vigente");
	assert_string_equal(c->representados[0].folio, arena_printf(&a, "PADRON-%s", maria));
	/* The same again is nothing. */
	int64_t was = told(maria);

	assert_int_equal(in_padron(maria, &firmar, mundo.now - 1000, 0), OK);
	assert_int_equal(in_padron(maria, &firmar, 0, 0), OK);
	assert_int_equal(told(maria), was);
	assert_int_equal(lote_number(&mundo, "SELECT COUNT(*) FROM mandato"), AMBITOS);
	/* Less of it, and then none. */
	assert_int_equal(in_padron(maria, &leer, mundo.now - 1000, 0), OK);
	assert_int_equal(told(maria), was + 1);
	assert_int_equal(lote_number(&mundo, "SELECT MAX(nivel) FROM mandato"), NIVEL_LEER);
	assert_string_equal(mundo_error(&a, representa_alta(&a, &r)), "representacion-repetida");
	assert_int_equal(in_padron(maria, NULL, 0, 0), OK);
	assert_int_equal(in_padron(maria, NULL, 0, 0), OK);
	assert_string_equal(representa_entra(&a, rfc, r.a), "sin-representacion");
	assert_int_equal(told(maria), was + 2);
	/* It is told again. */
	assert_int_equal(in_padron(maria, &leer, mundo.now - 1000, 0), OK);
	assert_string_equal(representa_entra(&a, rfc, r.a), "");
	assert_int_equal(in_padron("RUSA820922TT8", NULL, 0, 0), OK);
}

/* Either side may end it here; the padrón, which does not know, doesn't bring it back. */
static void test_padron_ended_here(void **state)
{
	ARENA(a, 8 << 20);
	struct alcance leer = all_levels(NIVEL_LEER);
	struct representa r = to_maria("");
	const char *maria = r.a->cert.rfc;
	const char *folio = arena_printf(&a, "PADRON-%s", maria);

	(void)state;
	assert_int_equal(in_padron(maria, &leer, mundo.now - 1000, 0), OK);
	assert_string_equal(mundo_error(&a, representa_baja(&a, &r, r.a, folio)), "");
	assert_int_equal(in_padron(maria, &leer, mundo.now - 1000, 0), OK);
	assert_string_equal(representa_entra(&a, rfc, r.a), "sin-representacion");
	/* Nor where it does not say since when. */
	mundo_at(&mundo, mundo.now + 1000);
	assert_int_equal(in_padron(maria, &leer, 0, 0), OK);
	assert_string_equal(representa_entra(&a, rfc, r.a), "sin-representacion");
	/* A later one is another. */
	assert_int_equal(in_padron(maria, &leer, mundo.now + 1000, 0), OK);
	mundo_at(&mundo, mundo.now + 1000);
	assert_string_equal(representa_entra(&a, rfc, r.a), "");
}

/* Beside one that was made here with the same days: each has its own mandates. */
static void test_padron_beside(void **state)
{
	ARENA(a, 8 << 20);
	struct alcance leer = all_levels(NIVEL_LEER);
	struct representa r = to_maria("notificaciones:leer");
	const char *maria = r.a->cert.rfc;

	(void)state;
	r.desde = mundo.now + 1000;
	const char *folio = representa_vigente(&a, &r);

	assert_int_equal(in_padron(maria, &leer, r.desde, 0), OK);
	mundo_at(&mundo, r.desde);
	assert_string_equal(mundo_error(&a, representa_baja(&a, &r, r.titular, folio)), "");
	assert_string_equal(representa_entra(&a, rfc, r.a), "");
	assert_int_equal(in_padron(maria, NULL, 0, 0), OK);
	assert_string_equal(representa_entra(&a, rfc, r.a), "sin-representacion");
}

static void test_padron_refuses(void **state)
{
	struct alcance none = {0};
	struct alcance leer = all_levels(NIVEL_LEER);
	struct alcance abrir = all_levels(NIVEL_ABRIR);

	(void)state;
	assert_int_equal(in_padron("NADIE", &leer, 0, 0), ERR_BAD_FIELD);
	assert_int_equal(in_padron(rfc, &leer, 0, 0), ERR_SELF);
	assert_int_equal(in_padron("RUSA820922TT8", &none, 0, 0), ERR_BAD_FIELD);
	assert_int_equal(in_padron("RUSA820922TT8", &leer, 1000, 999), ERR_BAD_FIELD);
	assert_int_equal(in_padron(mundo.moral->cert.rfc, &abrir, 0, 0), ERR_BAD_FIELD);
	assert_int_equal(lote_number(&mundo, "SELECT COUNT(*) FROM representacion"), 0);
}

/* ---- its words ---- */

static void test_words(void **state)
{
	ARENA(a, 65536);
	static const char *const bad[] = {"", " ", "medios", "medios:", "medios:todo", ":leer",
		"medios:leer medios:leer", "medios:leer  activacion:leer", "medios:leer ",
		" medios:leer", "medios:leer,activacion:leer",
		"mediosmediosmediosmediosmediosmedios:leer"};
	struct alcance got;
	struct alcance put = {0};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		if (representaciones_lee(bad[i], &got))
			fail_msg("«%s» was taken", bad[i]);
	put.nivel[AMBITO_NOTIFICACIONES] = NIVEL_ABRIR;
	put.nivel[AMBITO_ACTIVACION] = NIVEL_LEER;
	const char *text = representaciones_texto(&a, &put);

	assert_string_equal(text, "notificaciones:abrir activacion:leer");
	assert_true(representaciones_lee(text, &got));
	for (unsigned i = 0; i < AMBITOS; i++)
		assert_int_equal(got.nivel[i], put.nivel[i]);
}

#define TEST(f) cmocka_unit_test_setup(f, representa_clear)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_to_the_millisecond),
		TEST(test_never_before_its_signatures),
		TEST(test_over_before_accepted),
		TEST(test_job_tells_both),
		TEST(test_job_of_a_proposal),
		TEST(test_ends_while_waiting),
		TEST(test_told_while_waiting),
		TEST(test_time_wakes),
		TEST(test_padron),
		TEST(test_padron_ended_here),
		TEST(test_padron_beside),
		TEST(test_padron_refuses),
		TEST(test_words),
	};
	struct secret_status status;

	if (secret_setup(&status) != OK)
		return 1;
	return cmocka_run_group_tests(tests, representa_set_up, representa_tear_down);
}
