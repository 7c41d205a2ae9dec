/*
 * `buzond verificar-almacen` on a store with acts of all kinds: whole, it says so; and of each
 * single damage, done behind the program's back, it says which row does not hold and why.
 * L-6.1 L-6.5 (evidence that can be proved later), L-7.1 L-7.9 (authorship of what is notified)
 */
#include "core/verbos.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/b64.h"
#include "base/db_mem.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/secret.h"
#include "core/verifica.h"
#include "crypto/ocsp.h"
#include "tests/help/cm.h"
#include "tests/help/core_sql.h"
#include "tests/help/core_titular.h"
#include "tests/help/pg.h"
#include "tests/help/pki.h"

#define OPENED 3
#define OUT_MOST (256 * 1024)

static char out_text[OUT_MOST];
static char err_text[8192];
static char config_path[400];

/* ---- the world ---------------------------------------------------------------------------- */

static void write_config(void)
{
	ARENA(a, 65536);
	const char *p = pki_dir();
	const char *place = mundo.config.almacen;

	snprintf(config_path, sizeof(config_path), "%s/buzond.conf", mundo.folder);
	assert_int_equal(
		file_write(config_path,
			bytes_of_text(arena_printf(&a,
				"[servidor]\nautoridades = localhost\ndireccion = "
				"http://localhost\n[almacen]\n%s = %s\n[confianza]\ncarpeta = "
				"%s/confianza\n[sello]\ncertificado = %s/sello.cer\nllave = "
				"%s/sello.key\n[calendario]\ndesde = 2024\nhasta = 2034\n",
				store_shared(place) ? "almacen" : "archivo", place, p, p, p)),
			0600),
		OK);
}

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

static void settle(struct arena *a, const char *where, const char *resultado)
{
	const char *huella = mundo.fisica->cert.thumbprint;

	sql_run(mundo.config.almacen,
		arena_printf(a,
			"INSERT INTO comprobacion (llave, nonce, recibido, resultado, instante, "
			"ocsp) SELECT llave, nonce, recibido, %s, %s, %s FROM acto WHERE llave = "
			"'%s' AND nonce = (SELECT nonce FROM acto WHERE %s)",
			resultado[0] != '\0' ? arena_printf(a, "'%s'", resultado) : "NULL",
			resultado[0] != '\0' ? "recibido" : "NULL",
			resultado[0] != '\0'
				? "(SELECT ocsp FROM certificado WHERE huella = acto.llave)"
				: "NULL",
			huella, where));
}

static const char *const kept[] = {
	"acto", "acuse", "archivo", "notificacion", "certificado", "comprobacion"};

#define ACT "(SELECT nonce FROM acto WHERE ruta = 'notificacion_abrir' AND estado = 200 AND "
#define NTH(n) " ORDER BY nonce LIMIT 1 OFFSET " #n ")"
/* The first act, before any OCSP answer; one with it; a refusal; an entry. */
#define A_FIRST "nonce = " ACT "revocacion = 'por comprobar'" NTH(0)
#define A_SECOND "nonce = " ACT "revocacion = 'por comprobar'" NTH(1)
#define A_CHECKED "nonce = " ACT "revocacion = 'comprobada'" NTH(0)
#define A_REFUSED                                                                                  \
	"nonce = (SELECT nonce FROM acto WHERE ruta = 'notificacion_abrir' AND estado = 404)"
#define A_ENTRY                                                                                    \
	"nonce = (SELECT nonce FROM acto WHERE ruta = 'entrar' AND estado = 200 ORDER BY nonce "   \
	"LIMIT 1)"
#define A_STRANGER "nonce = (SELECT nonce FROM acto WHERE ruta = 'entrar' AND estado = 400)"
#define U_FIRST "folio = (SELECT folio FROM acto WHERE " A_FIRST ")"
#define U_SECOND "folio = (SELECT folio FROM acto WHERE " A_SECOND ")"
/* A notification that was opened by the first act; one that was not opened. */
#define N_FIRST "acuse = (SELECT folio FROM acto WHERE " A_FIRST ")"
#define N_SECOND "acuse = (SELECT folio FROM acto WHERE " A_SECOND ")"
#define N_CLOSED "abierta IS NULL"
#define F_FIRST "folio = (SELECT folio FROM notificacion WHERE " N_FIRST ")"
#define C_FISICA "rfc = 'PEÑJ800101AB1'"

static int set_up(void **state)
{
	ARENA(a, 16 << 20);
	struct efirma *stranger = pki_efirma("contador");
	struct firma_de by_moral;

	titular_set_up(state);
	write_config();
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
	settle(&a, A_FIRST, "");
	settle(&a, A_SECOND, "vigente");
	struct in_acceso_poner in = {
		.instante = 1, .titular = rfc, .firmante = rfc, .ruta = "acuse", .folio = "BI-1"};

	assert_int_equal(q_acceso_poner(mundo.hand, &in, &a, NULL), OK);
	for (size_t i = 0; i < COUNT_OF(kept); i++)
		sql_run(mundo.config.almacen,
			arena_printf(&a, "CREATE TABLE guarda_%s AS SELECT * FROM %s", kept[i],
				kept[i]));
	return 0;
}

static void restore(void)
{
	ARENA(a, 65536);
	const char *all = "BEGIN;";

	for (size_t i = 0; i < COUNT_OF(kept); i++)
		all = arena_printf(&a, "%s DELETE FROM %s; INSERT INTO %s SELECT * FROM guarda_%s;",
			all, kept[i], kept[i], kept[i]);
	sql_run(mundo.config.almacen, arena_printf(&a, "%s COMMIT;", all));
}

/* ---- running it --------------------------------------------------------------------------- */

static int run_words(const char *const *words)
{
	char *argv[12] = {0};
	char *made[2] = {0};
	size_t sizes[2];
	int argc = 0;
	FILE *out = open_memstream(&made[0], &sizes[0]);
	FILE *err = open_memstream(&made[1], &sizes[1]);
	char program[] = "buzond";

	argv[argc++] = program;
	for (; *words != NULL; words++)
		argv[argc++] = strdup(*words);
	int code = verbos_run(argc, argv, pki_now(), out, err);

	fclose(out);
	fclose(err);
	snprintf(out_text, sizeof(out_text), "%s", made[0]);
	snprintf(err_text, sizeof(err_text), "%s", made[1]);
	free(made[0]);
	free(made[1]);
	while (argc > 1)
		free(argv[--argc]);
	return code;
}

static int verify(const char *flag)
{
	return run_words(
		(const char *const[]){"verificar-almacen", "--config", config_path, flag, NULL});
}

static void must_be_clean(const char *after)
{
	if (verify(NULL) != 0)
		fail_msg("after %s:\n%s%s", after, out_text, err_text);
}

/* The names of all failures, each once, in the order in which they were told. */
static const char *found(struct arena *a)
{
	static const char key[] = "\"falla\":\"";
	const char *all = "";

	for (const char *at = out_text; (at = strstr(at, key)) != NULL;) {
		at += strlen(key);
		const char *name = arena_printf(a, "%.*s", (int)strcspn(at, "\""), at);
		const char *padded = arena_printf(a, " %s ", all);

		if (strstr(padded, arena_printf(a, " %s ", name)) == NULL)
			all = arena_printf(a, "%s%s%s", all, *all != '\0' ? " " : "", name);
	}
	return all;
}

static void test_clean(void **state)
{
	(void)state;
	must_be_clean("nothing");
	/* Two entries, three refusals; 3 + 1 + 1 openings. */
	assert_string_equal(
		out_text, "10 actos, 5 acuses, 6 notificaciones comprobados; 0 fallas.\n");
	assert_string_equal(err_text, "");
	assert_int_equal(verify("--json"), 0);
	assert_string_equal(out_text,
		"{\"actos\":10,\"acuses\":5,\"notificaciones\":6,\"fallas\":0,"
		"\"completo\":true}\n");
}

/* ---- damages ------------------------------------------------------------------------------ */

struct damage {
	const char *what;
	const char *table; /* of a byte; NULL: `sql` */
	const char *column;
	const char *where;
	const char *sql;
	const char *want; /* names of failures, in order */
};

#define FLIP(t, c, w, want)                                                                        \
	{                                                                                          \
		t "." c, t, c, w, NULL, want                                                       \
	}
#define SQL(what, text, want)                                                                      \
	{                                                                                          \
		what, NULL, NULL, NULL, text, want                                                 \
	}
#define SET(t, assign, w, want) SQL(t " " assign, "UPDATE " t " SET " assign " WHERE " w, want)

static const struct damage damages[] = {
	/* An act that has an acuse. */
	FLIP("acto", "firma", A_FIRST, "acto_firma acto_acuse"),
	FLIP("acto", "cuerpo", A_FIRST, "acto_cuerpo acto_titular acto_acuse"),
	FLIP("acto", "base", A_FIRST, "acto_huella acto_base acto_firma"),
	FLIP("acto", "base_sha256", A_FIRST, "acto_huella"),
	FLIP("acto", "ocsp", A_CHECKED, "acto_ocsp"),
	SET("acto", "ocsp = NULL", A_CHECKED, "acto_revocacion"),
	SET("acto", "revocacion = 'comprobada'", A_FIRST, "acto_revocacion"),
	SET("acto", "revocacion = NULL", A_REFUSED, "acto_revocacion"),
	SET("acto", "titular = 'FÑ&010203AB1'", A_FIRST,
		"acto_titular acto_ajeno acto_sin_acuse acuse_sin_acto"),
	SET("acto", "firmante = 'FÑ&010203AB1'", A_FIRST, "acto_firmante acto_ajeno acto_acuse"),
	SET("acto", "calidad = 'representante'", A_FIRST, "acto_titular acto_acuse"),
	SET("acto", "estado = 404, legal = recibido", A_FIRST, "acto_folio acto_respuesta"),
	SET("acto", "estado = 503", A_REFUSED, "acto_estado"),
	SET("acto", "estado = NULL", A_REFUSED, "acto_sin_respuesta"),
	SET("acto", "estado = 409", A_REFUSED, "acto_respuesta"),
	SET("acto", "folio = 'BI-20260101-000000000'", A_FIRST, "acto_sin_acuse acuse_sin_acto"),
	SET("acto", "folio = 'BI-20260101-000000000'", A_REFUSED, "acto_folio"),
	SET("acto", "parte = parte + 1", A_FIRST,
		"acto_parte acuse_sin_acto comprobacion_sin_acto"),
	SET("acto", "ruta = 'entrar'", A_REFUSED, "acto_ruta"),
	SET("acto", "ruta = NULL", A_FIRST, "acto_ruta"),
	SET("acto", "llave = 'x'", A_REFUSED, "acto_parte acto_clave acto_sin_certificado"),
	FLIP("acto", "nonce", A_REFUSED, "acto_clave"),
	SET("acto", "recibido = recibido + 1", A_FIRST, "acto_instantes comprobacion_sin_acto"),
	SET("acto", "recibido = 1600000000000", A_STRANGER,
		"acto_efirma acto_emisor acto_instantes"),
	SET("acto", "legal = legal + 1", A_FIRST, "acto_instantes"),
	SET("acto", "legal = legal - 1", A_ENTRY, "acto_instantes"),
	FLIP("acto", "respuesta", A_REFUSED, "acto_respuesta"),
	FLIP("acto", "respuesta", A_ENTRY, "acto_respuesta"),
	FLIP("acto", "cuerpo", A_STRANGER, "acto_cuerpo acto_sin_certificado acto_titular"),
	SQL("an act is gone", "DELETE FROM acto WHERE " A_FIRST,
		"acuse_sin_acto comprobacion_sin_acto"),
	/* Acuses. */
	FLIP("acuse", "json", U_FIRST, "*"),
	SQL("an acuse is gone", "DELETE FROM acuse WHERE " U_FIRST,
		"acto_sin_acuse notificacion_sin_acuse"),
	SQL("two acuses are swapped",
		"UPDATE acuse SET json = CASE WHEN " U_FIRST " THEN (SELECT g.json FROM "
		"guarda_acuse g WHERE g." U_SECOND ") ELSE (SELECT g.json FROM guarda_acuse g "
		"WHERE g." U_FIRST ") END WHERE " U_FIRST " OR " U_SECOND,
		"acto_acuse acto_folio acto_instantes acuse_columnas notificacion_acuse"),
	SET("acuse", "titular = 'FÑ&010203AB1'", U_FIRST,
		"acuse_parte acuse_columnas notificacion_sin_acuse"),
	SET("acuse", "capacidad = 'AAAAAAAAAAAAAAAAAAAA'", U_FIRST, "acuse_columnas"),
	SET("acuse", "tipo = 'Otro'", U_FIRST, "acuse_columnas"),
	SET("acuse", "elaborado = elaborado + 1", U_FIRST, "acuse_columnas"),
	SET("acuse", "parte = parte + 1", U_FIRST,
		"acto_sin_acuse acuse_parte notificacion_sin_acuse"),
	/* Certificates. */
	FLIP("certificado", "der", C_FISICA, "*"),
	FLIP("certificado", "n", C_FISICA, "certificado_datos"),
	SET("certificado", "hasta = hasta + 1000", C_FISICA, "certificado_datos"),
	SET("certificado", "rfc = 'XAXX010101000'", C_FISICA, "certificado_datos"),
	FLIP("certificado", "emisor", C_FISICA, "certificado_emisor"),
	FLIP("certificado", "cadena", C_FISICA, "certificado_emisor"),
	FLIP("certificado", "ocsp", C_FISICA, "certificado_ocsp"),
	SET("certificado", "revocado = ocsp_desde", C_FISICA, "certificado_ocsp"),
	SET("certificado", "ocsp_desde = 1700000000000", C_FISICA, "certificado_ocsp"),
	SQL("a certificate is gone", "DELETE FROM certificado WHERE " C_FISICA,
		"acto_sin_certificado comprobacion_ocsp"),
	/* Notifications and documents. */
	FLIP("archivo", "datos", F_FIRST, "notificacion_huella notificacion_prueba"),
	FLIP("archivo", "firma", F_FIRST, "notificacion_prueba"),
	FLIP("archivo", "certificado", F_FIRST, "notificacion_prueba"),
	SET("archivo", "cadena = cadena || 'x'", F_FIRST,
		"notificacion_prueba notificacion_oficio"),
	SET("archivo", "bytes = bytes + 1", F_FIRST, "notificacion_bytes"),
	SET("archivo", "sha256 = 'x'", F_FIRST, "notificacion_huella"),
	SET("archivo", "parte = parte + 1", F_FIRST,
		"notificacion_sin_documento archivo_sin_notificacion"),
	SQL("a document is gone", "DELETE FROM archivo WHERE " F_FIRST,
		"notificacion_sin_documento"),
	SQL("a notification is gone", "DELETE FROM notificacion WHERE " N_FIRST,
		"archivo_sin_notificacion"),
	SET("notificacion", "archivo = 'x'", N_CLOSED, "notificacion_huella"),
	SET("notificacion", "oficio = 'OTRO'", N_CLOSED, "notificacion_oficio"),
	SET("notificacion", "titular = 'FÑ&010203AB1'", N_CLOSED,
		"notificacion_parte notificacion_sin_documento"),
	SET("notificacion", "abierta = abierta + 1", N_FIRST, "notificacion_acuse"),
	SET("notificacion", "notificada = notificada + 1", N_FIRST, "notificacion_acuse"),
	SET("notificacion", "abierta = NULL", N_FIRST, "notificacion_abierta notificacion_acuse"),
	SET("notificacion", "acuse = NULL", N_FIRST, "notificacion_abierta"),
	SET("notificacion", "abierta = 5", N_CLOSED, "notificacion_abierta"),
	SQL("two notifications share an acuse",
		"UPDATE notificacion SET acuse = (SELECT g.acuse FROM guarda_notificacion g WHERE "
		"g." N_SECOND ") WHERE " N_FIRST,
		"notificacion_acuse"),
	/* What was to be asked later. */
	SET("comprobacion", "resultado = 'revocado'", "resultado IS NOT NULL", "comprobacion_ocsp"),
	SET("comprobacion", "resultado = 'tal vez'", "resultado IS NOT NULL",
		"comprobacion_resultado"),
	FLIP("comprobacion", "ocsp", "resultado IS NOT NULL", "comprobacion_ocsp"),
	FLIP("comprobacion", "nonce", "resultado IS NULL", "comprobacion_sin_acto"),
};

static void do_damage(const struct damage *d)
{
	if (d->table != NULL)
		sql_flip(mundo.config.almacen, d->table, d->column, d->where);
	else
		sql_run(mundo.config.almacen, d->sql);
}

static void test_damages(void **state)
{
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(damages); i++) {
		ARENA(a, 16 << 20);
		const struct damage *d = &damages[i];

		do_damage(d);
		int code = verify("--json");
		const char *names = found(&a);

		/* A byte of an acuse or a certificate may break any of its checks: but some. */
		bool as_wanted = d->want[0] == '*' ? *names != '\0' : strcmp(names, d->want) == 0;

		if (code != err_exit(ERR_STORE_NOT_PROVED) || !as_wanted) {
			print_message("%s: exit %d\n  found  %s\n  wanted %s\n", d->what, code,
				names, d->want);
			wrong++;
		}
		assert_non_null(strstr(out_text, "\"completo\":true"));
		restore();
	}
	must_be_clean("all damages");
	assert_int_equal(wrong, 0);
}

static void test_partes_of_accesses(void **state)
{
	ARENA(a, 1 << 20);

	(void)state;
	sql_run(mundo.config.almacen, "UPDATE acceso SET parte = parte + 1");
	assert_int_equal(verify("--json"), err_exit(ERR_STORE_NOT_PROVED));
	assert_string_equal(found(&a), "acceso_parte");
	sql_run(mundo.config.almacen, "UPDATE acceso SET parte = parte - 1");
	must_be_clean("parte of an access");
}

/* What a person reads: which row, what does not hold, how many, and what to do. */
static void test_lines(void **state)
{
	ARENA(a, 1 << 20);
	const char *folio =
		sql_ask(&a, mundo.config.almacen, "SELECT folio FROM acuse WHERE " U_FIRST);

	(void)state;
	sql_run(mundo.config.almacen, "DELETE FROM acuse WHERE " U_FIRST);
	assert_int_equal(verify(NULL), 65);
	assert_non_null(strstr(out_text, "acto 0"));
	assert_non_null(strstr(out_text, arena_printf(&a, ", folio %s: falta su acuse\n", folio)));
	assert_non_null(strstr(out_text, "; 2 fallas.\n"));
	assert_non_null(strstr(err_text, "restaura un respaldo"));
	restore();
	/* A row that tries to speak to the terminal. */
	sql_run(mundo.config.almacen,
		store_shared(mundo.config.almacen)
			? "UPDATE acuse SET folio = E'\\x1b[2J' WHERE " U_FIRST
			: "UPDATE acuse SET folio = char(27) || '[2J' WHERE " U_FIRST);
	assert_int_equal(verify(NULL), 65);
	assert_null(strchr(out_text, 27));
	assert_int_equal(verify("--json"), 65);
	assert_null(strchr(out_text, 27));
	restore();
}

/* Every row of the table can be met: none of them is a check that never fails. */
static void test_all_are_met(void **state)
{
	ARENA(a, 1 << 20);
	const char *all = " acuse_ilegible acuse_prueba certificado_ilegible acceso_parte ";

	(void)state;
	for (size_t i = 0; i < COUNT_OF(damages); i++)
		all = arena_printf(&a, "%s%s ", all, damages[i].want);
	for (int f = 0; f < FALLA_COUNT; f++) {
		const char *name = verifica_nombre((enum verifica_falla)f);

		if (strstr(all, arena_printf(&a, " %s ", name)) == NULL)
			fail_msg("no damage gives %s", name);
		assert_non_null(verifica_frase((enum verifica_falla)f));
	}
}

/* Each of these by itself: what a flipped byte only may give. */
static void test_unreadable(void **state)
{
	static const struct {
		const char *sql;
		const char *name;
	} cases[] = {
		{"UPDATE acuse SET json = (SELECT base FROM acto WHERE " A_FIRST ") WHERE " U_FIRST,
			"acuse_ilegible"},
		{"UPDATE certificado SET der = (SELECT base FROM acto WHERE " A_FIRST
		 ") WHERE " C_FISICA,
			"certificado_ilegible"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		sql_run(mundo.config.almacen, cases[i].sql);
		assert_int_equal(verify("--json"), 65);
		if (strstr(out_text, cases[i].name) == NULL)
			fail_msg("%s not in %s", cases[i].name, out_text);
		restore();
	}
}

/* The sello itself: its base64 in the JSON, one letter; the proof names what does not hold. */
static void test_sello(void **state)
{
	ARENA(a, 4 << 20);
	const char *place = mundo.config.almacen;
	bool pg = store_shared(place);
	const char *json = sql_ask(&a, place,
		pg ? "SELECT convert_from(json, 'UTF8') FROM acuse WHERE " U_FIRST
		   : "SELECT CAST(json AS TEXT) FROM acuse WHERE " U_FIRST);
	char *made = arena_strdup(&a, json);
	char *sello = strstr(made, "\"sello\":\"");

	(void)state;
	assert_non_null(sello);
	sello[20] = sello[20] == 'A' ? 'B' : 'A';
	const char *hex = hex_encode(&a, bytes_of_text(made));

	sql_run(place, arena_printf(&a,
			       pg ? "UPDATE acuse SET json = '\\x%s' WHERE %s"
				  : "UPDATE acuse SET json = x'%s' WHERE %s",
			       hex, U_FIRST));
	assert_int_equal(verify(NULL), 65);
	assert_non_null(strstr(out_text,
		"no se prueba a sí mismo («El sello corresponde a la cadena original» no "
		"se cumple)"));
	assert_non_null(strstr(out_text, "; 1 fallas.\n"));
	restore();
}

/* The program itself, its lines in a pipe that holds few of them and that nobody reads yet. */
static pid_t start_piped(int *ret_fd)
{
	const char *build = getenv("BUZON_BUILD");
	char program[512];
	int fds[2];

	snprintf(program, sizeof(program), "%s/buzond",
		build != NULL && *build != '\0' ? build : "build");
	assert_int_equal(pipe(fds), 0);
	assert_true(fcntl(fds[1], F_SETPIPE_SZ, 4096) > 0);
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		dup2(fds[1], 1);
		dup2(fds[1], 2);
		close(fds[0]);
		execl(program, program, "verificar-almacen", "--json", "--config", config_path,
			(char *)NULL);
		_exit(127);
	}
	close(fds[1]);
	*ret_fd = fds[0];
	return pid;
}

static void read_all(int fd)
{
	size_t size = 0;
	ssize_t n;

	while ((n = read(fd, out_text + size, sizeof(out_text) - 1 - size)) > 0)
		size += (size_t)n;
	out_text[size] = '\0';
	close(fd);
}

/* Ctrl-C: what was told stays, the sum says that it is not all, and how to go on. */
static void interrupt(void)
{
	int fd = -1;
	int waiting = 0;
	int status = 0;
	pid_t pid = start_piped(&fd);

	while (waiting < 3500)
		assert_int_equal(ioctl(fd, FIONREAD, &waiting), 0);
	assert_int_equal(kill(pid, SIGINT), 0);
	read_all(fd);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), err_exit(ERR_CANCELLED));
	assert_non_null(strstr(out_text, "\"completo\":false"));
	assert_non_null(strstr(out_text, "Se interrumpió"));
	assert_null(strstr(out_text, "\"acuses\":155"));
}

/* Many pages: what stands at their edges is looked at, too, and once. */
static void test_pages(void **state)
{
	enum { MANY = 150 };
	ARENA(a, 64 << 20);
	int64_t ready = mundo_ready(&mundo);
	struct exchange *xs[MANY];

	(void)state;
	for (int i = 0; i < MANY; i++) {
		struct m_notificacion_abrir m =
			titular_opening(&a, mundo_aviso(&mundo, rfc, ready), ready);

		xs[i] = arena_zalloc(&a, sizeof(*xs[i]));
		xs[i]->arena = &a;
		xs[i]->rq = mundo_request(&mundo, &a, ROUTE_ID_notificacion_abrir, &m, &by_fisica);
		assert_int_equal(serve_check(&mundo.server, xs[i]), SERVE_ACT);
	}
	writer_group(mundo.writer, xs, MANY);
	must_be_clean("many");
	assert_string_equal(
		out_text, "160 actos, 155 acuses, 156 notificaciones comprobados; 0 fallas.\n");
	sql_run(mundo.config.almacen, "UPDATE notificacion SET parte = parte");
	sql_run(mundo.config.almacen, "UPDATE acto SET legal = legal + 1 WHERE folio IS NOT NULL");
	assert_int_equal(verify("--json"), 65);
	assert_non_null(strstr(out_text, "\"fallas\":155,"));
	interrupt();
	sql_run(mundo.config.almacen, "UPDATE acto SET legal = legal - 1 WHERE folio IS NOT NULL");
	must_be_clean("many again");
}

/* ---- what keeps it from looking ----------------------------------------------------------- */

static bool stop_at_once(void *ctx, const struct verifica_cuenta *c)
{
	int *asked = ctx;

	(void)c;
	return ++*asked < 3;
}

static void never(void *ctx, const struct verifica_hallazgo *h)
{
	(void)ctx;
	fail_msg("%s %s", h->objeto, verifica_nombre(h->falla));
}

static void test_cancelled(void **state)
{
	AUTO(store) s = NULL;
	int asked = 0;
	struct verifica_cuenta sum;

	(void)state;
	assert_int_equal(store_open(mundo.config.almacen, DB_READ, &s), OK);
	struct verifica_config c = {.store = s,
		.trust = mundo.trust,
		.tell = never,
		.go_on = stop_at_once,
		.ctx = &asked};

	assert_int_equal(verifica(&c, &sum), ERR_CANCELLED);
	assert_int_equal(asked, 3);
	assert_int_equal(sum.actos, 0);
}

/* A schema that this program does not know: said, not walked through. */
static void test_other_schemas(void **state)
{
	const char *place = mundo.config.almacen;
	bool pg = store_shared(place);

	(void)state;
	sql_run(place,
		pg ? "INSERT INTO esquema VALUES (900, 900)" : "PRAGMA user_version = 58983300");
	assert_int_equal(verify(NULL), err_exit(ERR_STORE_NEWER));
	assert_non_null(strstr(err_text, "versión más nueva"));
	sql_run(place, pg ? "DELETE FROM esquema WHERE paso > 2" : "PRAGMA user_version = 131074");
	assert_int_equal(verify(NULL), 69);
	assert_non_null(strstr(err_text, "versión anterior"));
	assert_non_null(strstr(err_text, "buzond servir"));
	sql_run(place, pg ? "INSERT INTO esquema VALUES (3, 2)" : "PRAGMA user_version = 131075");
	must_be_clean("other schemas");
}

static void test_no_store(void **state)
{
	ARENA(a, 65536);
	struct bytes text;
	const char *was = mundo.config.almacen;

	(void)state;
	mundo.config.almacen =
		store_shared(was) ? "postgresql://postgres@/nadie?host=/no/hay" : "/no/hay.db";
	write_config();
	int code = verify(NULL);

	mundo.config.almacen = was;
	assert_int_equal(code, store_shared(was) ? 69 : 66);
	assert_non_null(strstr(err_text, "[almacen]"));
	if (!store_shared(was)) {
		const char *path = arena_printf(&a, "%s/texto", mundo.folder);

		assert_int_equal(file_write(path,
					 bytes_of_text("no es una base de datos, es "
						       "un texto que no dice nada"),
					 0600),
			OK);
		mundo.config.almacen = path;
		write_config();
		code = verify(NULL);
		mundo.config.almacen = was;
		assert_int_equal(code, 65);
		assert_non_null(strstr(err_text, "no es un almacén"));
		assert_int_equal(file_read(&a, path, 4096, &text), OK);
		assert_int_equal(text.size, 53);
	}
	write_config();
	must_be_clean("no store");
}

/* A copy of a file is of no use to PostgreSQL: what is, is named. */
static void test_copies_of_postgresql(void **state)
{
	(void)state;
	if (!pg_wanted())
		skip();
	assert_int_equal(run_words((const char *const[]){
				 "respaldar", "--a", "/tmp/no", "--config", config_path, NULL}),
		64);
	assert_non_null(strstr(err_text, "pg_dump"));
	assert_non_null(strstr(err_text, "pg_basebackup"));
	assert_int_equal(run_words((const char *const[]){"restaurar", "--de", "/tmp/no", "--si",
				 "--config", config_path, NULL}),
		64);
	assert_non_null(strstr(err_text, "pg_restore"));
	assert_int_equal(access("/tmp/no", F_OK), -1);
}

/* Any allocation fails, OpenSSL's and SQLite's too: memory is told, never a row that is whole. */
static void test_memory_ends(void **state)
{
	bool failed = true;
	int code = 1;
	size_t told = 0;

	(void)state;
	for (long n = 1; failed; n += n < 100 ? 1 : pg_wanted() ? 797 : 97) {
		mem_fail_at(n);
		code = verify(NULL);
		failed = mem_count() >= n;
		mem_fail_at(0);
		if (code != 0 && code != err_exit(ERR_NO_MEMORY))
			fail_msg("allocation %ld: exit %d\n%s%s", n, code, out_text, err_text);
		told += code != 0;
	}
	assert_int_equal(code, 0);
	assert_true(told > 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clean), cmocka_unit_test(test_damages),
		cmocka_unit_test(test_partes_of_accesses), cmocka_unit_test(test_lines),
		cmocka_unit_test(test_all_are_met), cmocka_unit_test(test_unreadable),
		cmocka_unit_test(test_sello), cmocka_unit_test(test_cancelled),
		cmocka_unit_test(test_other_schemas), cmocka_unit_test(test_no_store),
		cmocka_unit_test(test_copies_of_postgresql), cmocka_unit_test(test_memory_ends),
		cmocka_unit_test(test_pages), /* the last: its rows stay */
	};
	struct secret_status status;

	log_open(2, LOG_ERROR);
	if (secret_setup(&status) != OK || db_setup() != OK)
		return 1;
	return cmocka_run_group_tests(tests, set_up, titular_tear_down);
}
