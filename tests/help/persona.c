#include "tests/help/persona.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "base/file.h"
#include "tests/help/cm.h"

#define ROOM (16 * 1024 * 1024)
#define WORDS 16
#define CONFIG "config/buzon-tui/config.ini"
#define OWN "config/buzon-tui/propia.ini"

static void put(struct e2e *w, const char *name, const char *text, unsigned mode)
{
	assert_int_equal(file_write(e2e_path(w, &w->arena, name), bytes_of_text(text), mode), OK);
}

static char *const *environment(struct e2e *w, const char *const *more)
{
	char *const *usual = e2e_env(w);
	char **all = arena_array(&w->arena, 64, sizeof(*all));
	size_t n = 0;

	assert_non_null(all);
	for (; *usual != NULL; usual++)
		all[n++] = *usual;
	for (; more != NULL && *more != NULL; more++)
		all[n++] = arena_strdup(&w->arena, *more);
	assert_true(n < 64);
	return all;
}

struct vt *persona_start(struct e2e *w, const struct persona *p)
{
	const char *argv[WORDS + 4] = {e2e_program(w, "buzon-tui")};
	size_t n = 1;

	if (p->perfil != NULL) {
		argv[n++] = "--perfil";
		argv[n++] = p->perfil;
	}
	for (size_t i = 0; p->words != NULL && p->words[i] != NULL && i < WORDS; i++)
		argv[n++] = p->words[i];
	struct vt *vt = vt_start((char *const *)(const void *)argv, environment(w, p->env),
		p->rows != 0 ? p->rows : 24, p->cols != 0 ? p->cols : 80);

	assert_non_null(vt);
	return vt;
}

void persona_to(struct vt *vt, const char *keys, const char *text)
{
	e2e_type(vt, keys, text);
	assert_true(vt_settle(vt, VT_MS));
}

void persona_enter(struct vt *vt)
{
	e2e_focus(vt, "Validar");
	persona_to(vt, "\r", "Lo que vence primero");
	persona_to(vt, "", "Sincronizado");
}

struct vt *persona_entered(struct e2e *w, const struct persona *p)
{
	struct vt *vt = persona_start(w, p);

	persona_to(vt, "", "Validación FIEL");
	persona_enter(vt);
	return vt;
}

void persona_keys(struct vt *vt, const char *keys)
{
	assert_true(vt_key(vt, keys) >= 0);
}

void persona_shows(struct vt *vt, const char *text)
{
	if (!vt_wait_text(vt, text, VT_MS))
		fail_msg("no «%s» on the screen:\n%s", text, vt_screen(vt));
}

void persona_hides(struct vt *vt, const char *text)
{
	if (vt_contains(vt, text))
		fail_msg("«%s» on the screen:\n%s", text, vt_screen(vt));
}

static const char *last_row(struct vt *vt)
{
	int rows = 0;

	for (const char *c = vt_screen(vt); *c != '\0'; c++)
		rows += *c == '\n';
	return vt_row(vt, rows - 1);
}

static bool holds(const char *row, const char *text)
{
	return strstr(row, text) != NULL;
}

static bool is_prompt(const char *row, const char *text)
{
	size_t size = strlen(text);

	return strncmp(row, text, size) == 0 && (row[size] == '\0' || row[size] == ' ');
}

/* An idle byte may be of what was under way when the key came: the next one is waited for. */
#define STEP_MS 20

static void wait_last(struct vt *vt, const char *text, bool (*is)(const char *, const char *))
{
	int64_t until = clock_monotonic() + VT_MS;

	/* What is awaited may come with nothing typed: the screen is read on until it is there. */
	while (!is(last_row(vt), text) && clock_monotonic() < until)
		(void)vt_wait_text(vt, "\x01", STEP_MS);
	if (!is(last_row(vt), text))
		fail_msg("no «%s» on the last line:\n%s", text, vt_screen(vt));
}

void persona_last(struct vt *vt, const char *text)
{
	wait_last(vt, text, holds);
}

void persona_prompt(struct vt *vt, const char *text)
{
	wait_last(vt, text, is_prompt);
}

void persona_body(struct vt *vt, char *to, size_t size)
{
	const char *screen = vt_screen(vt);
	const char *from = strchr(screen, '\n') + 1;
	size_t length = strlen(from);

	/* Each row ends by a line feed; the last one goes. */
	do {
		length--;
	} while (length > 0 && from[length - 1] != '\n');
	(void)snprintf(to, size, "%.*s", (int)length, from);
}

bool persona_raw(struct vt *vt, const char *text)
{
	size_t size;
	const char *raw = vt_raw(vt, &size);

	return memmem(raw, size, text, strlen(text)) != NULL;
}

void persona_leave(struct vt *vt)
{
	assert_true(vt_send(vt, "\x03"));
	assert_int_equal(vt_end(vt), 128 + SIGINT);
	assert_false(vt_altscreen(vt));
	assert_true(vt_is_cooked(vt));
	(void)vt_close(vt);
}

void persona_config(struct e2e *w, const char *more)
{
	ARENA(a, ROOM);

	if (!file_exists(e2e_path(w, &a, OWN)))
		put(w, OWN, e2e_file(w, &a, CONFIG), 0600);
	put(w, CONFIG, arena_printf(&a, "%s%s", e2e_file(w, &a, OWN), more), 0600);
}

const char *persona_script(struct e2e *w, const char *name, const char *text)
{
	put(w, name, arena_printf(&w->arena, "#!/bin/sh\n%s", text), 0700);
	return e2e_path(w, &w->arena, name);
}

const char *persona_abierta(struct e2e *w)
{
	ARENA(a, ROOM);
	const char *folio = e2e_notificar(w, E2E_FISICA);
	struct e2e_run r =
		E2E_RUN(w, &a, "buzon-tui", "abrir", folio, "--si", "--json", "--perfil", "fisica");

	if (r.code != 0)
		fail_msg("abrir: %d %s", r.code, r.err);
	return folio;
}
