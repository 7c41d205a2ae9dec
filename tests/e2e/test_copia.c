/*
 * The local copy at the person's desk (issue 3.1, 3.6): it is there without a line; without the key
 * nothing of it can be read, on the screen or on the disk; damaged it is begun again and nothing
 * dies; several programs share it.
 */
#include "tests/help/cm.h"
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "tests/help/e2e_mesa.h"
#include "tests/help/pki.h"

#define ROOM (32 * 1024 * 1024)
#define FILE_MOST (16 * 1024 * 1024)
#define ENTER "\r"
#define UP "\x1b[A"
#define CONFIG "copia.ini"
#define NOT_KEPT "La copia local no se guarda"

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

/* Whatever the test before it came to. */
static int server_up(void **state)
{
	(void)state;
	if (world.server <= 0)
		e2e_server_start(&world);
	return 0;
}

/* A profile of this test's own: its folder, its copy. */
static void perfil(const char *nombre)
{
	mesa_perfil(&world, CONFIG, &(struct mesa_perfil){.nombre = nombre});
}

static struct vt *start(const char *nombre)
{
	struct vt *vt = mesa_screen(&world, CONFIG, nombre);

	mesa_enter(vt);
	return vt;
}

static void server_down(void)
{
	assert_int_equal(e2e_server_stop(&world, SIGTERM), 0);
}

/* ---- what lies on the disk ---------------------------------------------------------------- */

static const char *wanted; /* nftw has no context */
static int found;
static size_t searched;
static char found_in[512];

static int search_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	ARENA(a, FILE_MOST * 2);
	static const char *const saved[] = {"/acuses/", "/documentos/", "/salida/", "/rechazados/"};
	struct bytes file;

	(void)ftw;
	for (size_t i = 0; i < COUNT_OF(saved); i++)
		if (strstr(path, saved[i]) != NULL)
			return 0;
	if ((st->st_mode & 077) != 0 && strstr(path, "/buzon-tui") != NULL)
		fail_msg("%s: mode %o", path, (unsigned)st->st_mode);
	if (kind != FTW_F)
		return 0;
	enum err e = file_read(&a, path, FILE_MOST, &file);

	/* The program is at work: its WAL grows, and may go. */
	for (int i = 0; i < 50 && e == ERR_TOO_LARGE; i++)
		e = file_read(&a, path, FILE_MOST, &file);
	if (e == ERR_NO_FILE)
		return 0;
	assert_int_equal(e, OK);
	searched += file.size;
	if (memmem(file.data, file.size, wanted, strlen(wanted)) != NULL) {
		found++;
		snprintf(found_in, sizeof(found_in), "%s", path);
	}
	return 0;
}

static void search(const char *folder, const char *text)
{
	ARENA(a, ROOM);

	wanted = text;
	found = 0;
	searched = 0;
	assert_int_equal(nftw(e2e_path(&world, &a, folder), search_one, 16, FTW_PHYS), 0);
}

static void nothing_open(const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		search("datos", words[i]);
		if (found != 0)
			fail_msg("«%s» lies open in %s", words[i], found_in);
		/* There was something to search. */
		assert_true(searched > 16 * 1024);
	}
}

/* After a whole session nothing of it lies open on the disk, but for what was saved as such. */
static void test_sealed(void **state)
{
	ARENA(a, ROOM);
	const char *folio = e2e_notificar(&world, E2E_FISICA);

	(void)state;
	perfil("sellada");
	struct e2e_run r = E2E_RUN(&world, &a, "buzon-tui", "abrir", folio, "--si", "--json",
		"--config", CONFIG, "--perfil", "sellada");

	assert_int_equal(r.code, 0);
	const char *acuse = e2e_json(&a, r.out, "folio");
	const char *const words[] = {folio, acuse, "JOSÉ PEÑA", "ÑANDÚ", E2E_FISICA, "liquidaci",
		"LIQUIDACI", "PRUEBA/2026", "LUIS GARC", "%PDF-1.", "vencimientos", "\"folio\"",
		"CREATE TABLE"};
	struct vt *vt = start("sellada");

	mesa_order(vt, "vencimientos", "Vencimientos de");
	mesa_to(vt, "7", folio);
	mesa_to(vt, ENTER, "Estatus: notificada");
	mesa_to(vt, ENTER, "Lo firmó LUIS GARCÍA IBÁÑEZ");
	mesa_to(vt, "a", acuse);
	nothing_open(words, COUNT_OF(words));
	vt_signal(vt, SIGKILL);
	assert_int_equal(vt_close(vt), 128 + SIGKILL);
	nothing_open(words, COUNT_OF(words));
	vt = start("sellada");
	mesa_history(vt, "vencimientos");
	mesa_leave(vt);
	nothing_open(words, COUNT_OF(words));
	/* The search finds what is there. */
	const char *plain = arena_printf(&a, "%sabierto", mesa_folder(&world, &a, "sellada"));

	assert_int_equal(file_write(plain, bytes_of_text(acuse), 0600), OK);
	search("datos", acuse);
	assert_int_equal(found, 1);
	assert_int_equal(unlink(plain), 0);
}

/* ---- without a line, without the key ------------------------------------------------------ */

/* The first frame after the key is what was known; the person is told that the line is down. */
static void test_offline(void **state)
{
	const char *folio = e2e_notificar(&world, E2E_FISICA);

	(void)state;
	perfil("lejos");
	struct vt *vt = start("lejos");

	mesa_to(vt, "7", folio);
	mesa_leave(vt);
	server_down();
	vt = start("lejos");
	mesa_show(vt, E2E_FISICA_NOMBRE);
	mesa_hide(vt, "Todavía no se recibe nada");
	mesa_to(vt, "7", folio);
	mesa_to(vt, ENTER, "Antes de abrir");
	mesa_show(vt, E2E_DOCUMENTO);
	mesa_leave(vt);
	e2e_server_start(&world);
}

/* Another's e.firma over the same files: it can't enter without a line, for it knows nobody. */
static void shows_nothing_offline(const char *folio)
{
	struct vt *vt = mesa_screen(&world, "ajena.ini", "propia");

	e2e_focus(vt, "Validar");
	mesa_to(vt, ENTER, "No hay conexión con el servidor");
	mesa_hide(vt, E2E_FISICA_NOMBRE);
	mesa_hide(vt, folio);
	mesa_leave(vt);
}

/* With one it sees what is its own. */
static void shows_its_own(const char *folio, const char *other, bool kept)
{
	struct vt *vt = mesa_screen(&world, "ajena.ini", "propia");

	mesa_enter(vt);
	mesa_wait(vt, E2E_MORAL);
	mesa_hide(vt, E2E_FISICA_NOMBRE);
	if (kept)
		mesa_hide(vt, NOT_KEPT);
	else
		mesa_show(vt, NOT_KEPT ": La copia local no se puede abrir con esta llave");
	mesa_to(vt, "7", other);
	mesa_hide(vt, folio);
	mesa_to(vt, ":", ":");
	assert_true(vt_key(vt, UP) >= 0);
	mesa_hide(vt, "vencimientos");
	mesa_leave(vt);
}

static void copy_file(const char *from, const char *to)
{
	ARENA(a, ROOM);
	struct bytes file;

	assert_int_equal(file_read(&a, from, FILE_MOST, &file), OK);
	assert_int_equal(file_write(to, file, 0600), OK);
}

/* What nobody closed is in its WAL. */
static void copy_copy(struct arena *a, const char *from, const char *to)
{
	copy_file(from, to);
	copy_file(arena_printf(a, "%s-wal", from), arena_printf(a, "%s-wal", to));
	copy_file(arena_printf(a, "%s-shm", from), arena_printf(a, "%s-shm", to));
}

static const char *key_file(struct arena *a, const char *efirma)
{
	struct cert cert;

	assert_int_equal(cert_read(a, pki_read(a, arena_printf(a, "%s.cer", efirma)), &cert), OK);
	return e2e_path(
		&world, a, arena_printf(a, "datos/buzon-tui/.llaves/%s.llave", cert.thumbprint));
}

static void test_another_key(void **state)
{
	ARENA(a, ROOM);
	const char *folio = e2e_notificar(&world, E2E_FISICA);
	const char *other = e2e_notificar(&world, E2E_MORAL);

	(void)state;
	perfil("propia");
	mesa_perfil(&world, "ajena.ini",
		&(struct mesa_perfil){.nombre = "propia", .rfc = E2E_MORAL, .efirma = "moral"});
	struct vt *vt = start("propia");

	mesa_order(vt, "vencimientos", "Vencimientos de");
	mesa_to(vt, "7", folio);
	mesa_leave(vt);
	server_down();
	shows_nothing_offline(folio);
	/* Its file in the stranger's place: put aside, a new one begun. */
	const char *own = mesa_copy(&world, &a, "propia", "fisica");
	const char *theirs = mesa_copy(&world, &a, "propia", "moral");

	copy_copy(&a, own, theirs);
	shows_nothing_offline(folio);
	assert_true(file_exists(arena_printf(&a, "%s.ilegible", theirs)));
	/* And its key, which is wrapped for another. */
	copy_copy(&a, own, theirs);
	copy_file(key_file(&a, "fisica"), key_file(&a, "moral"));
	shows_nothing_offline(folio);
	e2e_server_start(&world);
	shows_its_own(folio, other, false);
	assert_int_equal(unlink(key_file(&a, "moral")), 0);
	shows_its_own(folio, other, true);
	/* Whose it is has lost nothing by that. */
	server_down();
	vt = start("propia");
	mesa_to(vt, "7", folio);
	mesa_hide(vt, other);
	mesa_leave(vt);
}

/* ---- damage ------------------------------------------------------------------------------- */

static void truncate_it(struct arena *a, const char *path)
{
	struct stat st;

	(void)a;
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(truncate(path, st.st_size / 2 + 100), 0);
}

static void empty_it(struct arena *a, const char *path)
{
	(void)a;
	assert_int_equal(truncate(path, 0), 0);
}

static void flip(const char *path, off_t at)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);
	char c = 0;

	assert_true(fd >= 0);
	assert_int_equal(pread(fd, &c, 1, at), 1);
	c ^= 0x10;
	assert_int_equal(pwrite(fd, &c, 1, at), 1);
	assert_int_equal(close(fd), 0);
}

static void flip_middle(struct arena *a, const char *path)
{
	struct stat st;

	(void)a;
	assert_int_equal(stat(path, &st), 0);
	flip(path, st.st_size / 2);
}

static void flip_head(struct arena *a, const char *path)
{
	(void)a;
	flip(path, 100);
}

static void garbage(struct arena *a, const char *path, const char *ending)
{
	const char *beside = arena_printf(a, "%s%s", path, ending);
	unsigned char *bytes = arena_alloc(a, 40000);

	assert_non_null(bytes);
	for (size_t i = 0; i < 40000; i++)
		bytes[i] = (unsigned char)(i * 2654435761u >> 13);
	assert_int_equal(file_write(beside, bytes_of(bytes, 40000), 0600), OK);
}

static void garbage_wal(struct arena *a, const char *path)
{
	garbage(a, path, "-wal");
}

static void garbage_shm(struct arena *a, const char *path)
{
	garbage(a, path, "-shm");
}

static void a_folder(struct arena *a, const char *path)
{
	assert_int_equal(unlink(path), 0);
	assert_int_equal(file_make_folder(arena_printf(a, "%s/dentro", path)), OK);
}

static const struct {
	const char *name;
	void (*damage)(struct arena *a, const char *path);
	bool killed;  /* what was written last is in the WAL alone */
	bool history; /* it can still be read: it must be there */
	bool kept;
} damages[] = {
	{"-shm garbage beside a WAL", garbage_shm, true, true, true},
	{"-shm garbage", garbage_shm, false, true, true},
	{"WAL garbage", garbage_wal, false, true, true},
	{"garbage for a WAL", garbage_wal, true, false, true},
	{"a bit of the middle", flip_middle, false, false, true},
	{"a bit of the head", flip_head, false, false, true},
	{"half of it gone", truncate_it, false, false, true},
	{"nothing left of it", empty_it, false, false, true},
	{"a folder in its place", a_folder, false, false, false},
};

/* It starts, works and says at most one clear sentence; the next start is as any. */
static void test_damage(void **state)
{
	ARENA(a, ROOM);
	const char *folio = e2e_notificar(&world, E2E_FISICA);

	(void)state;
	perfil("rota");
	const char *path = mesa_copy(&world, &a, "rota", "fisica");

	for (size_t i = 0; i < COUNT_OF(damages); i++) {
		struct vt *vt = start("rota");

		print_message("%s\n", damages[i].name);
		mesa_hide(vt, NOT_KEPT);
		mesa_order(vt, "vencimientos", "Vencimientos de");
		mesa_to(vt, "7", folio);
		mesa_to(vt, "1", "Lo que vence primero");
		if (damages[i].killed)
			mesa_leave(vt);
		else
			mesa_quit(vt);
		damages[i].damage(&a, path);
		vt = start("rota");
		if (damages[i].kept)
			mesa_hide(vt, NOT_KEPT);
		else
			mesa_show(vt, NOT_KEPT ": No se pudo leer o escribir en el disco");
		if (damages[i].history)
			mesa_history(vt, "vencimientos");
		mesa_to(vt, "7", folio);
		mesa_to(vt, "1", "Lo que vence primero");
		mesa_quit(vt);
	}
}

/* What is still to be written when the person leaves is written. */
static void test_leaving(void **state)
{
	(void)state;
	perfil("prisa");
	struct vt *vt = start("prisa");

	/* All at once: the writes wait for each other, the end for them. */
	for (int i = 0; i < 4; i++)
		assert_true(vt_send(vt, ":vencimientos\rq:perfil\rq"));
	assert_true(vt_send(vt, ":ayuda\rq"));
	mesa_quit(vt);
	vt = start("prisa");
	mesa_history(vt, "ayuda");
	mesa_quit(vt);
}

/* ---- several programs --------------------------------------------------------------------- */

/* Two screens and commands on one profile: each sees what the others did; no copy is harmed. */
static void test_together(void **state)
{
	ARENA(a, ROOM);

	(void)state;
	perfil("juntas");
	struct vt *one = start("juntas");
	struct vt *two = start("juntas");
	const char *folio = e2e_notificar(&world, E2E_FISICA);
	const char *other = e2e_notificar(&world, E2E_FISICA);

	mesa_to(one, "7", "Mis notificaciones");
	mesa_to(two, "7", "Mis notificaciones");
	mesa_wait(one, other);
	mesa_wait(two, other);
	mesa_show(one, folio);
	mesa_show(two, folio);
	struct e2e_run r = E2E_RUN(&world, &a, "buzon-tui", "abrir", folio, "--si", "--json",
		"--config", CONFIG, "--perfil", "juntas");

	assert_int_equal(r.code, 0);
	/* The line and the filter say it: one less waits to be opened. */
	mesa_wait(one, "notificada");
	mesa_wait(two, "notificada");
	mesa_to(one, "1", "Lo que vence primero");
	mesa_to(two, "1", "Lo que vence primero");
	mesa_order(one, "vencimientos", "Vencimientos de");
	mesa_leave(one);
	mesa_order(two, "perfil", "Perfiles");
	mesa_leave(two);
	server_down();
	one = start("juntas");
	mesa_hide(one, NOT_KEPT);
	mesa_to(one, "7", folio);
	mesa_show(one, other);
	mesa_show(one, "notificada");
	mesa_leave(one);
	e2e_server_start(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_sealed, server_up),
		cmocka_unit_test_setup(test_offline, server_up),
		cmocka_unit_test_setup(test_another_key, server_up),
		cmocka_unit_test_setup(test_damage, server_up),
		cmocka_unit_test_setup(test_leaving, server_up),
		cmocka_unit_test_setup(test_together, server_up),
	};

	return cmocka_run_group_tests(tests, open_world, close_world);
}
