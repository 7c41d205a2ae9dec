#include "core/subidas.h"

#include <string.h>
#include "crypto/key.h"
#include "crypto/sha.h"
#include "ley/pdf_check.h"

/* Of one part, and of what comes with it. */
#define PARTE_ARENA ((size_t)1024 * 1024)

static bool is_hex(const char *text, size_t size)
{
	return strlen(text) == size && strspn(text, "0123456789abcdef") == size;
}

/* ---- a place ---- */

static enum err make_direccion(struct env *env, const char **ret)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char raw[SUBIDA_DIRECCION / 2];
	char *text = arena_zalloc(env->arena, SUBIDA_DIRECCION + 1);
	enum err e = text != NULL ? random_bytes(raw, sizeof(raw)) : ERR_NO_MEMORY;

	for (size_t i = 0; e == OK && i < SUBIDA_DIRECCION; i++)
		text[i] = digits[raw[i / 2] >> (i % 2 == 0 ? 4 : 0) & 15];
	*ret = text;
	return e;
}

static enum err check_room(struct env *env, const char *dueno, int64_t bytes)
{
	struct in_subida_cuota in = {.dueno = dueno};
	struct out_subida_cuota has = {0};
	enum err e = q_subida_cuota(env->store, &in, env->arena, &has);

	if (e != OK && e != ERR_NOT_FOUND)
		return e;
	return has.archivos < SUBIDA_ARCHIVOS_DUENO && has.bytes + bytes <= SUBIDA_BYTES_DUENO
		       ? OK
		       : ERR_UPLOADS_FULL;
}

static enum err count(struct env *env, const char *dueno, int64_t files, int64_t bytes)
{
	struct in_subida_cuota_sumar in = {.dueno = dueno, .archivos = files, .bytes = bytes};

	return q_subida_cuota_sumar(env->store, &in, env->arena, NULL);
}

static enum err make(struct env *env, struct subida *u)
{
	enum err e = check_room(env, u->dueno, u->bytes);

	if (e == OK)
		e = make_direccion(env, &u->direccion);
	if (e != OK)
		return e;
	struct in_subida_poner in = {.direccion = u->direccion,
		.dueno = u->dueno,
		.sha256 = u->sha256,
		.bytes = u->bytes,
		.vence = u->vence};

	e = q_subida_poner(env->store, &in, env->arena, NULL);
	return e == OK ? count(env, u->dueno, 1, u->bytes) : e;
}

/* A size that is another was a mistake then or is one now; of a file that is whole it is now. */
static enum err announce_again(struct env *env, const struct out_subida_de *was, struct subida *u)
{
	bool other = was->bytes != u->bytes;
	enum err e = OK;

	if (other && was->completa != 0) {
		env->campo = "bytes";
		return ERR_BAD_FIELD;
	}
	u->direccion = was->direccion;
	u->recibidos = other ? 0 : was->recibidos;
	u->completa = was->completa != 0;
	if (other) {
		struct in_subida_partes_quitar gone = {.direccion = was->direccion};

		e = check_room(env, u->dueno, u->bytes - was->bytes);
		if (e == OK)
			e = q_subida_partes_quitar(env->store, &gone, env->arena, NULL);
		if (e == OK)
			e = count(env, u->dueno, 0, u->bytes - was->bytes);
	}
	struct in_subida_anunciar in = {
		.bytes = u->bytes, .vence = u->vence, .direccion = u->direccion};

	return e == OK ? q_subida_anunciar(env->store, &in, env->arena, NULL) : e;
}

enum err subida_crear(
	struct env *env, const char *dueno, const char *sha256, int64_t bytes, struct subida *ret)
{
	struct in_subida_de in = {.dueno = dueno, .sha256 = sha256};
	struct out_subida_de was;

	*ret = (struct subida){
		.dueno = dueno, .sha256 = sha256, .bytes = bytes, .vence = env->now + SUBIDA_MS};
	if (!is_hex(sha256, SHA256_BYTES * 2)) {
		env->campo = "sha256";
		return ERR_BAD_FIELD;
	}
	if (bytes > SUBIDA_BYTES)
		return ERR_FILE_TOO_LARGE;
	enum err e = q_subida_de(env->store, &in, env->arena, &was);

	if (e == ERR_NOT_FOUND)
		return make(env, ret);
	return e == OK ? announce_again(env, &was, ret) : e;
}

enum err subida_leer(struct store *s, struct arena *a, const char *direccion, struct subida *ret)
{
	struct in_subida in = {.direccion = direccion};
	struct out_subida row;

	if (!is_hex(direccion, SUBIDA_DIRECCION))
		return ERR_NOT_FOUND;
	enum err e = q_subida(s, &in, a, &row);

	if (e == OK)
		*ret = (struct subida){.direccion = direccion,
			.dueno = row.dueno,
			.sha256 = row.sha256,
			.bytes = row.bytes,
			.recibidos = row.recibidos,
			.vence = row.vence,
			.vuelta = row.vuelta,
			.completa = row.completa != 0};
	return e;
}

/* ---- what came ---- */

struct reading {
	struct store *store;
	const char *direccion;
};

/* As much as the part has from that byte on, up to `size`. */
static enum err read_part(
	const struct reading *r, struct arena *a, int64_t at, size_t size, struct bytes *ret)
{
	struct in_subida_parte in = {.direccion = r->direccion, .byte = at};
	struct out_subida_parte row;
	enum err e = q_subida_parte(r->store, &in, a, &row);

	if (e != OK)
		return e == ERR_NOT_FOUND ? ERR_STORE : e;
	int64_t skip = at - row.desde;

	if (skip < 0 || (size_t)skip >= row.datos.size)
		return ERR_STORE;
	*ret = bytes_of(row.datos.data + skip, row.datos.size - (size_t)skip);
	ret->size = ret->size < size ? ret->size : size;
	return OK;
}

static enum err read_at(void *ctx, int64_t at, size_t size, unsigned char *to)
{
	const struct reading *r = ctx;
	enum err e = OK;

	while (e == OK && size != 0) {
		ARENA(a, PARTE_ARENA);
		struct bytes some = {0};

		e = read_part(r, &a, at, size, &some);
		if (e != OK)
			break;
		memcpy(to, some.data, some.size);
		to += some.size;
		at += (int64_t)some.size;
		size -= some.size;
	}
	return e;
}

static enum err hash_parts(
	const struct reading *r, int64_t bytes, struct arena *a, const char **ret_hex)
{
	AUTO(sha256_parts) h = NULL;
	enum err e = sha256_parts_begin(&h);

	for (int64_t at = 0; e == OK && at < bytes;) {
		ARENA(part, PARTE_ARENA);
		struct bytes some = {0};

		e = read_part(r, &part, at, SIZE_MAX, &some);
		if (e == OK)
			e = sha256_parts_add(h, some);
		at += (int64_t)some.size;
	}
	return e == OK ? sha256_parts_hex(h, a, ret_hex) : e;
}

enum err subida_comprobar(struct store *s, const struct subida *u)
{
	ARENA(a, 4096);
	struct reading r = {.store = s, .direccion = u->direccion};
	struct pdf_fuente f = {.size = u->bytes, .read = read_at, .ctx = &r};
	const char *hex = NULL;
	enum err e = hash_parts(&r, u->bytes, &a, &hex);

	if (e == OK && strcmp(hex, u->sha256) != 0)
		e = ERR_UPLOAD_DIFFERS;
	return e == OK ? pdf_check(&f) : e;
}

enum err subida_comprobar_bytes(const struct subida *u, struct bytes datos)
{
	ARENA(a, 4096);
	const char *hex = NULL;
	enum err e = sha256_hex(&a, datos, &hex);

	if (e == OK && strcmp(hex, u->sha256) != 0)
		e = ERR_UPLOAD_DIFFERS;
	return e == OK ? pdf_check_bytes(datos) : e;
}

/* ---- an act that names it ---- */

enum err subida_usar(struct env *env, const char *dueno, const char *sha256, const char *folio,
	const char *cadena, struct bytes firma, struct bytes certificado, int64_t *ret_bytes)
{
	struct in_archivo_de_subida in = {.folio = folio,
		.cadena = cadena,
		.firma = firma,
		.certificado = certificado,
		.titular = env->titular,
		.dueno = dueno,
		.sha256 = sha256};
	struct out_archivo_de_subida row;
	enum err e = q_archivo_de_subida(env->store, &in, env->arena, &row);

	if (e == OK)
		*ret_bytes = row.bytes;
	return e == ERR_NOT_FOUND ? ERR_NO_UPLOAD : e;
}
