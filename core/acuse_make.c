#include "core/acuse_make.h"

#include "crypto/key.h"
#include "ley/acuse.h"
#include "ley/folio.h"

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

enum err acuse_make(struct env *env, const struct acuse_de *de, struct m_acuse *ret)
{
	const struct signer *s = env->signer;
	struct m_acuse m = {.version = ACUSE_VERSION,
		.tipo = de->tipo,
		.fundamento = de->fundamento,
		.elaborado = env->now,
		.recibido = env->now,
		.legal = de->legal,
		.zona = env->zona,
		.titular = env->titular,
		.titular_nombre = env->titular_nombre,
		.firmante = s->rfc,
		.firmante_nombre = s->nombre,
		.calidad = env->calidad,
		.estatus = de->estatus,
		.contenido_count = de->contenido_count,
		.cuerpo = env->body,
		.firma = env->sig->signature,
		.certificado = s->der,
		.revocacion = s->comprobada ? "comprobada" : "por comprobar",
		.direccion = env->config->direccion,
		.certificado_sello = env->sello_certificado,
		.sello = {.data = NULL, .size = env->sello_bytes}};

	m.base = arena_copy(env->arena, env->sig->base.data, env->sig->base.size);
	m.contenido =
		arena_copy(env->arena, de->contenido, de->contenido_count * sizeof(*m.contenido));
	if (m.base == NULL || m.contenido == NULL)
		return ERR_NO_MEMORY;
	enum err e = give_folio(env, &m.folio);

	if (e == OK)
		e = make_capacidad(env, &m.capacidad);
	if (e == OK)
		e = acuse_cadena(env->arena, &m);
	if (e == OK)
		*ret = m;
	return e;
}
