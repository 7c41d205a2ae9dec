/*
 * Rows of the local copy as filters and terms see them: a copy of the first schema is brought up to
 * date, what is read after a lapse is unread no more, each row counts the days inhábiles of its
 * domicile and subdelegación. L-7.5 L-7.7
 */
#include <stdio.h>
#include "base/db_mem.h"
#include "net/codec.h"
#include "screens/local_db.h"
#include "screens/tabla.h"
#include "tests/help/carpeta.h"
#include "tests/help/cm.h"
#include "tests/help/copia.h"

static char folder[256];

static int setup(void **state)
{
	(void)state;
	if (db_setup() != OK || zona_setup() != OK)
		return -1;
	return carpeta_make(folder, sizeof(folder), "local-filas");
}

static int teardown(void **state)
{
	(void)state;
	return carpeta_remove(folder);
}

static const char *path_of(struct arena *a, const char *name)
{
	const char *path = arena_printf(a, "%s/%s", folder, name);

	assert_non_null(path);
	return path;
}

static struct local *open_copy(const char *path, enum db_mode mode)
{
	struct local *l = NULL;

	assert_int_equal(local_open(path, mode, NULL, &l), OK);
	return l;
}

static void take(struct local *l, struct m_notificacion *n, size_t count, const char *cursor,
	const char *now)
{
	struct m_sincronizado s = {
		.cursor = cursor, .notificaciones = n, .notificaciones_count = count, .mas = true};

	assert_int_equal(local_take_sincronizado(l, &s, zc(now)), OK);
}

static void take_calendar(struct local *l, struct arena *a, const char *now)
{
	struct m_calendario c = calendar_message(a);
	struct m_sincronizado s = {.cursor = "c", .calendario = &c};

	assert_int_equal(local_take_sincronizado(l, &s, zc(now)), OK);
}

static struct fila row_of(struct local *l, struct arena *a, const char *folio)
{
	const struct in_fila in = {.folio = folio};
	struct out_fila row;
	struct fila f;

	assert_int_equal(q_fila(l, &in, a, &row), OK);
	assert_int_equal(local_fila(a, &row, &f), OK);
	return f;
}

static struct out_total totals(struct local *l, struct arena *a)
{
	struct out_total t;

	assert_int_equal(q_total(l, NULL, a, &t), OK);
	return t;
}

/* What a program of the first schema left: its rows, judged and filed as they were then. */
static void first_schema(const char *path, struct arena *a, const struct m_notificacion *n)
{
	static const struct {
		int number;
		const char *sql;
	} steps[] = {
#define MIGRATION(n, text) {(n), (text)},
#include "screens/local_esquema.def"
#undef MIGRATION
	};
	AUTO(db) d = NULL;
	struct bytes json;

	assert_int_equal(steps[0].number, 1);
	assert_int_equal(db_open(path, DB_WRITE, NULL, 0, &d), OK);
	assert_int_equal(db_exec(d, "CREATE TABLE dato (clave TEXT NOT NULL PRIMARY KEY, "
				    "valor BLOB NOT NULL) WITHOUT ROWID; "
				    "INSERT INTO dato VALUES ('borrador/1', 'x')"),
		OK);
	assert_int_equal(db_exec(d, steps[0].sql), OK);
	assert_int_equal(codec_encode(a, &message_notificacion, n, &json), OK);
	const char *sql = arena_printf(a,
		"INSERT INTO fila (id, folio, orden, reciente, clase, estado, ultimo, nombre, "
		"plegado) VALUES (1, '%s', %lld, %lld, 51, 0, 0, 'resolucion', 'resolucion'); "
		"INSERT INTO cuerpo VALUES (1, CAST('%.*s' AS BLOB)); "
		"UPDATE sincronia SET cursor = 'c7', juzgado = %lld; PRAGMA user_version = 1",
		n->folio, (long long)n->vence, (long long)-n->aviso, (int)json.size,
		(const char *)json.data, (long long)zc("2026-11-12 10:00"));

	assert_int_equal(db_exec(d, sql), OK);
}

/* An older copy is brought up to date: nothing is asked again, and its rows can be filtered. */
static void test_first_schema(void **state)
{
	ARENA(a, (size_t)16 << 20);
	const char *path = path_of(&a, "primera");
	struct m_notificacion n = notice(&a, "BI-A", "2026-11-09 10:15", 15);
	AUTO(local) l = NULL;
	struct tabla t;
	struct filtro f = {0};
	struct bytes valor;
	bool must = false;

	(void)state;
	n.rp = "B0712345108";
	first_schema(path, &a, &n);
	assert_int_equal(local_open(path, DB_READ, NULL, &l), ERR_BAD_CACHE);
	l = open_copy(path, DB_WRITE);
	assert_int_equal(local_must_judge(l, zc("2026-11-12 10:30"), &must), OK);
	assert_true(must);
	assert_int_equal(local_judge(l, zc("2026-11-12 10:30")), OK);
	assert_int_equal(local_must_judge(l, zc("2026-11-12 10:30"), &must), OK);
	assert_false(must);
	char cursor[LOCAL_CURSOR];
	bool more = true;

	assert_int_equal(local_cursor(l, cursor, &more), OK);
	assert_string_equal(cursor, "c7");
	assert_int_equal(local_get(l, &a, "borrador/1", &valor), OK);
	assert_int_equal(totals(l, &a).por_abrir, 1);
	assert_int_equal(row_of(l, &a, "BI-A").due, zc("2026-11-13 09:30"));
	tabla_init(&t);
	tabla_attach(&t, l);
	filtro_tipo("7.1", f.tipo);
	assert_int_equal(filtro_rp(&f, "B07-12345-10-8"), OK);
	f.desde = f.hasta = dia("2026-11-09");
	assert_int_equal(filtro_palabras(&f, "ana peña"), OK);
	tabla_query(&t, POR_VENCIMIENTO, &f);
	assert_int_equal(tabla_count(&t), 1);
	f.hasta = dia("2026-11-08");
	f.desde = 0;
	tabla_query(&t, POR_VENCIMIENTO, &f);
	assert_int_equal(tabla_count(&t), 0);
	tabla_free(&t);
}

/* L-7.5 L-7.7: a document that is read here after a lapse is unread no more; totals follow. */
static void test_read_after_lapse(void **state)
{
	ARENA(a, (size_t)16 << 20);
	AUTO(local) l = open_copy(":memory:", DB_WRITE);
	struct m_notificacion n = notified(&a, "BI-A", "2026-10-21 10:00", NULL, 0, "AC-A");
	struct m_documento d = {
		.folio = "BI-A", .sha256 = "", .total = 3, .cadena = "", .datos = {0}};

	(void)state;
	n.forma = "automatica";
	take_calendar(l, &a, "2026-11-12 10:00");
	take(l, &n, 1, "c", "2026-11-12 10:00");
	assert_int_equal(totals(l, &a).sin_leer, 1);
	assert_int_equal(totals(l, &a).por_plazo, 1);
	assert_false(row_of(l, &a, "BI-A").leida);
	assert_int_equal(local_take_documento(l, &d, bytes_of_text("abc")), OK);
	assert_int_equal(totals(l, &a).sin_leer, 0);
	assert_true(row_of(l, &a, "BI-A").leida);
	/* And stays so when the row comes again. */
	take(l, &n, 1, "c", "2026-11-12 10:00");
	assert_int_equal(totals(l, &a).sin_leer, 0);
	assert_int_equal(totals(l, &a).por_plazo, 1);
}

/* CFF 12: days of another state, and of another subdelegación, do not count here. */
static void test_ambitos(void **state)
{
	ARENA(a, (size_t)16 << 20);
	AUTO(local) l = open_copy(":memory:", DB_WRITE);
	struct m_notificacion n[2] = {
		notified(&a, "BI-1", "2026-10-21 10:00", "2026-10-22 12:00", 15, "AC-1"),
		notified(&a, "BI-2", "2026-10-21 10:00", "2026-10-22 12:00", 15, "AC-2")};
	struct m_calendario c = calendar_message(&a);
	struct m_inhabil *more = arena_array(&a, c.inhabiles_count + 3, sizeof(*more));
	struct m_cuenta cuenta = {.titular = "X",
		.nombre = "X",
		.zona = ZONA_CENTRO,
		.terminos = "1",
		.terminos_sha256 = "",
		.privacidad = "1",
		.privacidad_sha256 = ""};
	struct m_sincronizado s = {.cursor = "c", .calendario = &c, .cuenta = &cuenta};

	(void)state;
	assert_non_null(more);
	memcpy(more, c.inhabiles, c.inhabiles_count * sizeof(*more));
	more[c.inhabiles_count] = (struct m_inhabil){
		.fecha = "2026-11-10", .motivo = "Feria", .ambito = "estado:JAL"};
	more[c.inhabiles_count + 1] = (struct m_inhabil){.fecha = "2026-11-10",
		.motivo = "Obra",
		.ambito = "subdelegacion:Centro",
		.clase = "declarado"};
	c.inhabiles = more;
	c.inhabiles_count += 2;
	n[1].subdelegacion = "Centro";
	take(l, n, 2, "c", "2026-11-12 10:00");
	assert_int_equal(local_take_sincronizado(l, &s, zc("2026-11-12 10:00")), OK);
	assert_int_equal(row_of(l, &a, "BI-1").ultimo, dia("2026-11-13"));
	assert_int_equal(row_of(l, &a, "BI-2").ultimo, dia("2026-11-17"));
	/* The domicile moves there: counted anew, without a word of the calendar. */
	cuenta.estado = "JAL";
	s.calendario = NULL;
	assert_int_equal(local_take_sincronizado(l, &s, zc("2026-11-12 10:00")), OK);
	assert_int_equal(row_of(l, &a, "BI-1").ultimo, dia("2026-11-17"));
	/* The same day of the same place twice contradicts itself. */
	more[c.inhabiles_count] = more[c.inhabiles_count - 1];
	c.inhabiles_count++;
	s.calendario = &c;
	assert_int_equal(local_take_sincronizado(l, &s, zc("2026-11-12 10:00")), ERR_BAD_ANSWER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first_schema),
		cmocka_unit_test(test_read_after_lapse),
		cmocka_unit_test(test_ambitos),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
