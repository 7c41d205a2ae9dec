#include "tests/help/core_envio.h"

#include "tests/help/cm.h"

void envio_world_open(struct mundo *m, struct mensajeria *ret)
{
	const char *message = "";

	if (m->config.correo_carpeta == NULL)
		m->config.correo_carpeta = arena_printf(&m->arena, "%s/correo", m->folder);
	if (m->config.sms_carpeta == NULL)
		m->config.sms_carpeta = arena_printf(&m->arena, "%s/sms", m->folder);
	if (mensajeria_open(&m->arena, &m->config, true, ret, &message) != OK)
		fail_msg("%s", message);
	m->server.mensajeria = ret;
}

enum err envio_put_in(struct env *env, enum plantilla p, const char *medio, const char *destino,
	const char *codigo)
{
	struct m_dato datos[] = {{"codigo", codigo}, {"enlace", "https://buzon.prueba/c/abc?a=1&b"},
		{"vence", "12 de noviembre de 2026 17:52:03 hrs."},
		{"fecha", "12 de noviembre de 2026 17:52:03 hrs."}};
	struct envio_de de = {.plantilla = p,
		.medio = medio,
		.destino = destino,
		.cupo = medio,
		.datos = datos,
		.datos_count = COUNT_OF(datos)};

	return envio_poner(env, &de);
}

const char *envio_put(struct mundo *m, const char *rfc, enum plantilla p, const char *medio,
	const char *destino, const char *codigo)
{
	ARENA(a, 1 << 20);
	struct novedades news = {0};
	struct env env = {.arena = &a,
		.store = m->hand,
		.now = m->now,
		.titular = rfc,
		.config = &m->config,
		.news = &news};

	assert_int_equal(store_begin(m->hand), OK);
	assert_int_equal(envio_put_in(&env, p, medio, destino, codigo), OK);
	assert_int_equal(store_commit(m->hand), OK);
	assert_int_equal(news.tarea, m->now);
	const char *id = lote_text(m,
		"SELECT id FROM envio WHERE titular = '%s' AND creado = %lld ORDER BY CASE WHEN "
		"destino = '%s' THEN 0 ELSE 1 END LIMIT 1",
		rfc, (long long)m->now, destino);

	assert_non_null(id);
	return id;
}

const char *envio_state(struct mundo *m, const char *id)
{
	const char *state = lote_text(m, "SELECT estado FROM envio WHERE id = '%s'", id);

	return state != NULL ? state : "";
}
