/*
 * A file of the padrón as buzond padron reads it: both formats, and what is told of one that is
 * wrong, with its line. L-4.1 (who an RFC is), L-5.8 (zone of the domicile), A-11, A-13 (Registros
 * Patronales), A-16 (representatives).
 */
#include "core/padron_archivo.h"

#include <string.h>
#include "base/buf.h"
#include "tests/help/cm.h"
#include "tests/help/dia.h"

#define MB (1 << 20)

static struct arena arena;
static struct buf said;	  /* what was told, a line each: LINE CAMPO: SENTENCE */
static struct buf fichas; /* what was read */

static void hear(void *ctx, const struct padron_queja *q)
{
	(void)ctx;
	buf_printf(&said, "%s%d %s: %s\n", q->aviso ? "aviso " : "", q->linea,
		q->campo != NULL ? q->campo : "-", q->dice);
}

static const char *or_none(const char *text)
{
	return text != NULL ? text : "-";
}

static void note(const struct padron_ficha *f)
{
	buf_printf(&fichas, "%s|%s|%s|%s|%d", f->rfc, f->nombre, or_none(f->zona),
		or_none(f->domicilio), f->convenio_2020 ? 1 : 0);
	if (f->inscrito != 0)
		buf_printf(&fichas, "|%s",
			fecha_text(&arena, zona_civil(zona_centro(), f->inscrito).dia, FECHA_ISO));
	buf_text(&fichas, f->con_rps ? "|RP" : "");
	for (size_t i = 0; i < f->rps_count; i++)
		buf_printf(&fichas, " %s(%s)", f->rps[i].rp, or_none(f->rps[i].subdelegacion));
	buf_text(&fichas, f->con_representantes ? "|REP" : "");
	for (size_t i = 0; i < f->representantes_count; i++) {
		const struct padron_representante *r = &f->representantes[i];

		buf_printf(&fichas, " %s[", r->rfc);
		for (unsigned a = 0; a < AMBITOS; a++)
			buf_printf(&fichas, "%d", (int)r->alcance.nivel[a]);
		buf_printf(&fichas, " %s %s]", fecha_text(&arena, r->desde, FECHA_ISO),
			r->hasta != 0 ? fecha_text(&arena, r->hasta, FECHA_ISO) : "-");
	}
	buf_char(&fichas, '\n');
}

static void read_bytes(const void *text, size_t size, enum padron_formato formato)
{
	const struct padron_oido oido = {.oye = hear};
	struct padron_archivo *p = NULL;
	FILE *in = fmemopen((void *)(uintptr_t)text, size, "r");

	assert_non_null(in);
	arena_free(&arena);
	buf_init(&said, &arena);
	buf_init(&fichas, &arena);
	buf_text(&said, "");
	buf_text(&fichas, "");
	assert_int_equal(padron_archivo_open(in, formato, zc("2026-11-25 12:00"), &oido, &p), OK);
	for (enum err e = OK; e == OK;) {
		ARENA(a, 16 * MB);
		const struct padron_ficha *f = NULL;

		e = padron_archivo_next(p, &a, &f);
		assert_true(e == OK || e == ERR_NOT_FOUND);
		if (e == OK && f != NULL)
			note(f);
	}
	padron_archivo_close(p);
	fclose(in);
	assert_false(said.failed || fichas.failed);
}

static void read_text(const char *text)
{
	read_bytes(text, strlen(text), PADRON_ADIVINA);
}

/* Is it read as that, with nothing told? */
static void assert_read(const char *text, const char *expected)
{
	read_text(text);
	assert_string_equal(said.data, "");
	assert_string_equal(fichas.data, expected);
}

/* Is that told, and nothing more, of a CSV with this header and these rows? */
static void assert_told(const char *text, const char *const *expected)
{
	const char *at;

	read_text(text);
	at = said.data;
	for (; *expected != NULL; expected++) {
		const char *end = strchr(at, '\n');
		const char *found = end != NULL ? strstr(at, *expected) : NULL;

		if (end == NULL || found != at)
			fail_msg("«%s» instead of «%s»", at, *expected);
		at = end + 1;
	}
	if (*at != '\0')
		fail_msg("one too many: %s", at);
}

#define TOLD(text, ...) assert_told(text, (const char *const[]){__VA_ARGS__, NULL})

#define PEPE "PEÑJ800101AB6"
#define MORAL "FÑ&010203AB5"
#define MARIA "NULM750615MNA"

/* ---- what is right ---- */

/* Columns by name in any order, as a person types them; rows of one RFC put together. */
static void test_csv(void **state)
{
	(void)state;
	assert_read("rfc,nombre\n" PEPE ",JOSÉ\n" MORAL ",FERRETERÍA\n",
		PEPE "|JOSÉ|-|-|0\n" MORAL "|FERRETERÍA|-|-|0\n");
	assert_read("\xef\xbb\xbf"
		    "Subdelegación;RP; Nombre ;RFC;Convenio 2020;ZONA;inscrito;domicilio\r\n"
		    "Tijuana;a01-23456-10-3;\"JOSÉ; \"\"PEPE\"\"\";peñj 800101-ab6;Sí;"
		    "America/Tijuana;2001-03-02;CALLE 1\r\n"
		    ";;;;;;;\r\n"
		    "Mexicali;B12 34567 10 0;;" PEPE ";;;;\r\n"
		    "Mexicali;B1234567100;\"JOSÉ; \"\"PEPE\"\"\";" PEPE ";SI;;2001-03-02;\r\n"
		    ";;OTRA;" MARIA ";no;;;",
		PEPE "|JOSÉ; \"PEPE\"|America/Tijuana|CALLE 1|1|2001-03-02|RP "
		     "A0123456103(Tijuana) B1234567100(Mexicali)\n" MARIA "|OTRA|-|-|0|RP\n");
	/* Tabs, as a spreadsheet pastes them; Ñ as N and a tilde. */
	assert_read("rfc\tnombre\nPEN\xcc\x83J800101AB6\tJOSÉ, PEÑA\n", PEPE "|JOSÉ, PEÑA|-|-|0\n");
}

static void test_csv_representatives(void **state)
{
	(void)state;
	assert_read("rfc,nombre,representante,permisos,desde,hasta\n" MORAL ",FERRETERÍA," MARIA
		    ",notificaciones=abrir medios:leer,2024-09-01,2027-12-31\n" MORAL ",," PEPE
		    ",\"todo=firmar, medios=leer\",2024-09-01,\n" MORAL ",," PEPE
		    ",todo=firmar,2024-09-01,\n",
		MORAL "|FERRETERÍA|-|-|0|REP " MARIA "[31000 2024-09-01 2027-12-31] " PEPE
		      "[44444 2024-09-01 -]\n");
}

/* One array, or an object a line; a list that is not there says nothing, an empty one: none. */
static void test_json(void **state)
{
	(void)state;
	assert_read("[{\"rfc\":\"" PEPE "\",\"nombre\":\"JOSÉ\",\"zona\":\"America/Cancun\","
		    "\"domicilio\":\"A {B}, \\\"C\\\"\",\"inscrito\":\"2001-03-02\","
		    "\"convenio_2020\":true,\"rps\":[{\"rp\":\"A01-23456-10-3\",\"subdelegacion\":"
		    "\"Norte\"}]},\n{\"rfc\":\"" MORAL
		    "\",\"nombre\":\"F\",\"rps\":[],\"representantes\":[{\"rfc\":\"" MARIA
		    "\",\"permisos\":[{\"ambito\":\"activacion\",\"nivel\":\"firmar\"}],"
		    "\"desde\":\"2024-09-01\"}]}]\n",
		PEPE "|JOSÉ|America/Cancun|A {B}, \"C\"|1|2001-03-02|RP A0123456103(Norte)\n" MORAL
		     "|F|-|-|0|RP|REP " MARIA "[00400 2024-09-01 -]\n");
	assert_read("\xef\xbb\xbf{\"rfc\":\"" PEPE "\",\"nombre\":\"rps\"}\n\n{\"nombre\":\"F\",\n"
		    "\"rfc\":\"" MORAL "\"}",
		PEPE "|rps|-|-|0\n" MORAL "|F|-|-|0\n");
	assert_read("[]", "");
}

/* ---- what is wrong ---- */

static void test_header(void **state)
{
	(void)state;
	TOLD("rfc,nombre,sueldo,rfc\n", "1 -: la columna «sueldo» no se conoce; se admiten: rfc,",
		"1 rfc: la columna está dos veces");
	TOLD("nombre,subdelegacion\nx,y\n", "1 rfc: falta esa columna", "1 rp: falta esa columna");
	TOLD("rfc,nombre,representante,hasta\n", "1 permisos: falta esa columna",
		"1 desde: falta esa columna");
	TOLD("", "0 -: el archivo está vacío; buzond padron --ejemplo");
	TOLD(" \r\n\n", "0 -: el archivo está vacío");
}

static void test_rows(void **state)
{
	(void)state;
	TOLD("rfc,nombre\n" PEPE "\nPEPE,X\n,Y\n" MORAL ",A,B\n" MORAL ",\"A\n",
		"2 -: el renglón tiene menos datos que columnas el encabezado",
		"3 rfc: «PEPE» no tiene la forma de un RFC",
		"4 rfc: falta; cada renglón lleva su RFC",
		"5 -: el renglón tiene más datos que columnas el encabezado",
		"6 nombre: faltan las comillas que cierran");
	/* What is said twice is not said twice differently. */
	TOLD("rfc,nombre,zona,inscrito,domicilio,convenio_2020\n" PEPE
	     ",JOSÉ,America/Tijuana,2001-03-02,A,sí\n" PEPE
	     ",PEPE,America/Cancun,2001-03-03,B,no\n",
		"3 convenio_2020: contradice lo dicho de este RFC desde el renglón 2",
		"3 nombre: «PEPE» contradice lo dicho de este RFC desde el renglón 2 («JOSÉ»)",
		"3 zona: «America/Cancun» contradice", "3 domicilio: «B» contradice",
		"3 inscrito: contradice la fecha");
	TOLD("rfc,nombre\n" PEPE ",A\n" MORAL ",B\n" PEPE ",A\n",
		"4 rfc: " PEPE " ya está en el renglón 2, con otros RFC en medio; junta");
	TOLD("rfc,nombre\n" PEPE ",\n", "2 nombre: falta; escribe el nombre, denominación o razón "
					"social de " PEPE);
}

static void test_fields(void **state)
{
	(void)state;
	TOLD("rfc,nombre,zona,inscrito,convenio_2020\n" PEPE
	     ",A,Europe/Paris,06/08/2024,quizá\n" MORAL
	     ",B|C,America/Mexico_City,2027-01-01,\n" MARIA ",\"D\nE\",,1899-12-31,\n",
		"2 convenio_2020: se admite sí o no, o nada",
		"2 zona: «Europe/Paris» no es una zona horaria de México; usa una como",
		"2 inscrito: «06/08/2024» no es una fecha; escríbela como 2024-08-06",
		"3 nombre: «B|C» tiene un salto de línea", "3 inscrito: la fecha está en el futuro",
		"4 nombre: «D E» tiene un salto de línea",
		"4 inscrito: el año de 1899-12-31 no va de 1900");
	TOLD("rfc,nombre,rp,subdelegacion\n" PEPE ",A,A01,Norte\n" PEPE ",A,,Norte\n" MORAL
	     ",B,A0123456103,Norte\n" MORAL ",B,A01-23456-10-3,Sur\n",
		"2 rp: «A01» no tiene la forma de un Registro Patronal: 11 caracteres, como "
		"A01-23456-10-7",
		"3 rp: falta el Registro Patronal de la subdelegación «Norte»",
		"5 subdelegacion: «Sur» contradice");
	/* A name that turns what follows around, and one that is too long. */
	char text[1200] = "rfc,nombre\n" PEPE ",A\xe2\x80\xae"
			  "B\n" MORAL ",";

	memset(text + strlen(text), 'x', 401);
	TOLD(text, "2 nombre: «AB» tiene un salto de línea, un carácter de control o invisible",
		"3 nombre: «xxx");
	assert_non_null(strstr(said.data, "…» pasa de 400 bytes; escríbelo más corto."));
}

static void test_check_digits_only_warn(void **state)
{
	(void)state;
	TOLD("rfc,nombre,rp\nPEÑJ800101AB1,A,A01-23456-10-7\nPEÑJ800101AB1,,A0123456107\n",
		"aviso 2 rfc: El dígito verificador de PEÑJ800101AB1 no coincide",
		"aviso 2 rp: El dígito verificador de A01-23456-10-7 no coincide");
	assert_string_equal(fichas.data, "PEÑJ800101AB1|A|-|-|0|RP A0123456107(-)\n");
}

#define REP "rfc,nombre,representante,permisos,desde,hasta\n"

static void test_representatives(void **state)
{
	(void)state;
	TOLD(REP PEPE ",A," PEPE ",todo=leer,2024-09-01,\n" MORAL
		      ",B,MARIA,todo=leer,2024-09-01,\n" MARIA ",C,,todo=leer,,\n",
		"2 representante: nadie se representa a sí mismo; escribe el RFC",
		"3 representante: «MARIA» no tiene la forma de un RFC",
		"4 representante: falta el RFC del representante");
	TOLD(REP PEPE ",A," MARIA ",,2024-09-01,\n" PEPE ",," MARIA
		      ",nominas=leer,2024-09-01,\n" PEPE ",," MARIA
		      ",medios=borrar,2024-09-01,\n" PEPE ",," MARIA ",medios,2024-09-01,\n",
		"2 permisos: faltan los permisos de " MARIA
		"; escríbelos como notificaciones=abrir",
		"3 permisos: «nominas» no es un menú; se admite: todo, notificaciones, medios, "
		"activacion, documentos, comunicados.",
		"4 permisos: «borrar» no es un nivel; se admite: leer, preparar, abrir, firmar.",
		"5 permisos: los permisos se escriben como");
	TOLD(REP PEPE ",A," MARIA ",todo=leer,,\n" MORAL ",B," MARIA
		      ",todo=leer,2024-09-02,2024-09-01\n",
		"2 desde: falta desde cuándo representa",
		"3 hasta: la representación terminaría antes de empezar");
	TOLD(REP PEPE ",A," MARIA ",todo=leer,2024-09-01,\n" PEPE ",," MARIA
		      ",todo=abrir,2024-09-01,\n" PEPE ",," MORAL ",medios=abrir,2024-09-01,\n",
		"3 representante: " MARIA " ya está como representante con otros permisos",
		"4 permisos: " MORAL
		" es una persona moral, que por otro sólo puede leer o preparar");
}

/* What a spreadsheet saves unless it is told otherwise is refused with what to do. */
static void test_encodings(void **state)
{
	static const char cp1252[] =
		"rfc,nombre\n" MARIA ",A\n" PEPE ",JOS\xc9\n" PEPE ",JOS\xc9\n";
	static const char utf16[] = "\xff\xfer\0f\0c\0";

	(void)state;
	TOLD(cp1252,
		"3 -: el archivo no está en UTF-8 (parece windows-1252, como lo guarda Excel); "
		"guárdalo como «CSV UTF-8 (delimitado por comas)», o conviértelo con: iconv -f "
		"WINDOWS-1252 -t UTF-8");
	TOLD("{\"rfc\":\"" PEPE "\",\"nombre\":\"JOS\xc9\"}\n", "1 -: el archivo no está en UTF-8");
	read_bytes(utf16, sizeof(utf16) - 1, PADRON_ADIVINA);
	assert_non_null(strstr(said.data, "1 -: el archivo está en UTF-16"));
	read_bytes("rfc,nombre\n" MARIA ",A\0B\n", 28, PADRON_ADIVINA);
	assert_non_null(strstr(said.data, "2 nombre: hay un byte nulo"));
}

static void test_json_wrong(void **state)
{
	(void)state;
	TOLD("[{\"rfc\":\"" PEPE "\",\"nombre\":\"A\",\"sueldo\":1},\n{\"rfc\":\"" MORAL
	     "\",\"nombre\":2},\n{\"rfc\":\"" MARIA "\",\"nombre\":\"A\",\"rps\":[{}]},\n"
	     "{\"rfc\":\"x\",\"nombre\":\"A\",}]",
		"1 sueldo: ese nombre no se conoce; quítalo o corrígelo",
		"2 nombre: falta, es demasiado largo o no es del tipo que se espera",
		"3 rp: falta, es demasiado largo", "4 -: el objeto no es JSON válido");
	TOLD("{\"rfc\":\"" PEPE "\",\"nombre\":\"A\"}\n{\"rfc\":\"" PEPE "\",\"nombre\":\"A\"}\n",
		"2 rfc: " PEPE " ya está en el renglón 1; deja un solo objeto de cada RFC.");
	TOLD("{\"rfc\":\"" PEPE "\",\"nombre\":\"A\",\"rps\":[{\"rp\":\"A0123456103\"},{\"rp\":"
	     "\"A1\"}],\"representantes\":[{\"rfc\":\"" MARIA
	     "\",\"permisos\":[{\"ambito\":\"x\",\"nivel\":\"leer\"}],\"desde\":\"ayer\"}]}",
		"1 rps[2].rp: «A1» no tiene la forma",
		"1 representantes[1].permisos: «x» no es un menú",
		"1 representantes[1].desde: «ayer» no es una fecha");
	/* Structure that is lost is told once, where it was lost. */
	TOLD("[{\"rfc\":\"" PEPE "\",\"nombre\":\"A\"}\n\n{\"rfc\":1}]",
		"3 -: aquí deja de ser JSON");
	TOLD("[{\"rfc\":\"" PEPE "\",\"nombre\":\"A\"},]", "1 -: aquí deja de ser JSON");
	TOLD("[{\"rfc\":\"" PEPE "\",\"nombre\":\"A\"}] x", "1 -: aquí deja de ser JSON");
	TOLD("{\"rfc\":\"" PEPE "\",\n\"nombre\":\"A\n", "3 -: aquí deja de ser JSON");
	read_bytes("rfc,nombre\n", 11, PADRON_JSON);
	assert_string_equal(said.data, "1 -: aquí deja de ser JSON; el archivo lleva un objeto por "
				       "RFC, en un solo arreglo [...] o uno por renglón.\n");
}

static int setup(void **state)
{
	(void)state;
	arena_init(&arena, 16 * MB);
	return zona_setup();
}

static int teardown(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_csv),
		cmocka_unit_test(test_csv_representatives),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_header),
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_check_digits_only_warn),
		cmocka_unit_test(test_representatives),
		cmocka_unit_test(test_encodings),
		cmocka_unit_test(test_json_wrong),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
