#include "tests/help/e2e_mesa.h"

#include <signal.h>
#include <stdio.h>
#include "base/file.h"
#include "tests/help/cm.h"
#include "tests/help/pki.h"

#define ROOM (4 * 1024 * 1024)
#define LONG_MS 60000
#define ROWS 40
#define COLS 100

static const char *must(const char *text)
{
	assert_non_null(text);
	return text;
}

static const char * or (const char *text, const char *otherwise)
{
	return text != NULL ? text : otherwise;
}

void mesa_perfil(struct e2e *w, const char *config, const struct mesa_perfil *p)
{
	ARENA(a, ROOM);
	const char *d = pki_dir();
	const char *efirma = or (p->efirma, "fisica");
	const char *command =
		p->tecleada
			? ""
			: must(arena_printf(&a, "clave_comando = cat \"%s/%s.pass\"\n", d, efirma));
	const char *text = must(arena_printf(&a,
		"%s[perfil %s]\nrfc = %s\ncalidad = %s\ncertificado = %s/%s.cer\n"
		"llave = %s/%s.key\n%sservidor = https://localhost:%u\nca = %s/tls_ca.pem\n"
		"confianza = %s/confianza\n",
		e2e_file(w, &a, config), p->nombre, or (p->rfc, E2E_FISICA),
		or (p->calidad, "propio"), d, efirma, d, efirma, command,
		p->port != 0 ? p->port : w->port, d, d));

	assert_int_equal(file_write(e2e_path(w, &a, config), bytes_of_text(text), 0600), OK);
}

struct vt *mesa_screen_by(
	struct e2e *w, const char *const *by, const char *config, const char *perfil)
{
	ARENA(a, ROOM);
	const char *argv[16] = {0};
	size_t n = 0;

	for (; by != NULL && by[n] != NULL; n++)
		argv[n] = by[n];
	argv[n++] = e2e_program(w, "buzon-tui");
	argv[n++] = "--config";
	argv[n++] = e2e_path(w, &a, config);
	argv[n++] = "--perfil";
	argv[n++] = perfil;
	struct vt *vt = vt_start((char *const *)(const void *)argv, e2e_env(w), ROWS, COLS);

	assert_non_null(vt);
	mesa_to(vt, "", "Validación FIEL");
	return vt;
}

struct vt *mesa_screen(struct e2e *w, const char *config, const char *perfil)
{
	return mesa_screen_by(w, NULL, config, perfil);
}

void mesa_enter(struct vt *vt)
{
	e2e_focus(vt, "Validar");
	mesa_to(vt, "\r", "Lo que vence primero");
}

void mesa_to(struct vt *vt, const char *keys, const char *text)
{
	e2e_type(vt, keys, text);
	if (!vt_settle(vt, VT_MS))
		fail_msg("busy after «%s» (%d):\n%s", text, vt_end(vt), vt_screen(vt));
}

void mesa_wait(struct vt *vt, const char *text)
{
	if (!vt_wait_text(vt, text, LONG_MS))
		fail_msg("«%s» does not come:\n%s", text, vt_screen(vt));
}

void mesa_show(struct vt *vt, const char *text)
{
	if (!vt_contains(vt, text))
		fail_msg("no «%s» on the screen:\n%s", text, vt_screen(vt));
}

void mesa_hide(struct vt *vt, const char *text)
{
	if (vt_contains(vt, text))
		fail_msg("«%s» on the screen:\n%s", text, vt_screen(vt));
}

static bool has_row(struct vt *vt, const char *name, const char *text)
{
	for (int i = 3; i < ROWS; i++) {
		const char *row = vt_row(vt, i);

		if (strstr(row, name) != NULL && strstr(row, text) != NULL)
			return true;
	}
	return false;
}

void mesa_row(struct vt *vt, const char *name, const char *text)
{
	/* What never comes: the bytes that do are taken meanwhile. */
	for (int i = 0; i < LONG_MS / 50 && !has_row(vt, name, text); i++)
		(void)vt_wait_text(vt, "\x01", 50);
	if (!has_row(vt, name, text))
		fail_msg("no row «%s» «%s»:\n%s", name, text, vt_screen(vt));
}

void mesa_quit(struct vt *vt)
{
	assert_true(vt_send(vt, "q"));
	int code = vt_end(vt);

	if (code != 0)
		fail_msg("q ends with %d:\n%s", code, vt_screen(vt));
	assert_true(vt_is_cooked(vt));
	(void)vt_close(vt);
}

void mesa_leave(struct vt *vt)
{
	assert_true(vt_send(vt, "\x03"));
	assert_int_equal(vt_end(vt), 128 + SIGINT);
	assert_true(vt_is_cooked(vt));
	(void)vt_close(vt);
}

const char *mesa_folder(struct e2e *w, struct arena *a, const char *perfil)
{
	return e2e_path(w, a, must(arena_printf(a, "datos/buzon-tui/%s/", perfil)));
}

const char *mesa_copy(struct e2e *w, struct arena *a, const char *perfil, const char *efirma)
{
	struct cert cert;

	assert_int_equal(
		cert_read(a, pki_read(a, must(arena_printf(a, "%s.cer", efirma))), &cert), OK);
	return must(
		arena_printf(a, "%scopia-%.16s.db", mesa_folder(w, a, perfil), cert.thumbprint));
}

void mesa_order(struct vt *vt, const char *line, const char *until)
{
	assert_true(vt_send(vt, ":"));
	assert_true(vt_send(vt, line));
	mesa_to(vt, "\r", until);
	mesa_to(vt, "q", "Lo que vence primero");
}

void mesa_history(struct vt *vt, const char *line)
{
	mesa_to(vt, ":", ":");
	mesa_to(vt, "\x1b[A", line);
	assert_true(vt_key(vt, "\x1b") >= 0);
}
