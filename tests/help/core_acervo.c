#include "tests/help/core_acervo.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "base/file.h"
#include "core/verifica.h"
#include "crypto/ocsp.h"
#include "tests/help/cm.h"
#include "tests/help/core_sql.h"
#include "tests/help/core_verbo.h"
#include "tests/help/pki.h"

#define OPENED 3

char acervo_out[256 * 1024];
char acervo_err[8192];
char acervo_config[400];

static void open_one(struct arena *a, const struct firma_de *by, const char *of)
{
	int64_t ready = mundo_ready(&mundo);
	struct m_notificacion_abrir m = {.hat = {of, "propio"},
		.folio = mundo_aviso(&mundo, of, ready),
		.fecha_legal = mundo_fecha(&mundo, a, ready)};

	assert_int_equal(titular_call(a, ROUTE_ID_notificacion_abrir, &m, by)->status, 200);
}

static void refuse(
	struct arena *a, enum route r, const void *m, const struct firma_de *by, const char *error)
{
	assert_string_equal(mundo_error(a, titular_call(a, r, m, by)), error);
}

/* What openssl's responder says of the certificate, now. */
static struct bytes ocsp_answer(struct arena *a, const struct efirma *f)
{
	struct bytes request;
	struct bytes der = {0};
	struct bytes issuer;

	assert_int_equal(trust_verify(mundo.trust, f->cert.der, mundo.now, &issuer), OK);
	assert_int_equal(ocsp_request(a, f->cert.der, issuer, &request), OK);
	assert_int_equal(file_write(arena_printf(a, "%s/q", mundo.folder), request, 0600), OK);
	const char *command = arena_printf(a,
		"P='%s'; cd %s && openssl ocsp -CA $P/ca.pem -index $P/index.txt -rsigner "
		"$P/ocsp.pem -rkey $P/ocsp.clave.pem -ndays 1 -reqin q -respout r >log 2>&1",
		pki_dir(), mundo.folder);

	assert_int_equal(system(command), 0);
	assert_int_equal(file_read(a, arena_printf(a, "%s/r", mundo.folder), 65536, &der), OK);
	return der;
}

/* From here on acts of that e.firma are "comprobada". */
static void answer_ocsp(struct arena *a, const struct efirma *f)
{
	struct bytes issuer;
	struct ocsp_verdict v;
	struct in_certificado_ocsp in = {.ocsp = ocsp_answer(a, f), .huella = f->cert.thumbprint};

	assert_int_equal(trust_verify(mundo.trust, f->cert.der, mundo.now, &issuer), OK);
	assert_int_equal(ocsp_prove(mundo.trust, in.ocsp, f->cert.der, issuer, &v), OK);
	in.ocsp_desde = v.this_update;
	in.ocsp_hasta = v.next_update;
	assert_int_equal(q_certificado_ocsp(mundo.hand, &in, a, NULL), OK);
	llaves_drop(mundo.server.llaves, f->cert.thumbprint);
}

static void make_refusals(struct arena *a, const struct efirma *stranger)
{
	struct firma_de by = mundo_efirma(stranger);
	struct m_notificacion_abrir nothing = {.hat = {rfc, "propio"},
		.folio = "BI-20260101-000000000",
		.fecha_legal = "2026-01-02"};
	struct m_notificacion_abrir nobody = nothing;
	struct m_entrar entrar = {.hat = {stranger->cert.rfc, "propio"},
		.certificado = stranger->cert.der,
		.llave_lectura = bytes_of_text("corta"),
		.version = 1};

	nobody.hat.titular = "NO ES RFC";
	refuse(a, ROUTE_ID_notificacion_abrir, &nothing, &by_fisica, "no-existe");
	refuse(a, ROUTE_ID_notificacion_abrir, &nobody, &by_fisica, "campo-invalido");
	/* Its certificate is kept in the body only. */
	refuse(a, ROUTE_ID_entrar, &entrar, &by, "campo-invalido");
}

/* As the job does it (core/tareas/ocsp.c), of one act. */
static void settle(struct arena *a, const char *where, const char *resultado)
{
	sql_run(mundo.config.almacen,
		arena_printf(a,
			"UPDATE comprobacion SET resultado = '%s', instante = recibido, ocsp = (SELECT "
			"ocsp FROM certificado WHERE huella = comprobacion.llave) WHERE llave = '%s' AND "
			"nonce = (SELECT nonce FROM acto WHERE %s)",
			resultado, mundo.fisica->cert.thumbprint, where));
}

static const char *const kept[] = {
	"acto", "acuse", "archivo", "notificacion", "certificado", "comprobacion", "legal"};

int acervo_set_up(void **state)
{
	ARENA(a, 16 << 20);
	struct efirma *stranger = pki_efirma("contador");
	struct firma_de by_moral;

	titular_set_up(state);
	core_verbo_config(acervo_config, sizeof(acervo_config), mundo.config.almacen);
	for (int i = 0; i < OPENED; i++) {
		/* Nonces grow with time. */
		mundo_at(&mundo, pki_now());
		open_one(&a, &by_fisica, rfc);
		usleep(2000);
	}
	by_moral = mundo_efirma(mundo.moral);
	key_free(mundo_enter(&mundo, mundo.moral, &by_moral.keyid));
	by_moral = mundo_efirma(mundo.moral);
	open_one(&a, &by_moral, mundo.moral->cert.rfc);
	mundo_aviso(&mundo, rfc, mundo_ready(&mundo));
	make_refusals(&a, stranger);
	efirma_free(stranger);
	answer_ocsp(&a, mundo.fisica);
	mundo_at(&mundo, pki_now());
	open_one(&a, &by_fisica, rfc);
	settle(&a, A_SECOND, "comprobada");
	struct in_acceso_poner in = {
		.instante = 1, .titular = rfc, .firmante = rfc, .ruta = "acuse", .folio = "BI-1"};

	assert_int_equal(q_acceso_poner(mundo.hand, &in, &a, NULL), OK);
	for (size_t i = 0; i < COUNT_OF(kept); i++)
		sql_run(mundo.config.almacen,
			arena_printf(&a, "CREATE TABLE guarda_%s AS SELECT * FROM %s", kept[i],
				kept[i]));
	return 0;
}

void acervo_restore(void)
{
	ARENA(a, 65536);
	const char *all = "BEGIN;";

	for (size_t i = 0; i < COUNT_OF(kept); i++)
		all = arena_printf(&a, "%s DELETE FROM %s; INSERT INTO %s SELECT * FROM guarda_%s;",
			all, kept[i], kept[i], kept[i]);
	sql_run(mundo.config.almacen, arena_printf(&a, "%s COMMIT;", all));
}

int acervo_verify(const char *flag)
{
	return core_verbo(pki_now(),
		(const char *const[]){"verificar-almacen", "--config", acervo_config, flag, NULL},
		acervo_out, sizeof(acervo_out), acervo_err, sizeof(acervo_err));
}

const char *acervo_found(struct arena *a)
{
	static const char key[] = "\"falla\":\"";
	const char *all = "";

	for (const char *at = acervo_out; (at = strstr(at, key)) != NULL;) {
		at += strlen(key);
		const char *name = arena_printf(a, "%.*s", (int)strcspn(at, "\""), at);
		const char *padded = arena_printf(a, " %s ", all);

		if (strstr(padded, arena_printf(a, " %s ", name)) == NULL)
			all = arena_printf(a, "%s%s%s", all, *all != '\0' ? " " : "", name);
	}
	return all;
}

bool acervo_finds(const char *what, const char *want)
{
	ARENA(a, 16 << 20);
	int code = acervo_verify("--json");
	const char *names = acervo_found(&a);
	bool as_wanted = want[0] == '*' ? *names != '\0' : strcmp(names, want) == 0;

	if (code == err_exit(ERR_STORE_NOT_PROVED) && as_wanted)
		return true;
	print_message("%s: exit %d\n  found  %s\n  wanted %s\n", what, code, names, want);
	return false;
}

void acervo_all_met(const char *words, bool (*mine)(const char *name))
{
	ARENA(a, 1 << 20);
	const char *padded = arena_printf(&a, " %s ", words);

	for (int f = 0; f < FALLA_COUNT; f++) {
		const char *name = verifica_nombre((enum verifica_falla)f);

		if (!mine(name))
			continue;
		if (strstr(padded, arena_printf(&a, " %s ", name)) == NULL)
			fail_msg("no damage gives %s", name);
		assert_non_null(verifica_frase((enum verifica_falla)f));
	}
}

void acervo_must_be_clean(const char *after)
{
	if (acervo_verify(NULL) != 0)
		fail_msg("after %s:\n%s%s", after, acervo_out, acervo_err);
}
