/*
 * Many papers at once, by keyboard (issue 3.5): what is on the disk is what the server has, and
 * what stopped half way is counted, given up by Esc or by a line that died.
 */
#include "tests/help/cm.h"
#include <stdio.h>
#include "base/file.h"
#include "tests/help/e2e_mesa.h"
#include "tests/help/e2e_relay.h"

#define ROOM (16 * 1024 * 1024)
#define CONFIG "descargas.ini"
#define PAPERS 3

static struct e2e world;
static struct e2e_relay relay;
static const char *folios[PAPERS];
static const char *_Atomic watched; /* a folder; the relay's thread looks at it */

static int open_world(void **state)
{
	(void)state;
	e2e_relay_open(&relay, &world);
	e2e_open(&world);
	e2e_relay_start(&relay);
	for (size_t i = 0; i < PAPERS; i++) {
		ARENA(a, ROOM);

		folios[i] = e2e_notificar(&world, E2E_FISICA);
		struct e2e_run r = E2E_RUN(
			&world, &a, "buzon-tui", "abrir", folios[i], "--si", "--perfil", "fisica");

		assert_int_equal(r.code, 0);
	}
	return 0;
}

static int close_world(void **state)
{
	(void)state;
	e2e_relay_close(&relay);
	e2e_close(&world);
	return 0;
}

static const char *folder_of(struct arena *a, const char *perfil, const char *part)
{
	return arena_printf(a, "%s%s", mesa_folder(&world, a, perfil), part);
}

static size_t files(const char *folder, const char *ending)
{
	ARENA(a, ROOM);
	char **names = NULL;
	size_t count = 0;

	return file_list(&a, folder, ending, &names, &count) == OK ? count : 0;
}

/* A device where nothing was read yet: all has to come over the line. */
static struct vt *start(const char *nombre)
{
	mesa_perfil(&world, CONFIG, &(struct mesa_perfil){.nombre = nombre, .port = relay.port});
	struct vt *vt = mesa_screen(&world, CONFIG, nombre);

	mesa_enter(vt);
	for (size_t i = 0; i < PAPERS; i++)
		mesa_to(vt, "7", folios[i]);
	assert_true(vt_key(vt, "*") >= 0);
	return vt;
}

static void test_all(void **state)
{
	ARENA(a, ROOM);
	struct vt *vt = start("todo");
	struct bytes sent;

	(void)state;
	assert_true(vt_send(vt, "d"));
	mesa_wait(vt, "Se guardaron 3 de 3 documentos y 3 acuses");
	mesa_hide(vt, "faltaron");
	assert_int_equal(file_read(&a, e2e_pdf(&world), ROOM / 4, &sent), OK);
	for (size_t i = 0; i < PAPERS; i++) {
		struct bytes saved;
		const char *acuse = e2e_text(&world, &a,
			arena_printf(&a, "SELECT acuse FROM notificacion WHERE folio = '%s'",
				folios[i]));

		assert_int_equal(file_read(&a,
					 arena_printf(&a, "%s/%s.pdf",
						 folder_of(&a, "todo", "documentos"), folios[i]),
					 ROOM / 4, &saved),
			OK);
		assert_int_equal(saved.size, sent.size);
		assert_memory_equal(saved.data, sent.data, sent.size);
		struct e2e_run r = E2E_RUN(&world, &a, "buzon-tui", "verificar", "--perfil",
			"fisica",
			arena_printf(&a, "%s/%s.pdf", folder_of(&a, "todo", "acuses"), acuse));

		assert_int_equal(r.code, 0);
		assert_non_null(strstr(r.out, acuse));
	}
	mesa_leave(vt);
}

static enum e2e_verdict hang_after_first(struct e2e_relay *r)
{
	if (files(watched, ".pdf") > 0)
		r->held = true;
	return E2E_FORWARD;
}

static enum e2e_verdict cut_after_first(struct e2e_relay *r)
{
	(void)r;
	return files(watched, ".pdf") > 0 ? E2E_CUT : E2E_FORWARD;
}

/* The numbers that are said are those of the files; what was being written at Esc may be there too.
 */
static void must_count(struct vt *vt, const char *perfil)
{
	ARENA(a, ROOM);
	size_t documents = files(folder_of(&a, perfil, "documentos"), ".pdf");
	size_t acuses = files(folder_of(&a, perfil, "acuses"), ".json");
	const char *line = strstr(vt_screen(vt), "Se guardaron ");
	size_t said[2] = {99, 99};

	assert_non_null(line);
	assert_int_equal(
		sscanf(line, "Se guardaron %zu de 3 documentos y %zu acuses", &said[0], &said[1]),
		2);
	assert_in_range(documents, 1, PAPERS - 1);
	assert_in_range(documents + acuses - said[0] - said[1], 0, 1);
	mesa_show(vt, "faltaron");
}

static void test_given_up(void **state)
{
	ARENA(a, ROOM);
	struct vt *vt = start("esc");

	(void)state;
	watched = folder_of(&a, "esc", "documentos");
	relay.judge = hang_after_first;
	assert_true(vt_send(vt, "d"));
	for (int i = 0; i < 1000 && !relay.held; i++)
		(void)vt_wait_text(vt, "\x01", 10);
	assert_true(relay.held);
	assert_true(vt_send(vt, "\x1b"));
	mesa_wait(vt, "cancelado");
	must_count(vt, "esc");
	relay.judge = NULL;
	relay.held = false;
	mesa_leave(vt);
}

static void test_dead_line(void **state)
{
	ARENA(a, ROOM);
	struct vt *vt = start("corte");

	(void)state;
	watched = folder_of(&a, "corte", "documentos");
	relay.judge = cut_after_first;
	assert_true(vt_send(vt, "d"));
	mesa_wait(vt, "faltaron");
	must_count(vt, "corte");
	mesa_hide(vt, "cancelado");
	/* Cut in an answer, or before the next request. */
	if (!vt_contains(vt, ": La respuesta llegó incompleta"))
		mesa_show(vt, ": No hay conexión con el servidor");
	relay.judge = NULL;
	mesa_leave(vt);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all),
		cmocka_unit_test(test_given_up),
		cmocka_unit_test(test_dead_line),
	};

	return cmocka_run_group_tests(tests, open_world, close_world);
}
