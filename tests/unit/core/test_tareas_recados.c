/*
 * Jobs that need the network: the errand runs outside any transaction, and its answer counts once,
 * for whoever has the job by then.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "base/secret.h"
#include "tests/help/cm.h"
#include "tests/help/core_lote.h"
#include "tests/help/http.h"

#define LEASE_MS 60000
#define ERRANDS 20

static struct mundo m;
static struct tareas *t;
static struct recados *recados;
static unsigned short port; /* of the peer */

static enum err note(struct tarea *j, const char *who)
{
	struct in_acceso_poner in = {
		.instante = j->env.now, .titular = who, .firmante = "tarea", .ruta = j->clave};

	return q_acceso_poner(j->env.store, &in, j->env.arena, NULL);
}

static enum err pide(struct tarea *j, struct http_out_request *ret)
{
	char *url = arena_printf(j->env.arena, "http://127.0.0.1:%u/", port);

	*ret = (struct http_out_request){.url = url, .timeout_ms = 3000, .limit = 4096};
	return url != NULL ? OK : ERR_NO_MEMORY;
}

static enum err contestado(struct tarea *j)
{
	if (j->respuesta->err != OK)
		return j->respuesta->err;
	return j->respuesta->status == 200 ? note(j, "recado") : ERR_BAD_ANSWER;
}

/* Has nothing to ask, and is due again once. */
static enum err no_pide(struct tarea *j, struct http_out_request *ret)
{
	(void)ret;
	j->otra = j->vence == m.now ? m.now + 10 : 0;
	return note(j, "sin recado");
}

static enum err apunta(struct tarea *j)
{
	return note(j, "apunta");
}

static const struct tarea_fila filas[] = {
	{.clase = "recado", .primera_ms = 1000, .mayor_ms = 8000, .hace = contestado, .pide = pide},
	{.clase = "otro", .primera_ms = 1000, .mayor_ms = 8000, .hace = contestado, .pide = pide},
	{.clase = "nada", .primera_ms = 1000, .mayor_ms = 8000, .hace = apunta, .pide = no_pide},
	{.clase = "apunta", .primera_ms = 1000, .mayor_ms = 8000, .hace = apunta},
};

static void open_tareas(void)
{
	struct tareas_config c = {.server = &m.server,
		.writer = m.writer,
		.recados = recados,
		.filas = filas,
		.filas_count = COUNT_OF(filas)};

	assert_int_equal(recados_start(100, &recados), OK);
	c.recados = recados;
	assert_int_equal(tareas_open(&c, &t), OK);
}

static int set_up(void **state)
{
	(void)state;
	mundo_open(&m);
	assert_int_equal(http_out_setup(), OK);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	mundo_close(&m);
	return 0;
}

/* Each test has a writer's thread and errands of its own. */
static int begin(void **state)
{
	(void)state;
	assert_int_equal(writer_start(m.writer), OK);
	open_tareas();
	return 0;
}

static int end(void **state)
{
	(void)state;
	if (recados != NULL)
		recados_stop(recados);
	recados = NULL;
	mundo_restart(&m);
	tareas_free(t);
	lote_do(&m, "DELETE FROM tarea");
	return 0;
}

static int64_t effects(const char *key)
{
	return lote_number(&m, "SELECT count(*) FROM acceso WHERE ruta = '%s'", key);
}

static int64_t of_job(const char *column, const char *key)
{
	return lote_number(&m, "SELECT %s FROM tarea WHERE clave = '%s'", column, key);
}

/* Until all errands have come back and what they brought is kept. */
static void wait_home(void)
{
	while (tareas_errands(t) != 0)
		nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
}

#define ANSWER "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nya"

static struct http_script peer(int last_bytes_ms)
{
	return (struct http_script){.answer = ANSWER,
		.size = strlen(ANSWER),
		.at_once = last_bytes_ms != 0 ? strlen(ANSWER) - 2 : strlen(ANSWER),
		.pace_ms = last_bytes_ms};
}

static void test_answered(void **state)
{
	struct http_script s = peer(0);

	(void)state;
	http_script_start(&s);
	port = s.port;
	lote_put(&m, "recado", "contestado", m.now);
	assert_int_equal(lote_run_there(t, m.writer, m.now), 1);
	wait_home();
	assert_int_equal(effects("contestado"), 1);
	assert_int_equal(of_job("count(*)", "contestado"), 0);
	http_script_stop(&s);
}

/* What needs no errand is settled in the first transaction. */
static void test_nothing_to_ask(void **state)
{
	(void)state;
	lote_put(&m, "nada", "sin pregunta", m.now);
	assert_int_equal(lote_run_there(t, m.writer, m.now), 1);
	assert_int_equal(tareas_errands(t), 0);
	assert_int_equal(of_job("vence", "sin pregunta"), m.now + 10);
	assert_int_equal(lote_run_there(t, m.writer, m.now + 10), 1);
	assert_int_equal(of_job("count(*)", "sin pregunta"), 0);
	assert_int_equal(effects("sin pregunta"), 2);
}

static void test_nobody_there(void **state)
{
	(void)state;
	port = http_dead_port();
	lote_put(&m, "recado", "nadie", m.now);
	for (int i = 1; i <= 3; i++) {
		assert_int_equal(lote_run_there(t, m.writer, of_job("vence", "nadie")), 1);
		wait_home();
		assert_int_equal(of_job("intentos", "nadie"), i);
		assert_int_equal(
			of_job("vence", "nadie"), m.now + tarea_espera(&filas[0], "nadie", i));
		assert_string_equal(lote_text(&m, "SELECT fallo FROM tarea WHERE clave = 'nadie'"),
			"sin-conexion");
	}
	assert_int_equal(effects("nadie"), 0);
}

/* While the errand is under way the job is moved: the answer is to another question,
 * even where it is moved to the very instant at which the lease would end. */
static void test_moved_meanwhile(void **state)
{
	struct http_script slow = peer(300);
	struct http_script s = peer(0);

	(void)state;
	http_script_start(&slow);
	port = slow.port;
	lote_put(&m, "recado", "movido", m.now);
	assert_int_equal(lote_run_there(t, m.writer, m.now), 1);
	assert_int_equal(tareas_errands(t), 1);
	lote_put(&m, "recado", "movido", m.now + LEASE_MS);
	wait_home();
	assert_int_equal(effects("movido"), 0);
	assert_int_equal(of_job("vence", "movido"), m.now + LEASE_MS);
	assert_int_equal(of_job("intentos", "movido"), 0);
	http_script_start(&s);
	port = s.port;
	assert_int_equal(lote_run_there(t, m.writer, m.now + LEASE_MS), 1);
	wait_home();
	assert_int_equal(effects("movido"), 1);
	assert_int_equal(of_job("count(*)", "movido"), 0);
	http_script_stop(&slow);
	http_script_stop(&s);
}

/* An errand that outlived its lease: both servers asked, and it happens once. */
static void test_asked_twice(void **state)
{
	struct http_script slow = peer(400);
	struct http_script s = peer(0);

	(void)state;
	http_script_start(&slow);
	http_script_start(&s);
	port = slow.port;
	lote_put(&m, "recado", "dos veces", m.now);
	assert_int_equal(lote_run_there(t, m.writer, m.now), 1);
	assert_int_equal(lote_run_there(t, m.writer, m.now + LEASE_MS - 1), 0);
	port = s.port;
	assert_int_equal(lote_run_there(t, m.writer, m.now + LEASE_MS), 1);
	assert_int_equal(tareas_errands(t), 2);
	wait_home();
	assert_int_equal(effects("dos veces"), 1);
	assert_int_equal(of_job("count(*)", "dos veces"), 0);
	http_script_stop(&slow);
	http_script_stop(&s);
}

/* A job of the same key that was made anew is not done by the answer of the old one. */
static void test_made_anew(void **state)
{
	struct http_script slow = peer(400);

	(void)state;
	http_script_start(&slow);
	port = slow.port;
	lote_put(&m, "recado", "nuevo", m.now);
	assert_int_equal(lote_run_there(t, m.writer, m.now), 1);
	lote_do(&m, "DELETE FROM tarea");
	lote_put(&m, "recado", "nuevo", m.now + 1000);
	/* The same turn, of another claim. */
	struct in_tarea_tomar in = {
		.vence = m.now + 1000 + LEASE_MS, .clase = "recado", .clave = "nuevo"};

	assert_int_equal(q_tarea_tomar(m.hand, &in, NULL, NULL), OK);
	wait_home();
	assert_int_equal(effects("nuevo"), 0);
	assert_int_equal(of_job("count(*)", "nuevo"), 1);
	http_script_stop(&slow);
}

/* A peer that says nothing holds a batch of errands, and no job that does not need it. */
static void test_silent_peer(void **state)
{
	int listener = http_listen(&port);
	char key[24];

	(void)state;
	for (int i = 0; i < 45; i++) {
		snprintf(key, sizeof(key), "mudo%d", i);
		lote_put(&m, "recado", key, m.now - 1000 + i);
	}
	for (int i = 0; i < 3; i++) {
		snprintf(key, sizeof(key), "libre%d", i);
		lote_put(&m, "apunta", key, m.now);
	}
	assert_int_equal(lote_run_there(t, m.writer, m.now), 20);
	assert_int_equal(tareas_errands(t), ERRANDS);
	/* Nor of another kind that needs the network. */
	lote_put(&m, "otro", "aparte", m.now);
	assert_int_equal(lote_run_there(t, m.writer, m.now), 4);
	assert_int_equal(lote_run_there(t, m.writer, m.now), 0);
	assert_int_equal(tareas_errands(t), ERRANDS + 1);
	assert_int_equal(effects("libre2"), 1);
	wait_home();
	/* Connected or still in its backlog. */
	assert_int_equal(lote_number(&m, "SELECT count(*) FROM tarea WHERE intentos = 1 AND fallo "
					 "IN ('tiempo-agotado', 'sin-conexion')"),
		ERRANDS + 1);
	assert_int_equal(lote_run_there(t, m.writer, m.now), 20);
	close(listener);
}

/* A server that ends gives its jobs back: due at once, and nothing counted against them. */
static void test_given_back(void **state)
{
	int listener = http_listen(&port);

	(void)state;
	lote_put(&m, "recado", "devuelto", m.now - 5);
	assert_int_equal(lote_run_there(t, m.writer, m.now), 1);
	recados_stop(recados);
	recados = NULL;
	wait_home();
	assert_int_equal(of_job("vence", "devuelto"), m.now);
	assert_int_equal(of_job("intentos", "devuelto"), 0);
	assert_null(lote_text(&m, "SELECT fallo FROM tarea WHERE clave = 'devuelto'"));
	close(listener);
}

/* Without errands such kinds rest, and fail in nothing. */
static void test_no_errands(void **state)
{
	struct tareas *without;
	struct tareas_config c = {.server = &m.server,
		.writer = m.writer,
		.filas = filas,
		.filas_count = COUNT_OF(filas)};

	(void)state;
	assert_int_equal(tareas_open(&c, &without), OK);
	lote_put(&m, "recado", "descansa", m.now);
	assert_int_equal(lote_run_there(without, m.writer, m.now), 0);
	assert_int_equal(of_job("vence", "descansa"), m.now);
	tareas_free(without);
}

/* Claims the job, goes on its errand, and is killed there. */
static void die_on_errand(void)
{
	int ends[2];
	char byte;
	int status;

	assert_int_equal(pipe(ends), 0);
	fflush(NULL);
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		struct writer_config wc = {.server = &m.server,
			.place = m.config.almacen,
			.sealer = m.sealer,
			.most = 10};

		if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || writer_open(&wc, &m.writer) != OK)
			_exit(4);
		open_tareas();
		size_t count = lote_run(t, m.writer, m.now);

		if (count != 1 || tareas_errands(t) != 1 || write(ends[1], "x", 1) != 1)
			_exit(5);
		for (;;)
			pause();
	}
	close(ends[1]);
	assert_int_equal(read(ends[0], &byte, 1), 1);
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	close(ends[0]);
}

static void test_killed_on_errand(void **state)
{
	struct http_script s = peer(0);
	int listener = http_listen(&port);

	lote_put(&m, "recado", "huérfano", m.now);
	die_on_errand();
	close(listener);
	http_script_start(&s);
	port = s.port;
	begin(state);
	assert_int_equal(lote_run_there(t, m.writer, m.now + LEASE_MS - 1), 0);
	assert_int_equal(lote_run_there(t, m.writer, m.now + LEASE_MS), 1);
	wait_home();
	assert_int_equal(effects("huérfano"), 1);
	assert_int_equal(of_job("count(*)", "huérfano"), 0);
	http_script_stop(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_killed_on_errand, end),
		cmocka_unit_test_setup_teardown(test_answered, begin, end),
		cmocka_unit_test_setup_teardown(test_nothing_to_ask, begin, end),
		cmocka_unit_test_setup_teardown(test_nobody_there, begin, end),
		cmocka_unit_test_setup_teardown(test_moved_meanwhile, begin, end),
		cmocka_unit_test_setup_teardown(test_asked_twice, begin, end),
		cmocka_unit_test_setup_teardown(test_made_anew, begin, end),
		cmocka_unit_test_setup_teardown(test_silent_peer, begin, end),
		cmocka_unit_test_setup_teardown(test_given_back, begin, end),
		cmocka_unit_test_setup_teardown(test_no_errands, begin, end),
	};
	struct secret_status status;

	if (secret_setup(&status) != OK)
		return 1;
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
