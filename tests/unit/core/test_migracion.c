/*
 * What the step of notifications' life makes of the rows that the programs before it left: opened,
 * open, lapsed without a word, held. Each keeps what it was, and whose term runs lapses by a job.
 * L-6.1 L-6.2 L-7.5
 */
#include <string.h>
#include "base/db_mem.h"
#include "core/store/store.h"
#include "tests/help/carpeta.h"
#include "tests/help/cm.h"
#include "tests/help/core_sql.h"
#include "tests/help/pg.h"

#define ROOM (4 << 20)
#define OLD 5

/* An RFC's shard is not 0: what moves to another one is seen. */
#define RFC "AAA010101AA1"

static const struct {
	const char *sql;
	const char *pg;
	int least;
} steps[] = {
#define MIGRATION(n, least, sql, pg) {sql, pg, least},
#include "core/store/migraciones.def"
#undef MIGRATION
};

static char folder[200];

/* As the program of that step leaves an empty store. */
static void make_old(struct arena *a, const char *place)
{
	bool pg = store_shared(place);

	for (int i = 0; i < OLD; i++)
		sql_run(place, pg && steps[i].pg != NULL ? steps[i].pg : steps[i].sql);
	sql_run(place,
		pg ? arena_printf(a,
			     "CREATE TABLE esquema (paso BIGINT NOT NULL PRIMARY KEY, minimo BIGINT "
			     "NOT NULL); INSERT INTO esquema VALUES (%d, %d)",
			     OLD, steps[OLD - 1].least)
		   : arena_printf(a, "PRAGMA user_version = %d", steps[OLD - 1].least << 16 | OLD));
}

static void put(struct arena *a, const char *place, const char *folio, const char *times)
{
	sql_run(place,
		arena_printf(a,
			"INSERT INTO archivo (folio, parte, sha256, bytes, cadena, firma, "
			"certificado, datos) VALUES ('%s', parte_de('" RFC "'), 's-%s', 1, "
			"'c', '1', '2', '3');"
			"INSERT INTO notificacion (folio, parte, titular, seq, oficio, tipo, "
			"documento, rp, subdelegacion, funcionario, cargo, periodo, importe, "
			"plazo_dias, archivo, aviso, vence, abierta, notificada, acuse) VALUES "
			"('%s', parte_de('" RFC "'), '" RFC "', 3, 'o', 't', 'd', 'rp', 'sub', "
			"'f', 'car', 'per', 'imp', 15, 's-%s', %s)",
			folio, folio, folio, folio, times));
}

static void check(struct arena *a, const char *place, const char *sql, const char *wanted)
{
	assert_string_equal(sql_ask(a, place, sql), wanted);
}

static void test_from_step_5(void **state)
{
	ARENA(a, ROOM);
	const char *place = pg_database(&a);
	struct store *s = NULL;

	(void)state;
	if (place == NULL)
		place = arena_printf(&a, "%s/buzond.db", folder);
	make_old(&a, place);
	sql_run(place, "INSERT INTO particular (rfc, nombre, zona, habilitado) VALUES ('" RFC
		       "', 'A', 'z', 1)");
	put(&a, place, "BI-OPENED", "1000, 2000, 1500, 1500, 'BI-A'");
	put(&a, place, "BI-OPEN", "1000, 99000000000000, NULL, NULL, NULL");
	put(&a, place, "BI-LAPSED", "1000, 2000, NULL, NULL, NULL");
	put(&a, place, "BI-HELD", "90000000000000, 99000000000000, NULL, NULL, NULL");
	assert_int_equal(store_open(place, DB_WRITE, &s), OK);
	store_close(s);

	check(&a, place, "SELECT COUNT(*) FROM notificacion", "4");
	/* All that there was, in its shard. */
	check(&a, place,
		"SELECT COUNT(*) FROM notificacion WHERE parte = parte_de(titular) AND parte <> 0 AND "
		"titular = '" RFC
		"' AND seq = 3 AND oficio = 'o' AND tipo = 't' AND documento = 'd' "
		"AND rp = 'rp' AND subdelegacion = 'sub' AND funcionario = 'f' AND cargo = 'car' AND "
		"periodo = 'per' AND importe = 'imp' AND plazo_dias = 15 AND archivo = 's-' || folio "
		"AND emitida = aviso AND sale = aviso AND calendario = 0",
		"4");
	/* Nothing is said of what nobody knows. */
	check(&a, place,
		"SELECT COUNT(*) FROM notificacion WHERE correo IS NULL AND celular IS NULL AND "
		"firmante IS NULL AND forma IS NULL AND motivo IS NULL AND propuesta IS NULL AND "
		"vence_antes IS NULL AND cambio IS NULL",
		"4");
	check(&a, place,
		"SELECT COUNT(*) FROM notificacion WHERE folio = 'BI-OPENED' AND aviso = 1000 AND "
		"vence = 2000 AND abierta = 1500 AND notificada = 1500 AND acuse = 'BI-A'",
		"1");
	check(&a, place,
		"SELECT COUNT(*) FROM notificacion WHERE folio <> 'BI-OPENED' AND abierta IS NULL AND "
		"notificada IS NULL AND acuse IS NULL",
		"3");
	/* One job for each whose term runs or ran out, two minutes behind its instant. */
	check(&a, place,
		"SELECT COUNT(*) FROM tarea t JOIN notificacion n ON t.clave = n.titular || ' ' || "
		"n.folio AND t.vence = n.vence + 120000 WHERE t.clase = 'plazo'",
		"3");
	check(&a, place, "SELECT COUNT(*) FROM tarea WHERE clase = 'plazo'", "3");
	check(&a, place, "SELECT COUNT(*) FROM tarea WHERE clave LIKE '%BI-OPENED'", "0");
}

static int set_up(void **state)
{
	(void)state;
	return carpeta_make(folder, sizeof(folder), "migracion");
}

static int tear_down(void **state)
{
	(void)state;
	return carpeta_remove(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_from_step_5, set_up, tear_down),
	};

	if (db_setup() != OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
