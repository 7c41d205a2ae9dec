#include "tests/help/core_avisos.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "base/file.h"
#include "net/http_out.h"
#include "tests/help/cm.h"

static struct mensajeria mensajeria;
static struct recados *recados;
static struct recados_aqui *aqui;

int avisos_set_up(void **state)
{
	int failed = medios_set_up(state);
	struct tareas_config c = {.server = &mundo.server, .writer = mundo.writer};

	tareas_free(tareas);
	assert_int_equal(http_out_setup(), OK);
	envio_world_open(&mundo, &mensajeria);
	assert_int_equal(writer_start(mundo.writer), OK);
	assert_int_equal(recados_start(100, &recados), OK);
	assert_int_equal(recados_aqui_start(&aqui), OK);
	c.recados = recados;
	c.aqui = aqui;
	assert_int_equal(tareas_open(&c, &tareas), OK);
	return failed;
}

int avisos_tear_down(void **state)
{
	recados_stop(recados);
	recados_aqui_stop(aqui);
	mundo_restart(&mundo);
	mensajeria_close(&mensajeria);
	return medios_tear_down(state);
}

/* A test that failed left it blocked. */
static void make_room(const char *folder)
{
	struct stat st;

	if (lstat(folder, &st) == 0 && S_ISREG(st.st_mode))
		avisos_free(folder);
}

#define MEDIO(folio, mecanismo, valor)                                                               \
	"INSERT INTO medio (folio, parte, titular, rp, mecanismo, valor, clave, registrado, vence, " \
	"validado, acuse_validacion) SELECT '" folio "', parte_de(rfc), rfc, '', '" mecanismo        \
	"', '" valor "', '" valor                                                                    \
	"', 1, 1, 1, 'BI-0' FROM particular WHERE nombre = 'PERSONA DE PRUEBA'; "

int avisos_fresh(void **state)
{
	(void)state;
	make_room(mundo.config.correo_carpeta);
	make_room(mundo.config.sms_carpeta);
	lote_do(&mundo,
		"BEGIN; DELETE FROM medio; DELETE FROM envio; DELETE FROM tarea; DELETE FROM evento; "
		"DELETE FROM notificacion; DELETE FROM archivo; UPDATE particular SET habilitado = 1; " MEDIO(
			"f1", "correo", "ana@correo.prueba") MEDIO("f2", "correo",
			"luz@correo.prueba") MEDIO("f3", "celular", "5512345678") "COMMIT;");
	mundo.config.recordatorios = NULL;
	mundo.config.recordatorios_count = 0;
	mundo.config.recordatorios_sms = false;
	return 0;
}

const char *avisos_medio(const char *rp, const char *mecanismo, const char *valor)
{
	static int number;
	const char *folio = arena_printf(&mundo.arena, "M-%d", ++number);

	lote_do(&mundo,
		"INSERT INTO medio (folio, parte, titular, rp, mecanismo, valor, clave, registrado, "
		"vence, validado, acuse_validacion) VALUES ('%s', parte_de('%s'), '%s', '%s', '%s', "
		"'%s', '%s', %d, 1, 1, 'BI-0')",
		folio, rfc, rfc, rp, mecanismo, valor, valor, number);
	return folio;
}

/* ---- issued ---- */

void avisos_do(avisos_obra *what, const char *folio, int64_t at)
{
	ARENA(a, 1 << 20);
	struct novedades news = {0};
	struct env env = {.arena = &a,
		.store = mundo.hand,
		.now = mundo.now,
		.titular = rfc,
		.zona = ZONA_CENTRO,
		.config = &mundo.config,
		.calendario = &mundo.calendario,
		.news = &news};

	assert_int_equal(store_begin(mundo.hand), OK);
	assert_int_equal(what(&env, folio, at), OK);
	assert_int_equal(store_commit(mundo.hand), OK);
}

const char *avisos_emitir(int64_t sale, const char *rp)
{
	const char *folio = mundo_aviso(&mundo, rfc, mundo.now);

	/* As rule_oficio_emitir puts it. */
	lote_do(&mundo,
		"UPDATE notificacion SET aviso = NULL, vence = NULL, emitida = %lld, firmante = '%s', "
		"rp = %s%s%s, importe = '$1.00', periodo = '2026-1' WHERE folio = '%s'",
		(long long)mundo.now, AVISOS_FIRMANTE, rp != NULL ? "'" : "",
		rp != NULL ? rp : "NULL", rp != NULL ? "'" : "", folio);
	avisos_do(aviso_programar, folio, sale);
	return folio;
}

/* ---- carriers ---- */

void avisos_run(int64_t now)
{
	size_t count = 1;

	mundo_at(&mundo, now);
	while (count != 0) {
		count = lote_run_there(tareas, mundo.writer, now);
		while (tareas_errands(tareas) != 0)
			nanosleep(&(struct timespec){.tv_nsec = 500000}, NULL);
	}
}

void avisos_block(const char *folder)
{
	ARENA(a, 4096);

	assert_int_equal(file_make_folder(folder), OK);
	assert_int_equal(rename(folder, arena_printf(&a, "%s.aparte", folder)), 0);
	assert_int_equal(file_write(folder, bytes_of_text("x"), 0600), OK);
}

void avisos_free(const char *folder)
{
	ARENA(a, 4096);

	assert_int_equal(unlink(folder), 0);
	assert_int_equal(rename(arena_printf(&a, "%s.aparte", folder), folder), 0);
}

void avisos_retry(const char *via, int64_t now)
{
	lote_do(&mundo, "UPDATE tarea SET vence = %lld WHERE clase = '%s'", (long long)now, via);
	avisos_run(now);
}

/* ---- asked of the store ---- */

int64_t aviso_number(const char *folio, const char *column)
{
	return lote_number(&mundo, "SELECT %s FROM notificacion WHERE folio = '%s'", column, folio);
}

const char *aviso_text(const char *folio, const char *column)
{
	const char *text =
		lote_text(&mundo, "SELECT %s FROM notificacion WHERE folio = '%s'", column, folio);

	return text != NULL ? text : "";
}

int64_t aviso_eventos(const char *folio, const char *suceso)
{
	return lote_number(&mundo,
		"SELECT count(*) FROM evento WHERE folio = '%s' AND suceso = '%s'", folio, suceso);
}

int64_t aviso_instante(const char *folio, const char *suceso)
{
	return lote_number(&mundo,
		"SELECT instante FROM evento WHERE folio = '%s' AND suceso = '%s' ORDER BY orden",
		folio, suceso);
}

int64_t aviso_envios(const char *folio, const char *plantilla, const char *estado)
{
	return lote_number(&mundo,
		"SELECT count(*) FROM envio WHERE acto = '%s' AND plantilla = '%s' AND estado = '%s'",
		folio, plantilla, estado);
}

int64_t avisos_jobs(const char *clase)
{
	return lote_number(&mundo, "SELECT count(*) FROM tarea WHERE clase = '%s'", clase);
}

int64_t aviso_acuses(const char *folio)
{
	return lote_number(&mundo,
		"SELECT count(*) FROM acuse WHERE tipo = '%s' AND folio IN (SELECT acuse FROM "
		"notificacion WHERE folio = '%s')",
		AVISO_ACUSE_TIPO, folio);
}

/* ---- asked of the server ---- */

const char *aviso_abre(const char *folio)
{
	ARENA(a, 8 << 20);
	int64_t aviso = aviso_number(folio, "aviso");
	struct m_notificacion_abrir m = {.hat = {rfc, "propio"},
		.folio = folio,
		.fecha_legal = aviso != 0 ? mundo_fecha(&mundo, &a, aviso) : "2026-11-09"};

	return arena_strdup(&mundo.arena,
		mundo_error(&a, titular_call(&a, ROUTE_ID_notificacion_abrir, &m, &by_fisica)));
}

const struct m_notificacion *aviso_visto(struct arena *a, const char *folio)
{
	struct m_sincronizar m = {.hat = {rfc, "propio"}};
	const struct m_sincronizado *s =
		mundo_answer(a, titular_call(a, ROUTE_ID_sincronizar, &m, &by_fisica));

	assert_non_null(s);
	for (size_t i = 0; i < s->notificaciones_count; i++)
		if (strcmp(s->notificaciones[i].folio, folio) == 0)
			return &s->notificaciones[i];
	return NULL;
}

const struct m_acuse *aviso_acuse_de(struct arena *a, const char *folio)
{
	struct m_acuse_pedir m = {.hat = {rfc, "propio"}, .folio = aviso_text(folio, "acuse")};
	const struct m_acuse *acuse =
		mundo_answer(a, titular_call(a, ROUTE_ID_acuse, &m, &by_fisica));

	assert_non_null(acuse);
	return acuse;
}
