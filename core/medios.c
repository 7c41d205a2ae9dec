/* Only what a link needs, until the media themselves are merged. */
#include "core/medios.h"

#include "core/acuse_make.h"
#include "core/cuenta.h"

static enum err state_of(const struct out_medio_de_enlace *row, int64_t now)
{
	if (row->baja != 0)
		return strcmp(row->motivo != NULL ? row->motivo : "", "vencido") == 0
			       ? ERR_MEDIUM_EXPIRED
			       : ERR_MEDIUM_GONE;
	return row->validado == 0 && row->vence != 0 && row->vence < now ? ERR_MEDIUM_EXPIRED : OK;
}

enum err medios_por_enlace(struct store *s, struct arena *a, const unsigned char enlace_sha256[32],
	int64_t now, struct medios_confirmado *ret)
{
	struct in_medio_de_enlace in = {.enlace = bytes_of(enlace_sha256, 32)};
	struct out_medio_de_enlace row;
	enum err e = q_medio_de_enlace(s, &in, a, &row);

	if (e == OK)
		e = state_of(&row, now);
	if (e == OK)
		*ret = (struct medios_confirmado){.titular = row.titular,
			.folio = row.folio,
			.mecanismo = row.mecanismo,
			.registrado = row.registrado,
			.validado = row.validado,
			.antes = row.validado != 0};
	return e;
}

static enum err make_acuse(struct env *env, struct writer_group *g,
	const struct medios_confirmado *m, const char **ret_folio)
{
	struct m_dato rows[] = {{"Folio del medio", m->folio}, {"Forma de validación", "Enlace"}};
	struct acuse_de de = {.tipo = "Acuse de validación de mecanismos de comunicación",
		.fundamento = "Lineamientos 5.2 y 6.1",
		.estatus = "Validado",
		.legal = env->now,
		.contenido = rows,
		.contenido_count = COUNT_OF(rows),
		.ambito = "medios"};
	const char *event = arena_printf(
		env->arena, "{\"evento\":\"medio-validado\",\"medio\":\"%s\"}", m->folio);
	struct m_acuse made;
	enum err e = event != NULL ? acuse_automatico(env, g, &de, event, &made) : ERR_NO_MEMORY;

	if (e == OK)
		*ret_folio = made.folio;
	return e;
}

enum err medios_confirmar(struct env *env, struct writer_group *g,
	const unsigned char enlace_sha256[32], struct medios_confirmado *ret)
{
	struct medios_confirmado m;
	struct in_medio_de_enlace_validar in = {.validado = env->now, .titular = env->titular};
	enum err e = medios_por_enlace(env->store, env->arena, enlace_sha256, env->now, &m);

	if (e == OK && m.antes) {
		*ret = m;
		return OK;
	}
	if (e == OK)
		e = make_acuse(env, g, &m, &in.acuse);
	in.folio = m.folio;
	if (e == OK)
		e = store_change(env->store, QUERY_medio_de_enlace_validar, &in);
	if (e == OK)
		e = cuenta_cambio(env, env->titular);
	if (e != OK)
		return e;
	m.validado = env->now;
	*ret = m;
	return OK;
}
