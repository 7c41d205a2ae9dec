#include "tests/help/core_medios.h"

#include <string.h>
#include "ley/cadena.h"
#include "tests/help/cm.h"

int64_t medio_dato;
struct tareas *tareas;

/* The sealer's clock goes with the server's, which the test holds. */
enum err __wrap_cadena_check_time(const struct cadena *c, int64_t now, int64_t skew);
enum err __wrap_cadena_check_time(const struct cadena *c, int64_t now, int64_t skew)
{
	(void)c;
	(void)now;
	(void)skew;
	return OK;
}

int medios_set_up(void **state)
{
	int failed = titular_set_up(state);
	struct tareas_config c = {.server = &mundo.server, .writer = mundo.writer};

	assert_int_equal(tareas_open(&c, &tareas), OK);
	lote_do(&mundo, "UPDATE particular SET habilitado = NULL");
	lote_do(&mundo, "UPDATE certificado SET desde = 0, hasta = 4102444800000");
	llaves_clear(mundo.server.llaves);
	return failed;
}

int medios_tear_down(void **state)
{
	tareas_free(tareas);
	return titular_tear_down(state);
}

void medios_forget(void)
{
	lote_do(&mundo, "DELETE FROM medio");
	lote_do(&mundo, "DELETE FROM envio");
	lote_do(&mundo, "DELETE FROM tarea");
}

size_t medios_run(struct tareas *t, int64_t now)
{
	lote_do(&mundo, "DELETE FROM tarea WHERE NOT (" MEDIOS_TAREAS ")");
	return lote_run(t, mundo.writer, now);
}

/* ---- acts ---- */

static const char *answer(struct arena *a, struct exchange *x, const char **ret_folio)
{
	const char *error = mundo_error(a, x);
	struct m_fallo f = {0};

	if (*error != '\0') {
		assert_int_equal(
			codec_decode(a, &message_fallo, CODEC_TOLERANT, x->answer, &f, NULL), OK);
		medio_dato = f.dato;
	} else if (ret_folio != NULL) {
		const struct m_acuse *m = mundo_answer(a, x);

		*ret_folio = arena_strdup(&mundo.arena, m->folio);
	}
	return arena_strdup(&mundo.arena, error);
}

static const char *act(enum route route, const void *m, const char **ret_folio)
{
	ARENA(a, 8 << 20);

	return answer(&a, titular_call(&a, route, m, &by_fisica), ret_folio);
}

const char *medio_alta_rp(const char *rp, const char *mecanismo, const char *valor,
	const char *reemplaza, const char **ret_folio)
{
	struct m_medio_registrar m = {.hat = {rfc, "propio"},
		.mecanismo = mecanismo,
		.medio = valor,
		.rp = rp,
		.reemplaza = reemplaza};

	return act(ROUTE_ID_medio_registrar, &m, ret_folio);
}

const char *medio_alta(
	const char *mecanismo, const char *valor, const char *reemplaza, const char **ret_folio)
{
	return medio_alta_rp(NULL, mecanismo, valor, reemplaza, ret_folio);
}

const char *medio_valida(const char *folio, const char *codigo, const char **ret_acuse)
{
	struct m_medio_validar m = {.hat = {rfc, "propio"}, .folio = folio, .codigo = codigo};

	return act(ROUTE_ID_medio_validar, &m, ret_acuse);
}

const char *medio_reenvia(const char *folio)
{
	struct m_medio_reenviar m = {.hat = {rfc, "propio"}, .folio = folio};

	return act(ROUTE_ID_medio_reenviar, &m, NULL);
}

const char *medio_elimina(const char *folio, bool bajo_minimo, const char **ret_acuse)
{
	struct m_medio_baja m = {
		.hat = {rfc, "propio"}, .folio = folio, .bajo_minimo = bajo_minimo};

	return act(ROUTE_ID_medio_baja, &m, ret_acuse);
}

const char *medio_listo(const char *mecanismo, const char *valor, const char *reemplaza)
{
	const char *folio;

	assert_string_equal(medio_alta(mecanismo, valor, reemplaza, &folio), "");
	assert_string_equal(medio_valida(folio, medio_codigo(folio), NULL), "");
	return folio;
}

/* ---- what was sent ---- */

static const char *sent(const char *folio, const char *label, size_t size)
{
	const char *json = lote_text(&mundo,
		store_shared(mundo.config.almacen)
			? "SELECT convert_from(datos, 'UTF8') FROM envio WHERE medio = '%s' AND "
			  "plantilla LIKE 'validacion%%' ORDER BY creado DESC LIMIT 1"
			: "SELECT CAST(datos AS TEXT) FROM envio WHERE medio = '%s' AND "
			  "plantilla LIKE 'validacion%%' ORDER BY creado DESC LIMIT 1",
		folio);
	const char *at = json != NULL ? strstr(json, label) : NULL;

	if (at == NULL)
		fail_msg("%s of %s was not sent: %s", label, folio, json);
	return arena_printf(&mundo.arena, "%.*s", (int)size, at + strlen(label));
}

const char *medio_codigo(const char *folio)
{
	return sent(folio, "\"codigo\",\"valor\":\"", MEDIO_CODIGO);
}

const char *medio_enlace(const char *folio)
{
	return sent(folio, "/c/", MEDIO_ENLACE);
}

const char *medio_otro_codigo(const char *codigo)
{
	char *other = arena_strdup(&mundo.arena, codigo);

	other[0] = other[0] == '9' ? '0' : (char)(other[0] + 1);
	return other;
}

/* ---- what is kept ---- */

const struct m_acuse *medio_acuse(struct arena *a, const char *folio)
{
	struct in_acuse in = {.folio = folio, .titular = rfc};
	struct out_acuse row;
	struct m_acuse *m = arena_zalloc(a, sizeof(*m));

	if (q_acuse(mundo.hand, &in, a, &row) != OK)
		fail_msg("no acuse %s", folio);
	assert_string_equal(row.ambito, "medios");
	assert_int_equal(codec_decode(a, &message_acuse, CODEC_TOLERANT, row.json, m, NULL), OK);
	return m;
}

const char *medio_dice(struct arena *a, const char *folio, const char *label)
{
	const struct m_acuse *m = medio_acuse(a, folio);

	for (size_t i = 0; i < m->contenido_count; i++)
		if (strcmp(m->contenido[i].etiqueta, label) == 0)
			return m->contenido[i].valor;
	return NULL;
}

const char *medio_estado(const char *folio)
{
	return lote_text(&mundo,
		"SELECT CASE WHEN baja IS NOT NULL THEN motivo WHEN validado IS NOT NULL THEN "
		"'validado' ELSE 'pendiente' END FROM medio WHERE folio = '%s'",
		folio);
}
