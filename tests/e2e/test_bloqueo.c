/*
 * The lock after idle time, in a real terminal (issue 3.7): it covers everything, forgets the
 * e.firma of every profile, lets reading go on behind it, and the password leads back to where the
 * person was.
 *
 * The time is set by `:configurar` once the person is where the lock shall find them: until then
 * nothing hurries.
 */
#include "tests/help/cm.h"
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include "base/clock.h"
#include "base/file.h"
#include "tests/help/e2e_relay.h"
#include "tests/help/persona.h"
#include "tests/help/pki.h"

#define ROOM (16 * 1024 * 1024)
#define ENTER "\r"
#define ESC "\x1b"
#define DOWN "\x1b[B"
#define LOCKED "Escribe la contraseña para seguir"
#define SOON "bloqueo = 2 s"
#define MS 20000

static struct e2e world;
static struct e2e_relay relay;
static char password[64];
static const char *editor;
static const char *last; /* the folio that came last */

static int open_world(void **state)
{
	ARENA(a, ROOM);
	struct bytes text = pki_read(&a, "fisica.pass");

	(void)state;
	world = (struct e2e){0};
	e2e_relay_open(&relay, &world);
	e2e_open(&world);
	e2e_relay_start(&relay);
	e2e_perfil(&world, &(struct e2e_perfil){.nombre = "tecleada",
				   .certificado = "fisica.cer",
				   .llave = "fisica.key",
				   .pass = "-",
				   .port = relay.port});
	persona_config(&world, "");
	snprintf(password, sizeof(password), "%.*s", (int)text.size, (const char *)text.data);
	password[strcspn(password, "\r\n")] = '\0';
	editor = arena_printf(&world.arena, "EDITOR=%s",
		persona_script(&world, "editor", "cp \"$HOME/nueva.ini\" \"$1\"\n"));
	for (int i = 0; i < 3; i++)
		last = e2e_notificar(&world, E2E_FISICA);
	return 0;
}

static int close_world(void **state)
{
	(void)state;
	if (world.server > 0)
		kill(world.server, SIGCONT);
	e2e_relay_close(&relay);
	e2e_close(&world);
	return 0;
}

static struct vt *start(const char *perfil)
{
	persona_config(&world, "");
	struct vt *vt = persona_start(&world,
		&(struct persona){.perfil = perfil, .env = (const char *const[]){editor, NULL}});

	persona_to(vt, "", "Validación FIEL");
	return vt;
}

static void enter_typed(struct vt *vt, const char *text)
{
	e2e_focus(vt, "Contraseña");
	persona_keys(vt, password);
	e2e_focus(vt, "Validar");
	e2e_type(vt, ENTER, text);
}

/* From now on. */
static void lock_after(struct vt *vt, const char *line)
{
	ARENA(a, ROOM);
	const char *own = e2e_file(&world, &a, "config/buzon-tui/propia.ini");

	assert_int_equal(
		file_write(e2e_path(&world, &a, "nueva.ini"),
			bytes_of_text(arena_printf(&a, "%s[general]\n%s\n", own, line)), 0600),
		OK);
	e2e_type(vt, ":configurar" ENTER, "Configuración leída");
}

static void wait_lock(struct vt *vt)
{
	if (!vt_wait_text(vt, LOCKED, MS))
		fail_msg("not locked:\n%s", vt_screen(vt));
	assert_true(vt_wait_idle(vt, MS));
}

/* Neither whose mail it is, nor what is in it, nor what was being typed. */
static void must_cover(struct vt *vt)
{
	static const char *const none[] = {"BI-", "Cédula", "PEÑ", "FERRETER", "FÑ&", "fisica",
		"moral", "tecleada", ".cer", ".key", "por abrir", "Notificaciones", "Vence",
		"xilofono", "Copiado", "Sincronizado", "acto"};

	for (size_t i = 0; i < COUNT_OF(none); i++)
		persona_hides(vt, none[i]);
	persona_shows(vt, "Bloqueado");
}

/* The folio of the row that the mark is on. */
static void marked(struct vt *vt, char folio[64])
{
	const char *mark = strstr(vt_screen(vt), "▸");

	for (int i = 0; i < 5 && (mark == NULL || strstr(mark, "BI-") == NULL); i++) {
		(void)vt_wait_idle(vt, 2000);
		mark = strstr(vt_screen(vt), "▸");
	}
	const char *at = mark != NULL ? strstr(mark, "BI-") : NULL;

	if (at == NULL)
		fail_msg("no row is marked:\n%s", vt_screen(vt));
	(void)snprintf(folio, 64, "%.*s", (int)strcspn(at, " "), at);
}

/* Everything covered, a wrong password refused, and back on the same row with the line half typed.
 */
static void test_covers(void **state)
{
	struct vt *vt = start("tecleada");
	char before[64];
	char after[64];

	(void)state;
	enter_typed(vt, "Lo que vence primero");
	persona_to(vt, "7", last);
	persona_keys(vt, "g" DOWN DOWN "y");
	persona_last(vt, "Copiado: ");
	marked(vt, before);
	lock_after(vt, SOON);
	persona_keys(vt, ":buscar xilofono");
	wait_lock(vt);
	must_cover(vt);
	/* No key leads past it. */
	persona_keys(vt, "7" ESC "q?:");
	must_cover(vt);
	persona_shows(vt, LOCKED);
	for (int i = 0; i < 8; i++)
		persona_keys(vt, "\x7f");
	e2e_focus(vt, "Contraseña");
	persona_keys(vt, "Equivocada");
	e2e_focus(vt, "Validar");
	persona_to(vt, ENTER, "La contraseña de la llave privada no es");
	must_cover(vt);
	enter_typed(vt, ":buscar xilofono");
	persona_shows(vt, "Mis notificaciones");
	e2e_type(vt, ESC, "▸");
	lock_after(vt, "bloqueo = 15");
	marked(vt, after);
	assert_string_equal(after, before);
	persona_leave(vt);
}

/* Until the client asked the server again: it has taken what it was told. */
static void wait_asked(long long up)
{
	for (int i = 0; i < MS / 10 && relay.up == up; i++)
		(void)poll(NULL, 0, 10);
	assert_true(relay.up > up);
}

/*
 * Reading goes on behind the lock: what arrives meanwhile is there at once when it is opened,
 * though the server answers no more; and not before.
 */
static void test_reading_goes_on(void **state)
{
	struct vt *vt = start("tecleada");
	const char *folio;

	(void)state;
	enter_typed(vt, "Lo que vence primero");
	persona_to(vt, "7", "▸");
	persona_to(vt, "", "Sincronizado");
	lock_after(vt, SOON);
	wait_lock(vt);
	long long up = relay.up;

	folio = e2e_notificar(&world, E2E_FISICA);
	wait_asked(up);
	persona_hides(vt, folio);
	must_cover(vt);
	relay.held = true;
	enter_typed(vt, folio);
	persona_shows(vt, "Mis notificaciones");
	relay.held = false;
	persona_leave(vt);
}

static void row_says(struct vt *vt, const char *name, const char *text)
{
	const char *at = strstr(vt_screen(vt), name);

	if (at == NULL || strstr(at, text) == NULL || strstr(at, text) > strchr(at, '\n'))
		fail_msg("no «%s» beside «%s»:\n%s", text, name, vt_screen(vt));
}

/* One lock for all profiles: each e.firma is forgotten, and comes back by its own password. */
static void test_all_profiles(void **state)
{
	struct vt *vt = start("moral");

	(void)state;
	persona_enter(vt);
	persona_keys(vt, ":perfil fisica");
	persona_to(vt, ENTER, "Validación FIEL");
	persona_enter(vt);
	persona_to(vt, "P", "Perfiles (*");
	row_says(vt, "*fisica", "abierto");
	row_says(vt, " moral", "abierto");
	persona_to(vt, "q", "Lo que vence primero");
	lock_after(vt, SOON);
	wait_lock(vt);
	must_cover(vt);
	e2e_focus(vt, "Validar");
	e2e_type(vt, ENTER, "Lo que vence primero");
	lock_after(vt, "bloqueo = 15 min");
	persona_to(vt, "P", "Perfiles (*");
	row_says(vt, "*fisica", "abierto");
	row_says(vt, " moral", "sólo lectura");
	persona_leave(vt);
}

/* The configuration's own time, from the start; without a key it comes on time, not by the minute.
 */
static void test_from_the_start(void **state)
{
	struct vt *vt;

	(void)state;
	persona_config(&world, "[general]\nbloqueo = 3 s\n");
	vt = persona_start(&world, &(struct persona){.perfil = "fisica"});
	persona_to(vt, "", "Validación FIEL");
	e2e_focus(vt, "Validar");
	int64_t before = clock_monotonic();

	e2e_type(vt, ENTER, "Lo que vence primero");
	wait_lock(vt);
	assert_true(clock_monotonic() - before >= 2900);
	must_cover(vt);
	persona_leave(vt);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_covers),
		cmocka_unit_test(test_reading_goes_on),
		cmocka_unit_test(test_all_profiles),
		cmocka_unit_test(test_from_the_start),
	};

	return cmocka_run_group_tests(tests, open_world, close_world);
}
