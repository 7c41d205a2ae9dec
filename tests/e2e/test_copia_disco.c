/*
 * The local copy where the disk takes nothing (issue 3.1): the session goes on in memory, the
 * person reads why, nothing is signed that can't be kept, and with space again all is as it was.
 */
#include "tests/help/cm.h"
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/file.h"
#include "tests/help/e2e_mesa.h"

#define ROOM (16 * 1024 * 1024)
#define ENTER "\r"
#define UP "\x1b[A"
#define CONFIG "copia.ini"
#define NOT_KEPT "La copia local no se guarda: "
#define OPENINGS "SELECT count(*) FROM acto WHERE ruta = 'notificacion_abrir' AND estado = 200"

static struct e2e world;

static int open_world(void **state)
{
	(void)state;
	world = (struct e2e){0};
	e2e_open(&world);
	return 0;
}

static int close_world(void **state)
{
	(void)state;
	e2e_close(&world);
	return 0;
}

static struct vt *start(const char *nombre)
{
	/* A limit on a file's size stands for a full disk: then its signal must not kill. */
	static const char *const by[] = {"env", "--ignore-signal=XFSZ", NULL};
	struct vt *vt = mesa_screen_by(&world, by, CONFIG, nombre);

	mesa_enter(vt);
	return vt;
}

/* ---- full --------------------------------------------------------------------------------- */

/* How the space goes and comes back; NULL: by a limit on the size of the program's files. */
static const char *disk;

static void take_space(struct vt *vt)
{
	ARENA(a, 1 << 20);
	static const char block[4096];
	const struct rlimit none = {.rlim_cur = 0, .rlim_max = RLIM_INFINITY};

	if (disk == NULL) {
		assert_int_equal(prlimit(vt_pid(vt), RLIMIT_FSIZE, &none, NULL), 0);
		return;
	}
	int fd = open(arena_printf(&a, "%s/lastre", disk), O_WRONLY | O_CREAT, 0600);

	assert_true(fd >= 0);
	while (write(fd, block, sizeof(block)) > 0)
		;
	close(fd);
}

static void give_space(struct vt *vt)
{
	ARENA(a, 1 << 20);
	const struct rlimit all = {.rlim_cur = RLIM_INFINITY, .rlim_max = RLIM_INFINITY};

	if (disk == NULL)
		assert_int_equal(prlimit(vt_pid(vt), RLIMIT_FSIZE, &all, NULL), 0);
	else
		assert_int_equal(unlink(arena_printf(&a, "%s/lastre", disk)), 0);
}

static void to_signature(struct vt *vt)
{
	mesa_to(vt, "7", "▸");
	mesa_to(vt, ENTER, "Antes de abrir");
	mesa_to(vt, ENTER, "Firma con e.firma");
	e2e_focus(vt, "Validar");
	mesa_to(vt, ENTER, "Firmar ]");
	e2e_focus(vt, "Firmar");
}

/* What is there goes on being there, and what comes is shown. */
static void goes_on(struct vt *vt, const char *before)
{
	const char *folio = e2e_notificar(&world, E2E_FISICA);

	mesa_to(vt, "7", "Mis notificaciones");
	mesa_wait(vt, folio);
	mesa_show(vt, before);
	mesa_to(vt, "1", "Lo que vence primero");
	mesa_show(vt, NOT_KEPT "El disco está lleno");
	mesa_show(vt, "sigue en memoria");
	mesa_to(vt, ":", ":");
	mesa_to(vt, UP, "vencimientos");
	assert_true(vt_key(vt, "\x1b") >= 0);
}

static void full_disk(const char *nombre)
{
	ARENA(a, ROOM);
	const char *folio = e2e_notificar(&world, E2E_FISICA);
	int64_t before = e2e_number(&world, OPENINGS);
	struct vt *vt;

	mesa_perfil(&world, CONFIG, &(struct mesa_perfil){.nombre = nombre});
	vt = start(nombre);
	mesa_to(vt, "7", folio);
	mesa_to(vt, ":vencimientos" ENTER, "Vencimientos de");
	mesa_to(vt, "q", "Mis notificaciones");
	/* Written in order: once this one is listed, what was typed is on the disk. */
	mesa_wait(vt, e2e_notificar(&world, E2E_FISICA));
	take_space(vt);
	goes_on(vt, folio);
	/* Nothing is signed that could not be kept. */
	to_signature(vt);
	mesa_to(vt, ENTER, "El disco está lleno");
	assert_int_equal(e2e_number(&world, OPENINGS), before);
	give_space(vt);
	e2e_focus(vt, "Firmar");
	mesa_to(vt, ENTER, "Acuse de notificación");
	assert_int_equal(e2e_number(&world, OPENINGS), before + 1);
	mesa_leave(vt);
	const char *acuse = e2e_text(&world, &a, "SELECT folio FROM acuse ORDER BY folio DESC");
	struct e2e_run r = E2E_RUN(&world, &a, "buzon-tui", "verificar", "--config", CONFIG,
		"--perfil", nombre,
		arena_printf(&a, "%sacuses/%s.json", mesa_folder(&world, &a, nombre), acuse));

	if (r.code != 0)
		fail_msg("verificar: %d %s", r.code, r.err);
	/* The next one keeps again, and had lost nothing that was on the disk. */
	vt = start(nombre);
	mesa_hide(vt, NOT_KEPT);
	mesa_to(vt, ":", ":");
	mesa_to(vt, UP, "vencimientos");
	assert_true(vt_key(vt, "\x1b") >= 0);
	mesa_to(vt, "7", folio);
	mesa_to(vt, "1", "Lo que vence primero");
	mesa_quit(vt);
}

static void test_file_limit(void **state)
{
	(void)state;
	full_disk("limite");
}

/* ---- what needs a privilege, in a name space of our own ----------------------------------- */

static bool alone(void)
{
	return unshare(CLONE_NEWNS) == 0 &&
	       mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
}

static void test_disk_full(void **state)
{
	ARENA(a, ROOM);
	const char *data = e2e_path(&world, &a, "datos");

	(void)state;
	if (!alone() || mount("none", data, "tmpfs", 0, "size=2m,mode=0700") != 0)
		skip();
	disk = data;
	full_disk("lleno");
	disk = NULL;
	assert_int_equal(umount2(data, MNT_DETACH), 0);
}

/* A folder that may be read only: whoever may do all is given a mount that may not. */
static bool close_folder(const char *folder)
{
	if (geteuid() != 0)
		return chmod(folder, 0500) == 0;
	return alone() && mount(folder, folder, NULL, MS_BIND, NULL) == 0 &&
	       mount("none", folder, NULL, MS_BIND | MS_REMOUNT | MS_RDONLY, NULL) == 0;
}

static void open_folder(const char *folder)
{
	if (geteuid() != 0)
		assert_int_equal(chmod(folder, 0700), 0);
	else
		assert_int_equal(umount2(folder, MNT_DETACH), 0);
}

static void test_read_only(void **state)
{
	ARENA(a, ROOM);
	const char *folio = e2e_notificar(&world, E2E_FISICA);
	const char *folder = mesa_folder(&world, &a, "cerrada");

	(void)state;
	mesa_perfil(&world, CONFIG, &(struct mesa_perfil){.nombre = "cerrada"});
	struct vt *vt = start("cerrada");

	mesa_to(vt, "7", folio);
	mesa_to(vt, "1", "Lo que vence primero");
	mesa_quit(vt);
	if (!close_folder(folder))
		skip();
	vt = start("cerrada");
	mesa_show(vt, NOT_KEPT "No se pudo leer o escribir en el disco; revisa permisos");
	mesa_to(vt, "7", folio);
	mesa_to(vt, "1", "Lo que vence primero");
	mesa_quit(vt);
	open_folder(folder);
	vt = start("cerrada");
	mesa_hide(vt, NOT_KEPT);
	mesa_quit(vt);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_file_limit),
		cmocka_unit_test(test_disk_full),
		cmocka_unit_test(test_read_only),
	};

	return cmocka_run_group_tests(tests, open_world, close_world);
}
