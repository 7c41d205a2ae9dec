/*
 * What a person keeps of their Buzón in one archive, and its proof: whole, altered in every way,
 * cut, of another period. L-6.1 L-6.2 L-7.7 L-7.9
 */
#include "tests/help/cm.h"
#include "base/file.h"
#include "tests/help/e2e.h"
#include "tests/help/pki.h"

#define ROOM (64 * 1024 * 1024)

static struct e2e world;
static const char *abierta;  /* notified by opening */
static const char *cerrada;  /* not notified yet */
static const char *acuse_de; /* folio of its acuse */

static void must_be(const struct e2e_run *r, int code)
{
	if (r->code != code)
		fail_msg("exit %d, not %d; out: %s; err: %s", r->code, code, r->out, r->err);
}

static int open_world(void **state)
{
	ARENA(a, ROOM);

	(void)state;
	e2e_open(&world);
	abierta = e2e_notificar(&world, E2E_FISICA);
	cerrada = e2e_notificar(&world, E2E_FISICA);
	struct e2e_run r = E2E_RUN(&world, &a, "buzon-tui", "abrir", abierta, "--si", "--json");

	must_be(&r, 0);
	acuse_de = arena_strdup(&world.arena, e2e_json(&a, r.out, "folio"));
	r = E2E_RUN(&world, &a, "buzon-tui", "exportar", "-o", "todo.zip");
	must_be(&r, 0);
	return 0;
}

static int close_world(void **state)
{
	(void)state;
	e2e_close(&world);
	return 0;
}

static struct e2e_run verify(struct arena *a, const char *file)
{
	return E2E_RUN(&world, a, "buzon-tui", "verificar", file);
}

/* Runs Python's zipfile, which is none of ours, over `zip` to make `to`. */
static void with_python(struct arena *a, const char *to, const char *what)
{
	const char *script = arena_printf(a,
		"import zipfile, json, hashlib\n"
		"z = zipfile.ZipFile('todo.zip')\n"
		"f = [(n, z.read(n)) for n in z.namelist()]\n"
		"d = dict(f)\n"
		"def put(n, b): d[n] = b\n"
		"def again():\n"
		"  i = json.loads(d['indice.json'])\n"
		"  for e in i['entradas']:\n"
		"    if e['nombre'] in d:\n"
		"      e['sha256'] = hashlib.sha256(d[e['nombre']]).hexdigest()\n"
		"      e['bytes'] = len(d[e['nombre']])\n"
		"  d['indice.json'] = json.dumps(i, ensure_ascii=False, separators=(',', ':'))."
		"encode()\n"
		"acuse = 'acuses/%s.json'\n"
		"pdf = 'documentos/%s.pdf'\n"
		"%s\n"
		"o = zipfile.ZipFile('%s', 'w', zipfile.ZIP_DEFLATED)\n"
		"for n in d: o.writestr(n, d[n])\n"
		"o.close()\n",
		acuse_de, abierta, what, to);

	assert_non_null(script);
	struct e2e_run r = E2E_RUN(&world, a, "python3", "-c", script);

	must_be(&r, 0);
}

/* L-6.1 L-7.7: everything of the period is in it, and proves itself without any server. */
static void test_whole(void **state)
{
	ARENA(a, ROOM);
	const char *const inside[] = {arena_printf(&a, "acuses/%s.json", acuse_de),
		arena_printf(&a, "acuses/%s.pdf", acuse_de),
		arena_printf(&a, "documentos/%s.pdf", abierta),
		arena_printf(&a, "documentos/%s.firma.json", abierta),
		arena_printf(&a, "notificaciones/%s.json", abierta),
		arena_printf(&a, "notificaciones/%s.json", cerrada), "indice.json",
		"indice.firma.json", "LEEME.txt"};
	struct e2e_run list = E2E_RUN(&world, &a, "python3", "-m", "zipfile", "-l", "todo.zip");

	(void)state;
	must_be(&list, 0);
	for (size_t i = 0; i < COUNT_OF(inside); i++)
		if (strstr(list.out, inside[i]) == NULL)
			fail_msg("no %s in %s", inside[i], list.out);
	/* Nothing of what was not opened. */
	assert_null(strstr(list.out, arena_printf(&a, "documentos/%s", cerrada)));
	assert_false(file_exists(e2e_path(&world, &a, "todo.zip.partes")));
	struct e2e_run r = verify(&a, "todo.zip");

	must_be(&r, 0);
	assert_non_null(strstr(r.out, E2E_FISICA));
	assert_non_null(strstr(r.out, "JOSÉ PEÑA"));
	assert_null(strstr(r.out, "✗"));
	r = E2E_RUN(&world, &a, "buzon-tui", "verificar", "todo.zip", "--json");
	must_be(&r, 0);
	assert_non_null(strstr(r.out, "\"comprobado\":true"));
}

/* The very bytes that were notified. */
static void test_document_is_the_one(void **state)
{
	ARENA(a, ROOM);
	struct bytes sent;
	struct bytes kept;

	(void)state;
	struct e2e_run r =
		E2E_RUN(&world, &a, "python3", "-m", "zipfile", "-e", "todo.zip", "fuera");

	must_be(&r, 0);
	assert_int_equal(file_read(&a, e2e_pdf(&world), 1 << 20, &sent), OK);
	assert_int_equal(
		file_read(&a,
			e2e_path(&world, &a, arena_printf(&a, "fuera/documentos/%s.pdf", abierta)),
			1 << 20, &kept),
		OK);
	assert_true(bytes_equal(sent, kept));
}

/* Each alteration is found, and the file is named. */
static void test_altered(void **state)
{
	const char *document = "documentos/";
	const struct {
		const char *what;
		const char *says;
	} changes[] = {
		{"put(pdf, d[pdf].replace(b'PRUEBA', b'prueba'))", document},
		{"put(pdf, d[pdf].replace(b'PRUEBA', b'prueba')); again()", document},
		{"put(acuse, d[acuse].replace(b'\"Notificada\"', b'\"Anulada\"')); again()",
			"acuses/"},
		{"del d[acuse]", "acuses/"},
		{"put('acuses/otro.json', b'{}')", "acuses/otro.json"},
		{"del d[pdf]; again()", document},
		{"put('indice.json', d['indice.json'].replace(b'\"version\":1,', b'\"version\":2,'))",
			"índice"},
		{"del d['indice.firma.json']", "índice"},
		{"n = acuse.replace('.json', '.pdf'); put(n, d[n][:-9] + b'XXXXXXXXX'); again()",
			"impreso en el PDF"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(changes); i++) {
		ARENA(a, ROOM);

		with_python(&a, "otro.zip", changes[i].what);
		struct e2e_run r = verify(&a, "otro.zip");

		if (r.code != err_exit(ERR_NOT_PROVED) || strstr(r.out, changes[i].says) == NULL)
			fail_msg("%s: exit %d, out: %s, err: %s", changes[i].what, r.code, r.out,
				r.err);
	}
}

/* What is no archive is said in one sentence. */
static void test_no_archive(void **state)
{
	static const char *const scripts[] = {
		"b = open('todo.zip','rb').read(); open('otro.zip','wb').write(b[:len(b)//2])",
		"open('otro.zip','wb').write(b'PK\\x03\\x04' + b'\\0' * 100)",
		"import zipfile; o = zipfile.ZipFile('otro.zip','w'); o.writestr('x','y'); o.close()",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(scripts); i++) {
		ARENA(a, ROOM);
		struct e2e_run made = E2E_RUN(&world, &a, "python3", "-c", scripts[i]);
		struct e2e_run r = verify(&a, "otro.zip");

		must_be(&made, 0);
		must_be(&r, err_exit(ERR_BAD_EVIDENCE));
		assert_non_null(strstr(r.err, err_sentence(ERR_BAD_EVIDENCE)));
	}
}

/* Nothing is overwritten; another period holds nothing, and proves that. */
static void test_periods(void **state)
{
	ARENA(a, ROOM);
	struct e2e_run r = E2E_RUN(&world, &a, "buzon-tui", "exportar", "-o", "todo.zip");

	(void)state;
	must_be(&r, err_exit(ERR_EXISTS));
	r = E2E_RUN(&world, &a, "buzon-tui", "exportar", "--desde", "2031-01-01", "--hasta",
		"2031-12-31", "-o", "nada.zip", "--json");
	must_be(&r, 0);
	assert_non_null(strstr(r.out, "\"archivos\":1,"));
	r = verify(&a, "nada.zip");
	must_be(&r, 0);
	r = E2E_RUN(&world, &a, "buzon-tui", "exportar", "--desde", "2031-01-01", "--hasta",
		"2030-12-31");
	must_be(&r, err_exit(ERR_USAGE));
	r = E2E_RUN(&world, &a, "buzon-tui", "exportar", "--desde", "ayer");
	must_be(&r, err_exit(ERR_BAD_FIELD));
}

/* A first run was cut: what it kept and is good is used, what is damaged is fetched again. */
static void test_goes_on(void **state)
{
	ARENA(a, ROOM);
	const char *folder = e2e_path(&world, &a, "dos.zip.partes/acuses");
	const char *damaged = arena_printf(&a, "%s/%s.json", folder, acuse_de);

	(void)state;
	assert_int_equal(file_make_folder(folder), OK);
	assert_int_equal(file_write(damaged, bytes_of_text("{\"folio\":"), 0600), OK);
	assert_int_equal(e2e_server_stop(&world, 15), 0);
	struct e2e_run r = E2E_RUN(&world, &a, "buzon-tui", "exportar", "-o", "dos.zip");

	assert_int_not_equal(r.code, 0);
	assert_false(file_exists(e2e_path(&world, &a, "dos.zip")));
	e2e_server_start(&world);
	r = E2E_RUN(&world, &a, "buzon-tui", "exportar", "-o", "dos.zip");
	must_be(&r, 0);
	r = verify(&a, "dos.zip");
	must_be(&r, 0);
	assert_false(file_exists(e2e_path(&world, &a, "dos.zip.partes")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_document_is_the_one),
		cmocka_unit_test(test_altered),
		cmocka_unit_test(test_no_archive),
		cmocka_unit_test(test_periods),
		cmocka_unit_test(test_goes_on),
	};

	return cmocka_run_group_tests(tests, open_world, close_world);
}
