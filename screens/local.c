#include "screens/local_db.h"

#include <stdio.h>
#include "base/mem.h"
#include "net/codec.h"
#include "screens/inhabiles.h"

#define SMALL ((size_t)1 << 20)
/* KiB of pages that each connection keeps: the client stays small with any number of rows. */
#define CACHE "PRAGMA cache_size = -2048"
/* Tables, and names of drafts; more is a damaged file. */
#define MOST_ROWS 100000

struct local {
	struct db *db;
};

/* ---- local.def as data, and the list's windows ---- */

#include "base/db_table_fields.h"

/* What both begin with: the filter, $1 to $7. */
#define FILTRO_FIELDS                                                                              \
	{DB_INT, offsetof(struct in_ventana, mascara)},                                            \
		{DB_INT, offsetof(struct in_ventana, tipo)},                                       \
		{DB_INT, offsetof(struct in_ventana, rp)},                                         \
		{DB_INT, offsetof(struct in_ventana, desde)},                                      \
		{DB_INT, offsetof(struct in_ventana, hasta)},                                      \
		{DB_TEXT, offsetof(struct in_ventana, texto)},                                     \
	{                                                                                          \
		DB_TEXT, offsetof(struct in_ventana, buscado)                                      \
	}

static const struct db_field by_number[] = {
	FILTRO_FIELDS,
	{DB_INT, offsetof(struct in_ventana, numero)},
	{DB_TEXT, offsetof(struct in_ventana, folio)},
	{DB_INT, offsetof(struct in_ventana, limite)},
	{DB_INT, offsetof(struct in_ventana, salta)},
};
static const struct db_field by_text[] = {
	FILTRO_FIELDS,
	{DB_TEXT, offsetof(struct in_ventana, clave)},
	{DB_TEXT, offsetof(struct in_ventana, folio)},
	{DB_INT, offsetof(struct in_ventana, limite)},
	{DB_INT, offsetof(struct in_ventana, salta)},
};
/* With a row behind the last, as base/db_table_fields.h makes them. */
static const struct db_field lugar_fields[] = {
	{DB_INT, offsetof(struct out_lugar, filas)}, {DB_INT, 0}};

/*
 * A place in an order of two columns; and in that of the folio alone, where both are the folio (a
 * column twice in ORDER BY would be sorted anew). The words are looked for last: only then the row
 * itself is read.
 */
#define PAIR_PLACE(column, past) "(" column ", folio) " past " ($8, $9)"
#define PAIR_ORDER(column, way) column " " way ", folio " way
#define SINGLE_PLACE(column, past) column " " past " $8 AND $9 = $8"
#define SINGLE_ORDER(column, way) column " " way
#define WHERE                                                                                      \
	" WHERE clase & $1 AND ($2 = 0 OR tipo = $2) AND ($3 = 0 OR rp = $3) "                     \
	"AND dia BETWEEN $4 AND $5 AND ($6 = '' OR instr(plegado, $6)) "                           \
	"AND ($7 = '' OR instr(plegado, $7)) AND "
#define ROWS(index, column, KEY, past, way)                                                        \
	"SELECT folio, orden, reciente, clase, estado, ultimo, nombre, "                           \
	"(SELECT json FROM cuerpo WHERE cuerpo.id = fila.id) FROM fila INDEXED BY " index WHERE    \
		KEY##_PLACE(column, past) " ORDER BY " KEY##_ORDER(                                \
			column, way) " LIMIT $10 OFFSET $11"
#define LUGAR(index, column, KEY)                                                                  \
	"SELECT COUNT(*) FROM fila INDEXED BY " index WHERE KEY##_PLACE(column, "<")
#define FORMA(por, forma, text, fields, in_n, outs, out_struct)                                    \
	[QUERY_COUNT + (por)*FORMA_COUNT + (forma)] = {.sql = (text),                              \
		.in = (fields),                                                                    \
		.in_count = (in_n),                                                                \
		.out = (outs),                                                                     \
		.out_count = COUNT_OF(outs) - 1,                                                   \
		.out_size = sizeof(out_struct)}
#define VENTANA(por, index, column, KEY, fields)                                                   \
	FORMA(por, FORMA_DESPUES, ROWS(index, column, KEY, ">", "ASC"), fields, 11,                \
		out_fields_fila, struct out_fila),                                                 \
		FORMA(por, FORMA_ANTES, ROWS(index, column, KEY, "<", "DESC"), fields, 11,         \
			out_fields_fila, struct out_fila),                                         \
		FORMA(por, FORMA_LUGAR, LUGAR(index, column, KEY), fields, 9, lugar_fields,        \
			struct out_lugar)

static const struct db_query queries[] = {
#include "base/db_table_queries.h"
	VENTANA(POR_VENCIMIENTO, "fila_vencimiento", "orden", PAIR, by_number),
	VENTANA(POR_AVISO, "fila_aviso", "reciente", PAIR, by_number),
	VENTANA(POR_FOLIO, "fila_folio", "folio", SINGLE, by_text),
	VENTANA(POR_DOCUMENTO, "fila_documento", "nombre", PAIR, by_text),
};

const char *local_sql(unsigned q)
{
	return q < COUNT_OF(queries) ? queries[q].sql : NULL;
}

/* A file that SQLite can't make sense of is no copy any more. */
static enum err of_copy(enum err err)
{
	return err == ERR_STORE || err == ERR_INTERNAL ? ERR_BAD_CACHE : err;
}

enum err local_run(struct local *l, unsigned q, const void *in, struct arena *a, void *ret_row)
{
	return of_copy(db_run(l->db, q, in, a, ret_row));
}

enum err local_all(struct local *l, unsigned q, const void *in, size_t limit, struct arena *a,
	void **ret_rows, size_t *ret_count)
{
	return of_copy(db_all(l->db, q, in, limit, a, ret_rows, ret_count));
}

enum err local_transaction(
	struct local *l, enum err (*work)(struct local *l, const void *what), const void *what)
{
	enum err err = q_begin(l, NULL, NULL, NULL);

	if (err != OK)
		return err;
	err = work(l, what);
	if (err == OK)
		err = db_in_transaction(l->db) ? q_commit(l, NULL, NULL, NULL) : ERR_BAD_CACHE;
	/* Where even this fails, the connection says so at the next BEGIN. */
	if (err != OK && db_in_transaction(l->db))
		(void)!q_rollback(l, NULL, NULL, NULL);
	return err;
}

/* ---- opening ---- */

struct migration {
	int number;
	const char *sql;
};

static const struct migration migrations[] = {
#define MIGRATION(n, text) {(n), (text)},
#include "screens/local_esquema.def"
#undef MIGRATION
};
#define NEWEST (migrations[COUNT_OF(migrations) - 1].number)

static enum err schema_of(struct local *l, int64_t *ret_number)
{
	ARENA(a, 1024);
	struct out_esquema row;
	enum err err = q_esquema(l, NULL, &a, &row);

	if (err == OK)
		*ret_number = row.numero;
	return err;
}

static enum err migrate(struct local *l, const void *unused)
{
	char mark[48];
	int64_t done = 0;
	enum err err = schema_of(l, &done);

	(void)unused;
	if (err == OK)
		err = db_exec(l->db,
			"CREATE TABLE IF NOT EXISTS dato "
			"(clave TEXT NOT NULL PRIMARY KEY, valor BLOB NOT NULL) WITHOUT ROWID");
	for (size_t i = 0; err == OK && i < COUNT_OF(migrations); i++)
		if (migrations[i].number > done)
			err = db_exec(l->db, migrations[i].sql);
	(void)snprintf(mark, sizeof(mark), "PRAGMA user_version = %d", NEWEST);
	return of_copy(err == OK ? db_exec(l->db, mark) : err);
}

static enum err check_schema(struct local *l, enum db_mode mode)
{
	int64_t found = 0;
	enum err err = schema_of(l, &found);

	if (err != OK || found == NEWEST)
		return err;
	return found < NEWEST && mode == DB_WRITE ? local_transaction(l, migrate, NULL)
						  : ERR_BAD_CACHE;
}

static enum err connect(
	const char *path, enum db_mode mode, const struct secret *key, struct local **ret)
{
	AUTO(local) l = mem_zalloc(sizeof(*l));

	if (l == NULL)
		return ERR_NO_MEMORY;
	/* In memory too it is as a sealed one, so that one can be copied there (local_copy). */
	bool sealed = key != NULL || strcmp(path, ":memory:") == 0;
	enum err err = sealed ? db_open_sealed(path, mode, key, queries, COUNT_OF(queries), &l->db)
			      : db_open(path, mode, queries, COUNT_OF(queries), &l->db);

	if (err == OK)
		err = db_exec(l->db, CACHE);
	if (err == OK)
		*ret = STEAL(l);
	return of_copy(err);
}

enum err local_open(
	const char *path, enum db_mode mode, const struct secret *key, struct local **ret)
{
	AUTO(local) l = NULL;
	enum err err = connect(path, mode, key, &l);

	if (err == OK)
		err = check_schema(l, mode);
	if (err == OK)
		*ret = STEAL(l);
	return err;
}

/* Tables take their indexes and triggers with them. */
static enum err drop_all(struct local *l, const void *unused)
{
	ARENA(a, SMALL);
	struct out_tablas *rows = NULL;
	size_t count = 0;
	enum err err = q_tablas_all(l, NULL, MOST_ROWS, &a, &rows, &count);

	for (size_t i = 0; err == OK && i < count; i++) {
		char *sql = arena_printf(&a, "DROP TABLE \"%s\"", rows[i].nombre);

		if (strchr(rows[i].nombre, '"') != NULL)
			return ERR_BAD_CACHE;
		err = sql == NULL ? ERR_NO_MEMORY : of_copy(db_exec(l->db, sql));
	}
	if (err == OK)
		err = of_copy(db_exec(l->db, "PRAGMA user_version = 0"));
	return err == OK ? migrate(l, unused) : err;
}

enum err local_remake(const char *path, const struct secret *key, struct local **ret)
{
	AUTO(local) l = NULL;
	enum err err = connect(path, DB_WRITE, key, &l);

	if (err == OK)
		err = local_transaction(l, drop_all, NULL);
	if (err == OK)
		*ret = STEAL(l);
	return err;
}

enum err local_copy(struct local *from, struct local *to)
{
	return db_copy(from->db, to->db);
}

void local_close(struct local *l)
{
	if (l == NULL)
		return;
	if (l->db != NULL)
		db_close(l->db);
	mem_free(l);
}

/* ---- small things ---- */

enum err local_put(struct local *l, const char *clave, struct bytes valor)
{
	const struct in_dato_poner in = {
		.clave = clave, .valor = valor.data != NULL ? valor : bytes_of("", 0)};

	return q_dato_poner(l, &in, NULL, NULL);
}

enum err local_remove(struct local *l, const char *clave)
{
	const struct in_dato_quitar in = {.clave = clave};

	return q_dato_quitar(l, &in, NULL, NULL);
}

enum err local_get(struct local *l, struct arena *a, const char *clave, struct bytes *ret_valor)
{
	const struct in_dato in = {.clave = clave};
	struct out_dato row;
	enum err err = q_dato(l, &in, a, &row);

	if (err == OK)
		*ret_valor = row.valor;
	return err;
}

enum err local_keys(struct local *l, struct arena *a, const char *prefijo, const char ***ret_claves,
	size_t *ret_count)
{
	const struct in_dato_claves in = {.prefijo = prefijo};
	struct out_dato_claves *rows = NULL;
	size_t count = 0;
	enum err err = q_dato_claves_all(l, &in, MOST_ROWS, a, &rows, &count);
	const char **claves = err == OK ? arena_array(a, count + 1, sizeof(*claves)) : NULL;

	if (err != OK)
		return err;
	if (claves == NULL)
		return ERR_NO_MEMORY;
	for (size_t i = 0; i < count; i++)
		claves[i] = rows[i].clave;
	*ret_claves = claves;
	*ret_count = count;
	return OK;
}

/* ---- reading ---- */

enum err local_decode(struct arena *a, const struct message *m, struct bytes json, void *ret_struct)
{
	enum err err = codec_decode(a, m, CODEC_TOLERANT, json, ret_struct, NULL);

	return err == OK || err == ERR_NO_MEMORY ? err : ERR_BAD_CACHE;
}

enum err local_fila(struct arena *a, const struct out_fila *row, struct fila *ret)
{
	struct fila made = {.due = (row->clase & FILA_VENCE) != 0 ? row->orden : 0,
		.ultimo = (int32_t)row->ultimo,
		.estado = (enum fila_estado)row->estado};
	enum err err = local_decode(a, &message_notificacion, row->json, &made.m);

	if (err != OK)
		return err;
	made.leida = made.m.abierta == 0 && made.estado != FILA_RETIRADA &&
		     (row->clase & fila_mascara(FILTRO_SIN_LEER)) == 0;
	made.notificada = made.m.notificada;
	if (made.notificada == 0 && made.estado != FILA_POR_ABRIR && made.estado != FILA_RETIRADA)
		made.notificada = made.m.vence;
	*ret = made;
	return OK;
}

enum err local_acuse(struct local *l, struct arena *a, const char *folio, struct m_acuse *ret,
	struct bytes *ret_json)
{
	const struct in_acuse in = {.folio = folio};
	struct out_acuse row;
	struct m_acuse made;
	enum err err = q_acuse(l, &in, a, &row);

	if (err == OK)
		err = local_decode(a, &message_acuse, row.json, &made);
	if (err != OK)
		return err;
	*ret = made;
	*ret_json = row.json;
	return OK;
}

enum err local_documento(struct local *l, struct arena *a, const char *folio,
	struct m_documento *ret_head, struct bytes *ret_datos)
{
	const struct in_documento in = {.folio = folio};
	struct out_documento row;
	struct m_documento made;
	enum err err = q_documento(l, &in, a, &row);

	if (err == OK)
		err = local_decode(a, &message_documento, row.cabeza, &made);
	if (err == OK && (uint64_t)made.total != row.datos.size)
		err = ERR_BAD_CACHE;
	if (err != OK)
		return err;
	*ret_head = made;
	*ret_datos = row.datos;
	return OK;
}

enum err local_historia(struct local *l, struct arena *a, const char *folio, struct m_historia *ret)
{
	const struct in_historia in = {.folio = folio};
	struct out_historia row;
	enum err err = q_historia(l, &in, a, &row);

	return err == OK ? local_decode(a, &message_historia, row.json, ret) : err;
}

static enum err facetas(struct local *l, struct arena *a, enum local_faceta que, const char ***ret,
	size_t *ret_count)
{
	const struct in_facetas in = {.que = que};
	struct out_facetas *rows = NULL;
	size_t count = 0;
	enum err err = q_facetas_all(l, &in, MOST_ROWS, a, &rows, &count);
	const char **values = err == OK ? arena_array(a, count + 1, sizeof(*values)) : NULL;

	if (err != OK)
		return err;
	if (values == NULL)
		return ERR_NO_MEMORY;
	for (size_t i = 0; i < count; i++)
		values[i] = rows[i].valor;
	*ret = values;
	*ret_count = count;
	return OK;
}

enum err local_tipos(struct local *l, struct arena *a, const char ***ret, size_t *ret_count)
{
	return facetas(l, a, FACETA_TIPO, ret, ret_count);
}

enum err local_rps(struct local *l, struct arena *a, const char ***ret, size_t *ret_count)
{
	return facetas(l, a, FACETA_RP, ret, ret_count);
}

static enum err hoja(
	struct local *l, struct arena *a, const char *nombre, const struct message *m, void *ret)
{
	const struct in_hoja in = {.nombre = nombre};
	struct out_hoja row;
	enum err err = q_hoja(l, &in, a, &row);

	return err == OK ? local_decode(a, m, row.json, ret) : err;
}

enum err local_entrado(struct local *l, struct arena *a, struct m_entrado *ret)
{
	struct m_entrado made;
	enum err err = hoja(l, a, LOCAL_ENTRADO, &message_entrado, &made);

	if (err == OK)
		*ret = made;
	return err;
}

enum err local_cuenta(struct local *l, struct arena *a, struct m_cuenta *ret)
{
	return hoja(l, a, LOCAL_CUENTA, &message_cuenta, ret);
}

enum err local_publicado(struct local *l, struct arena *a, struct m_calendario *ret)
{
	return hoja(l, a, LOCAL_CALENDARIO, &message_calendario, ret);
}

enum err local_catalogo(struct local *l, struct arena *a, struct m_catalogo *ret)
{
	return hoja(l, a, LOCAL_CATALOGO, &message_catalogo, ret);
}

enum err local_calendario(struct local *l, struct arena *a, struct calendario *ret)
{
	struct m_calendario m;
	enum err err = local_publicado(l, a, &m);

	if (err == OK)
		err = inhabiles_make(a, &m, ret);
	return err == ERR_BAD_ANSWER ? ERR_BAD_CACHE : err;
}

enum err local_cursor(struct local *l, char ret_cursor[LOCAL_CURSOR], bool *ret_mas)
{
	ARENA(a, 4096);
	struct out_sincronia row;
	enum err err = q_sincronia(l, NULL, &a, &row);

	if (err != OK)
		return err;
	(void)snprintf(ret_cursor, LOCAL_CURSOR, "%s", row.cursor);
	*ret_mas = row.mas != 0;
	return OK;
}

enum err local_recibido(struct local *l, int64_t *ret)
{
	ARENA(a, 4096);
	struct out_sincronia row;
	enum err err = q_sincronia(l, NULL, &a, &row);

	if (err == OK)
		*ret = row.recibido;
	return err;
}

enum err local_entre(
	struct local *l, int64_t desde, int64_t hasta, size_t *ret_count, int64_t *ret_primera)
{
	ARENA(a, 1024);
	const struct in_por_cumplir in = {.menos_hasta = -hasta, .menos_desde = -desde};
	struct out_por_cumplir row;
	enum err err = q_por_cumplir(l, &in, &a, &row);

	if (err != OK)
		return err;
	*ret_count = (size_t)row.cuantas;
	*ret_primera = -row.menos_primera;
	return OK;
}

enum err local_must_judge(struct local *l, int64_t now, bool *ret_must)
{
	ARENA(a, 1024);
	const struct in_hay_vencidas in = {.ahora = now};
	struct out_hay_vencidas row;
	enum err err = q_hay_vencidas(l, &in, &a, &row);

	if (err == OK)
		*ret_must = row.hay != 0;
	return err;
}
