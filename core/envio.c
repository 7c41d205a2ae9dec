#include "core/envio.h"

#include <string.h>
#include "core/plantillas.h"
#include "core/tarea.h"
#include "crypto/key.h"
#include "net/codec.h"

enum { VIA_CORREO, VIA_SMS };

static const struct {
	const char *id;
	int via;
} filas[PLANTILLAS] = {
#define PLANTILLA(name, how, ...) {#name, VIA_##how},
#include "core/plantillas.def"
#undef PLANTILLA
};

/* 128 random bits and a few more, as 26 small letters and digits: fit for an address. */
static enum err make_id(struct env *env, const char **ret)
{
	static const char letters[] = ENVIO_ID_LETTERS;
	unsigned char raw[ENVIO_ID];
	char *id = arena_zalloc(env->arena, sizeof(raw) + 1);
	enum err e = id != NULL ? random_bytes(raw, sizeof(raw)) : ERR_NO_MEMORY;

	for (size_t i = 0; e == OK && i < sizeof(raw); i++)
		id[i] = letters[raw[i] & 31];
	if (e == OK)
		*ret = id;
	return e;
}

static bool has_control(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			return true;
	return false;
}

enum err envio_poner(struct env *env, const struct envio_de *de)
{
	const struct m_envio_datos datos = {
		.datos = (struct m_dato *)(void *)de->datos, .datos_count = de->datos_count};
	struct in_envio_poner in = {.titular = env->titular,
		.medio = de->medio,
		.via = filas[de->plantilla].via == VIA_SMS ? "sms" : "correo",
		.destino = de->destino,
		.cupo = de->cupo,
		.acto = de->acto,
		.plantilla = filas[de->plantilla].id,
		.creado = env->now};
	enum err e = has_control(de->destino) ? ERR_BAD_FIELD : make_id(env, &in.id);

	if (e == OK)
		e = codec_encode(env->arena, &message_envio_datos, &datos, &in.datos);
	if (e == OK)
		e = store_queue(env->store, QUERY_envio_poner, &in, NULL);
	if (e != OK)
		return e;
	const char *clave = arena_printf(env->arena, "%s %s", env->titular, in.id);

	return clave == NULL
		       ? ERR_NO_MEMORY
		       : tarea_poner(env->store, env->news,
				 filas[de->plantilla].via == VIA_SMS ? TAREA_sms : TAREA_correo,
				 clave, env->now);
}

enum err envio_cuantos(struct env *env, const char *cupo, int64_t desde, struct envio_cuantos *ret)
{
	struct in_envio_cuantos in = {.titular = env->titular, .cupo = cupo, .desde = desde};
	struct out_envio_cuantos row;
	enum err e = q_envio_cuantos(env->store, &in, env->arena, &row);

	if (e != OK)
		return e;
	*ret = (struct envio_cuantos){.del_titular = row.del_titular,
		.todos = row.todos,
		.a_todos = row.a_todos,
		.ultimo = row.ultimo};
	return OK;
}
