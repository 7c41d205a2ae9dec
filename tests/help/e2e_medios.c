#include "tests/help/e2e_medios.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "tests/help/cm.h"
#include "tests/help/e2e_envio.h"
#include "tests/help/pki.h"

#define ROOM (32 << 20)
#define WAIT_MS 30000

static const char *must(const char *text)
{
	assert_non_null(text);
	return text;
}

/* ---- who they are ------------------------------------------------------------------------- */

void e2e_medios_config(struct e2e *w, const struct rele *r, const struct kannel *k)
{
	ARENA(a, ROOM);
	const char *lines = must(arena_printf(&a,
		"[correo]\ntransporte = smtp\nrele = smtp://127.0.0.1:%u\ntls = no\n"
		"rebote = rebote@buzon.prueba\nde = buzon@buzon.prueba\n",
		r->plain));

	if (k != NULL) {
		assert_int_equal(file_write(e2e_path(w, &a, "sms.pass"),
					 bytes_of_text("clave de sms"), 0600),
			OK);
		lines = must(arena_printf(&a,
			"%s[sms]\ntransporte = kannel\nkannel = "
			"http://127.0.0.1:%u/cgi-bin/sendsms\nusuario = buzon\n"
			"contrasena = sms.pass\nde = 12345\ninformes = https://localhost:%u\n",
			lines, k->sendsms, w->port));
	}
	e2e_envio_config(w, lines);
}

const char *e2e_cliente(struct e2e *w, unsigned n)
{
	assert_true(n < E2E_CLIENTES);
	return must(arena_printf(&w->arena, "CLI010203A%u%u", n / 10, n % 10));
}

void e2e_medios_padron(struct e2e *w)
{
	ARENA(a, ROOM);
	const char *csv = "rfc,nombre,representante,permisos,desde\n";

	for (unsigned n = 0; n < E2E_CLIENTES; n++)
		csv = must(arena_printf(&a,
			"%s%s,CLIENTE %u DE PRUEBA SA DE CV,%s,todo=firmar,2024-01-02\n", csv,
			e2e_cliente(w, n), n, E2E_FISICA));
	assert_int_equal(file_write(e2e_path(w, &a, "padron.csv"), bytes_of_text(csv), 0600), OK);
	struct e2e_run r = E2E_RUN(
		w, &a, "buzond", "padron", "--archivo", "padron.csv", "--config", "buzond.ini");

	if (r.code != 0)
		fail_msg("padron: %d %s%s", r.code, r.out, r.err);
}

static const char *put_perfil(struct e2e *w, const char *name, const char *rfc, unsigned port)
{
	e2e_perfil(w, &(struct e2e_perfil){.nombre = name,
			      .rfc = rfc,
			      .calidad = "representante",
			      .certificado = "fisica.cer",
			      .llave = "fisica.key",
			      .pass = "fisica.pass",
			      .port = port});
	return name;
}

const char *e2e_cliente_perfil(struct e2e *w, unsigned port)
{
	static unsigned next;
	unsigned n = next++;

	return put_perfil(
		w, must(arena_printf(&w->arena, "cliente%u", n)), e2e_cliente(w, n), port);
}

const char *e2e_otro_equipo(struct e2e *w, const char *of, unsigned port)
{
	unsigned n = 0;

	assert_int_equal(sscanf(of, "cliente%u", &n), 1);
	return put_perfil(w, must(arena_printf(&w->arena, "%s-otro", of)), e2e_cliente(w, n), port);
}

/* ---- what they do and see ----------------------------------------------------------------- */

void e2e_espera(struct e2e *w, const char *sql, int64_t number)
{
	int64_t until = clock_monotonic() + WAIT_MS;

	while (e2e_number(w, sql) != number) {
		ARENA(a, ROOM);

		if (clock_monotonic() > until)
			fail_msg("%s is %lld, not %lld\n%s", sql, (long long)e2e_number(w, sql),
				(long long)number, e2e_file(w, &a, "buzond.err"));
		nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
	}
}

const char *e2e_medio_nuevo(
	struct e2e *w, const char *perfil, const char *option, const char *medio)
{
	ARENA(a, ROOM);
	struct e2e_run r = E2E_RUN(w, &a, "buzon-tui", "--perfil", perfil, "medio", "nuevo", option,
		medio, "--si", "--json");

	if (r.code != 0)
		fail_msg("medio nuevo %s: %d %s%s", medio, r.code, r.out, r.err);
	return must(arena_strdup(&w->arena, e2e_json(&a, r.out, "folio")));
}

const char *e2e_medio_fila(struct e2e *w, struct arena *a, const char *perfil, const char *folio)
{
	struct e2e_run r = E2E_RUN(w, a, "buzon-tui", "--perfil", perfil, "medios", "--json");
	const char *want = must(arena_printf(a, "{\"folio\":\"%s\"", folio));

	if (r.code != 0)
		fail_msg("medios: %d %s", r.code, r.err);
	const char *at = strstr(r.out, want);

	if (at == NULL)
		fail_msg("no %s in: %s", folio, r.out);
	return must(arena_printf(a, "%.*s", (int)strcspn(at, "\n"), at));
}

/* Waits where it is cheap, and then looks once as the user does. */
void e2e_medio_aviso(struct e2e *w, const char *perfil, const char *folio, const char *aviso,
	const char *detalle)
{
	ARENA(a, ROOM);
	const char *estado = strcmp(aviso, "por-enviar") == 0 ? "pendiente"
			     : strcmp(aviso, "enviado") == 0  ? "aceptado"
							      : aviso;

	e2e_espera(w,
		must(arena_printf(&a,
			"SELECT count(*) FROM envio WHERE id = '%s' AND estado = '%s' AND "
			"coalesce(detalle, '') LIKE '%%%s%%'",
			e2e_medio_envio(w, folio), estado, detalle != NULL ? detalle : "")),
		1);
	const char *row = e2e_medio_fila(w, &a, perfil, folio);

	assert_string_equal(e2e_json(&a, row, "aviso"), aviso);
	if (detalle == NULL)
		assert_null(strstr(row, "aviso_detalle"));
	else if (strstr(e2e_json(&a, row, "aviso_detalle"), detalle) == NULL)
		fail_msg("no «%s» in: %s", detalle, row);
}

void e2e_medio_valida(struct e2e *w, const char *perfil, const char *folio, const char *codigo)
{
	ARENA(a, ROOM);
	struct e2e_run r = E2E_RUN(w, &a, "buzon-tui", "--perfil", perfil, "medio", "validar",
		folio, codigo, "--json");

	if (r.code != 0)
		fail_msg("medio validar %s: %d %s", codigo, r.code, r.err);
	const char *acuse = e2e_json(&a, r.out, "folio");

	r = E2E_RUN(w, &a, "buzon-tui", "verificar",
		must(arena_printf(&a, "datos/buzon-tui/%s/acuses/%s.pdf", perfil, acuse)));
	if (r.code != 0)
		fail_msg("acuse %s: %d %s", acuse, r.code, r.err);
	assert_string_equal(
		e2e_json(&a, e2e_medio_fila(w, &a, perfil, folio), "estado"), "validado");
}

const char *e2e_medio_envio(struct e2e *w, const char *folio)
{
	ARENA(a, 65536);

	return must(e2e_text(w, &w->arena,
		must(arena_printf(&a,
			"SELECT id FROM envio WHERE medio = '%s' ORDER BY creado DESC LIMIT 1",
			folio))));
}

/* ---- what they get ------------------------------------------------------------------------ */

static int hex(char c)
{
	static const char digits[] = "0123456789ABCDEF";
	const char *at = c != '\0' ? strchr(digits, c) : NULL;

	return at != NULL ? (int)(at - digits) : -1;
}

const char *e2e_legible(struct arena *a, const char *mail)
{
	char *text = arena_strdup(a, mail);
	char *to = text;

	for (const char *at = mail; *must(text) != '\0' && *at != '\0';) {
		if (*at == '=' && at[1] == '\n') {
			at += 2;
		} else if (*at == '=' && hex(at[1]) >= 0 && hex(at[2]) >= 0) {
			*to++ = (char)(hex(at[1]) << 4 | hex(at[2]));
			at += 3;
		} else {
			*to++ = *at++;
		}
	}
	*to = '\0';
	return text;
}

const char *e2e_message_id(struct arena *a, const char *mail)
{
	const char *at = strstr(mail, "Message-ID: <");

	assert_non_null(at);
	return must(arena_printf(a, "%.*s", (int)strcspn(at, "\n"), at));
}

size_t e2e_veces(const char *text, const char *what)
{
	size_t n = 0;

	for (; (text = strstr(text, what)) != NULL; text += strlen(what))
		n++;
	return n;
}

int e2e_almacen_limpio(void **state)
{
	struct e2e *w = *state;
	ARENA(a, ROOM);
	struct e2e_run r = E2E_RUN(w, &a, "buzond", "verificar-almacen", "--config", "buzond.ini");

	if (r.code != 0)
		fail_msg("verificar-almacen: %d %s%s", r.code, r.out, r.err);
	return 0;
}
