#include "core/acuse_make.h"

#include <string.h>
#include "core/writer_group.h"
#include "crypto/key.h"
#include "ley/acuse.h"
#include "ley/folio.h"
#include "net/codec.h"

/* 100 random bits as 20 letters of Crockford's base 32: short enough to type from paper. */
static enum err make_capacidad(struct env *env, const char **ret)
{
	static const char letters[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	unsigned char raw[20];
	char *text = arena_zalloc(env->arena, sizeof(raw) + 1);

	if (text == NULL)
		return ERR_NO_MEMORY;
	enum err e = random_bytes(raw, sizeof(raw));

	for (size_t i = 0; e == OK && i < sizeof(raw); i++)
		text[i] = letters[raw[i] & 31];
	if (e == OK)
		*ret = text;
	return e;
}

static enum err give_folio(struct env *env, const char **ret)
{
	char *folio = arena_alloc(env->arena, FOLIO_BYTES);
	int64_t at;
	enum err e = folio == NULL ? ERR_NO_MEMORY : folios_take(env->folios, env->now, &at);

	if (e != OK)
		return e;
	folio_of(at, folio);
	*ret = folio;
	return OK;
}

/* The rule's rows, and behind them what the operator says at the foot of every acuse. */
static enum err put_content(const struct env *env, const struct acuse_de *de, struct m_acuse *m)
{
	const char *const feet[ACUSE_PIES] = {
		[ACUSE_PIE_CONFIDENCIALIDAD] = env->config->acuse_confidencialidad,
		[ACUSE_PIE_CONTACTO] = env->config->acuse_contacto,
		[ACUSE_PIE_PRIVACIDAD] = env->config->acuse_privacidad,
	};
	size_t n = de->contenido_count;

	m->contenido = arena_array(env->arena, n + ACUSE_PIES, sizeof(*m->contenido));
	if (m->contenido == NULL)
		return ERR_NO_MEMORY;
	if (n != 0)
		memcpy(m->contenido, de->contenido, n * sizeof(*m->contenido));
	for (unsigned i = 0; i < ACUSE_PIES; i++)
		if (feet[i] != NULL)
			m->contenido[n++] =
				(struct m_dato){acuse_pie_etiqueta((enum acuse_pie)i), feet[i]};
	m->contenido_count = n;
	return OK;
}

/* What is the same whoever did it; `m` has what differs. */
static enum err complete(struct env *env, const struct acuse_de *de, struct m_acuse *m)
{
	m->version = ACUSE_VERSION;
	m->tipo = de->tipo;
	m->fundamento = de->fundamento;
	m->elaborado = env->now;
	m->recibido = env->now;
	m->legal = de->legal;
	m->zona = env->zona;
	m->titular = env->titular;
	m->titular_nombre = env->titular_nombre;
	m->estatus = de->estatus;
	m->direccion = env->config->direccion;
	m->certificado_sello = env->sello_certificado;
	m->sello = (struct bytes){.data = NULL, .size = env->sello_bytes};
	enum err e = m->base != NULL ? put_content(env, de, m) : ERR_NO_MEMORY;

	if (e == OK)
		e = give_folio(env, &m->folio);
	if (e == OK)
		e = make_capacidad(env, &m->capacidad);
	return e == OK ? acuse_cadena(env->arena, m) : e;
}

enum err acuse_make(struct env *env, const struct acuse_de *de, struct m_acuse *ret)
{
	const struct signer *s = env->signer;
	struct m_acuse m = {.firmante = s->rfc,
		.firmante_nombre = s->nombre,
		.calidad = env->calidad,
		.cuerpo = env->body,
		.base = arena_copy(env->arena, env->sig->base.data, env->sig->base.size),
		.firma = env->sig->signature,
		.certificado = s->der,
		.revocacion = s->comprobada ? "comprobada" : "por comprobar"};
	enum err e = complete(env, de, &m);

	if (e == OK)
		*ret = m;
	return e;
}

static enum err seal(struct env *env, struct writer_group *g, struct m_acuse *m)
{
	struct bytes sello = {0};
	enum err e = sealer_seal(g->sealer, env->arena, &m->cadena, 1, &sello);

	if (e == OK && (sello.data == NULL || sello.size != env->sello_bytes))
		e = ERR_SEAL;
	if (e == OK)
		m->sello = sello;
	return e;
}

static enum err keep(struct env *env, const char *ambito, const struct m_acuse *m)
{
	struct in_acuse_poner in = {.folio = m->folio,
		.titular = m->titular,
		.tipo = m->tipo,
		.elaborado = m->elaborado,
		.capacidad = m->capacidad,
		.ambito = ambito != NULL ? ambito : ""};
	enum err e = codec_encode(env->arena, &message_acuse, m, &in.json);

	return e == OK ? store_queue(env->store, QUERY_acuse_poner, &in, NULL) : e;
}

enum err acuse_automatico(struct env *env, struct writer_group *g, const struct acuse_de *de,
	const char *evento, struct m_acuse *ret)
{
	struct m_acuse m = {.firmante = ACUSE_AUTOMATICO_FIRMANTE,
		.firmante_nombre = ACUSE_AUTOMATICO_NOMBRE,
		.calidad = ACUSE_AUTOMATICO,
		.cuerpo = bytes_of_text(evento),
		.revocacion = ACUSE_AUTOMATICO_REVOCACION};
	enum err e = acuse_base_automatica(env->arena, m.cuerpo, &m.base);

	if (e == OK)
		e = complete(env, de, &m);
	if (e == OK)
		e = seal(env, g, &m);
	if (e == OK)
		e = keep(env, de->ambito, &m);
	if (e == OK)
		*ret = m;
	return e;
}
