#include "core/medios.h"

#include <stdlib.h>
#include "base/b64.h"
#include "core/cuenta.h"
#include "core/medio.h"
#include "core/particular.h"

/* ---- the board ---- */

/* How the outbox calls it -> as people are told. */
static const char *told(const char *estado)
{
	static const struct {
		const char *estado;
		const char *aviso;
	} words[] = {{"pendiente", "por-enviar"}, {"aceptado", "enviado"},
		{"entregado", "entregado"}, {"fallido", "fallido"}};

	for (size_t i = 0; estado != NULL && i < COUNT_OF(words); i++)
		if (strcmp(words[i].estado, estado) == 0)
			return words[i].aviso;
	return NULL;
}

static struct m_medio row_message(const struct out_medios_tablero *r)
{
	return (struct m_medio){.folio = r->folio,
		.mecanismo = r->mecanismo,
		.medio = r->valor,
		.rp = strcmp(r->rp, MEDIO_RFC) != 0 ? r->rp : NULL,
		.registrado = r->registrado,
		.vence = r->vence,
		.validado = r->validado,
		.acuse_validacion = r->acuse_validacion,
		.baja = r->baja,
		.acuse_baja = r->acuse_baja,
		.motivo = r->motivo,
		.reemplaza = r->reemplaza,
		.aviso = told(r->aviso),
		.aviso_desde = r->aviso_desde,
		.aviso_detalle = r->aviso_detalle};
}

static int newest_first(const void *left, const void *right)
{
	const struct m_medio *l = left;
	const struct m_medio *r = right;

	if (l->registrado != r->registrado)
		return l->registrado < r->registrado ? 1 : -1;
	return strcmp(r->folio, l->folio);
}

enum err medios_cuenta(struct env *env, struct m_cuenta *m)
{
	struct in_medios_tablero in = {.titular = env->titular};
	struct out_medios_tablero *rows;
	size_t count = 0;

	if (alcance_en(&env->alcance, AMBITO_MEDIOS) < NIVEL_LEER)
		return OK;
	enum err e = q_medios_tablero_all(env->store, &in, 300, env->arena, &rows, &count);

	if (e != OK)
		return e;
	m->medios = arena_array(env->arena, count, sizeof(*m->medios));
	if (m->medios == NULL)
		return ERR_NO_MEMORY;
	for (size_t i = 0; i < count; i++)
		m->medios[i] = row_message(&rows[i]);
	m->medios_count = count;
	if (count != 0)
		qsort(m->medios, count, sizeof(*m->medios), newest_first);
	return OK;
}

/* ---- messages ---- */

enum err medios_enviado(struct env *env, const char *folio)
{
	struct in_medio in = {.folio = folio, .titular = env->titular};
	struct in_medio_enviado up = {
		.vence = env->now + MEDIO_PLAZO_MS, .folio = folio, .titular = env->titular};
	struct out_medio m;
	enum err e = store_lock(env->store, env->titular);

	if (e == OK)
		e = q_medio(env->store, &in, env->arena, &m);
	if (e == ERR_NOT_FOUND ||
		(e == OK && (m.vence != 0 || medio_pendiente(&m, env->now) != OK)))
		return OK;
	if (e == OK)
		e = store_change(env->store, QUERY_medio_enviado, &up);
	if (e == OK)
		e = medio_vigilar(env, folio, up.vence);
	return e == OK ? cuenta_cambio(env, env->titular) : e;
}

/* What is told to whom. */
struct recado {
	const char *acto;
	enum plantilla correo;
	enum plantilla sms;
	const struct m_dato *datos;
	size_t count;
};

static enum err tell_all(struct env *env, const char *rp, const struct recado *r)
{
	struct in_medios_activos in = {.titular = env->titular, .rp = rp};
	struct out_medios_activos *rows;
	size_t n = 0;
	enum err e = q_medios_activos_all(env->store, &in, 100, env->arena, &rows, &n);

	for (size_t i = 0; e == OK && i < n; i++) {
		struct envio_de de = {
			.plantilla = medio_es_correo(rows[i].mecanismo) ? r->correo : r->sms,
			.medio = rows[i].folio,
			.acto = r->acto,
			.destino = rows[i].valor,
			.datos = r->datos,
			.datos_count = r->count};

		if (rows[i].validado != 0 && de.plantilla != PLANTILLAS)
			e = envio_poner(env, &de);
	}
	return e;
}

enum err medios_avisar(struct env *env, const char *rp, enum plantilla correo, enum plantilla sms,
	const struct m_dato *datos, size_t count)
{
	const struct recado r = {.correo = correo, .sms = sms, .datos = datos, .count = count};

	return tell_all(env, rp != NULL ? rp : MEDIO_RFC, &r);
}

enum err medios_avisar_acto(struct env *env, const char *acto, const char *rp,
	enum plantilla correo, enum plantilla sms, const struct m_dato *datos, size_t count)
{
	const struct recado r = {
		.acto = acto, .correo = correo, .sms = sms, .datos = datos, .count = count};
	enum err e = tell_all(env, MEDIO_RFC, &r);

	if (e != OK || rp == NULL)
		return e;
	e = tell_all(env, rp, &r);
	return e == OK ? tell_all(env, MEDIO_TODOS, &r) : e;
}

enum err medios_avisar_baja(struct env *env, const char *valor)
{
	const struct m_dato datos[] = {{"medio", valor}, {"fecha", medio_hora(env, env->now)}};

	if (datos[1].valor == NULL)
		return ERR_NO_MEMORY;
	return medios_avisar(env, NULL, PLANTILLA_medio_baja, PLANTILLAS, datos, COUNT_OF(datos));
}

/* ---- the page of a link ---- */

static enum err by_link(struct store *s, struct arena *a, const unsigned char enlace_sha256[32],
	struct out_medio_enlace *ret)
{
	struct in_medio_enlace in = {.enlace = bytes_of(enlace_sha256, 32)};

	return q_medio_enlace(s, &in, a, ret);
}

/* The medium as it stands; an error where it can be validated no more. */
static enum err read_linked(struct store *s, struct arena *a, const struct out_medio_enlace *of,
	int64_t now, struct out_medio *ret_row, struct medios_confirmado *ret)
{
	struct in_medio in = {.folio = of->folio, .titular = of->titular};
	enum err e = q_medio(s, &in, a, ret_row);

	if (e != OK)
		return e;
	*ret = (struct medios_confirmado){.titular = of->titular,
		.folio = ret_row->folio,
		.mecanismo = ret_row->mecanismo,
		.registrado = ret_row->registrado,
		.validado = ret_row->validado,
		.antes = ret_row->validado != 0};
	e = medio_pendiente(ret_row, now);
	return e == ERR_ALREADY_VALID ? OK : e;
}

enum err medios_por_enlace(struct store *s, struct arena *a, const unsigned char enlace_sha256[32],
	int64_t now, struct medios_confirmado *ret)
{
	struct out_medio_enlace of;
	struct out_medio row;
	enum err e = by_link(s, a, enlace_sha256, &of);

	return e == OK ? read_linked(s, a, &of, now, &row, ret) : e;
}

static enum err validate_linked(struct env *env, struct writer_group *g,
	const unsigned char enlace_sha256[32], const struct out_medio *m)
{
	struct m_acuse acuse;
	const char *hex = hex_encode(env->arena, bytes_of(enlace_sha256, 32));
	struct medio_de_oficio oficio = {.group = g,
		.evento = hex == NULL
				  ? NULL
				  : arena_printf(env->arena,
					    "{\"evento\":\"enlace-confirmado\",\"folio\":\"%s\","
					    "\"enlace_sha256\":\"%s\"}",
					    m->folio, hex)};

	return oficio.evento != NULL ? medio_validar(env, m, &oficio, &acuse) : ERR_NO_MEMORY;
}

enum err medios_confirmar(struct env *env, struct writer_group *g,
	const unsigned char enlace_sha256[32], struct medios_confirmado *ret)
{
	struct out_medio_enlace of;
	struct out_medio row;
	enum err e = by_link(env->store, env->arena, enlace_sha256, &of);

	if (e == OK)
		e = store_lock(env->store, of.titular);
	/* It may have been sent anew before the lock was ours. */
	if (e == OK)
		e = by_link(env->store, env->arena, enlace_sha256, &of);
	if (e != OK)
		return e;
	env->titular = of.titular;
	e = particular_read(env, env->titular);
	if (e == OK)
		e = read_linked(env->store, env->arena, &of, env->now, &row, ret);
	if (e != OK || ret->antes)
		return e;
	e = validate_linked(env, g, enlace_sha256, &row);
	if (e == OK)
		ret->validado = env->now;
	return e;
}
