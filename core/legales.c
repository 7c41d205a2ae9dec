#include "core/legales.h"

#include <string.h>
#include "base/file.h"
#include "base/utf8.h"
#include "core/legales_texto.h"
#include "crypto/sha.h"

/* What the wire carries (messages.def, texto). */
#define VERSION_BYTES 16
/* And of a row of an acuse (messages.def, dato). */
#define FOOT_BYTES 1000

static const char *const palabras[LEGALES_CUALES] = {
	[LEGAL_TERMINOS] = "terminos",
	[LEGAL_PRIVACIDAD] = "privacidad",
};

const char *legal_palabra(enum legal_cual cual)
{
	return palabras[cual];
}

enum legal_cual legal_cual_of(const char *palabra)
{
	unsigned i = 0;

	while (i < LEGALES_CUALES && strcmp(palabras[i], palabra) != 0)
		i++;
	return (enum legal_cual)i;
}

/* ---- what the configuration says ---- */

/* It stands in addresses (core/paginas/legales.c), on acuses and in what is signed. */
static bool good_version(const char *version)
{
	size_t size = strlen(version);

	return size > 0 && size <= VERSION_BYTES &&
	       strspn(version,
		       "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-") == size;
}

static bool plain_lines(struct bytes text)
{
	bool any = false;

	for (size_t i = 0; i < text.size; i++) {
		if ((text.data[i] < 0x20 && text.data[i] != '\n') || text.data[i] == 0x7F)
			return false;
		any = any || text.data[i] > 0x20;
	}
	return any && utf8_valid((const char *)text.data, text.size);
}

static enum err refuse(struct arena *a, const char **ret_message, const char *format, ...)
	PRINTF_LIKE(3, 4);

static enum err refuse(struct arena *a, const char **ret_message, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	*ret_message = arena_vprintf(a, format, args);
	va_end(args);
	return *ret_message != NULL ? ERR_CONFIG : ERR_NO_MEMORY;
}

static enum err read_file(
	struct arena *a, const char *path, struct legal *l, const char **ret_message)
{
	const char *key = palabras[l->cual];
	enum err e = file_read(a, path, LEGAL_BYTES, &l->texto);

	if (e == ERR_NO_MEMORY)
		return e;
	if (e == ERR_TOO_LARGE)
		return refuse(a, ret_message,
			"%s pasa de 128 KiB, lo más que puede tener un texto legal; acórtalo, o "
			"corrige %s en [legales].",
			path, key);
	if (e != OK)
		return refuse(
			a, ret_message, "No se pudo leer %s; corrige %s en [legales].", path, key);
	if (!plain_lines(l->texto))
		return refuse(a, ret_message,
			"%s no es texto UTF-8 en renglones terminados sólo por salto de línea, sin "
			"tabuladores; guárdalo así, o corrige %s en [legales].",
			path, key);
	if (l->version == NULL || !good_version(l->version))
		return refuse(a, ret_message,
			"En [legales], %s necesita %s_version: de 1 a 16 letras sin acento, dígitos, "
			"puntos o guiones.",
			key, key);
	return OK;
}

static enum err read_text(struct arena *a, const char *path, const char *version,
	enum legal_cual cual, struct legal *ret, const char **ret_message)
{
	struct legal l = {.cual = cual, .version = version};
	enum err e;

	if (path != NULL) {
		e = read_file(a, path, &l, ret_message);
	} else if (version != NULL) {
		return refuse(a, ret_message,
			"En [legales] hay %s_version y falta %s, el archivo de esa versión; indica los "
			"dos o ninguno.",
			palabras[cual], palabras[cual]);
	} else {
		l.version = LEGALES_TEXTO_VERSION;
		e = legales_texto(a, cual, &l.texto);
	}
	if (e == OK)
		e = sha256_hex(a, l.texto, &l.sha256);
	if (e == OK)
		*ret = l;
	return e;
}

static enum err check_feet(struct arena *a, const struct config *c, const char **ret_message)
{
	const struct {
		const char *key;
		const char *text;
	} feet[] = {
		{"acuse_confidencialidad", c->acuse_confidencialidad},
		{"acuse_contacto", c->acuse_contacto},
		{"acuse_privacidad", c->acuse_privacidad},
	};

	for (size_t i = 0; i < COUNT_OF(feet); i++)
		if (feet[i].text != NULL && (strlen(feet[i].text) > FOOT_BYTES ||
						    !plain_lines(bytes_of_text(feet[i].text))))
			return refuse(a, ret_message,
				"En [legales], %s admite hasta 1,000 bytes de texto UTF-8 sin "
				"tabuladores; acórtalo o corrígelo.",
				feet[i].key);
	return OK;
}

enum err legales_load(
	struct arena *a, const struct config *c, struct legales *ret, const char **ret_message)
{
	struct legales l = {0};
	enum err e = read_text(a, c->terminos, c->terminos_version, LEGAL_TERMINOS,
		&l.vigente[LEGAL_TERMINOS], ret_message);

	if (e == OK)
		e = read_text(a, c->privacidad, c->privacidad_version, LEGAL_PRIVACIDAD,
			&l.vigente[LEGAL_PRIVACIDAD], ret_message);
	if (e == OK)
		e = check_feet(a, c, ret_message);
	if (e == OK)
		*ret = l;
	return e;
}

/* ---- what the store keeps ---- */

static enum err find(struct arena *a, struct store *s, enum legal_cual cual, const char *version,
	struct legal *ret)
{
	struct in_legal in = {.cual = palabras[cual], .version = version};
	struct out_legal row;
	enum err e = q_legal(s, &in, a, &row);

	if (e == OK)
		*ret = (struct legal){.cual = cual,
			.version = row.version,
			.sha256 = row.sha256,
			.texto = row.texto,
			.desde = row.desde};
	return e;
}

static enum err put(struct legal *l, struct arena *a, struct store *s, int64_t now)
{
	struct in_legal_poner in = {.cual = palabras[l->cual],
		.version = l->version,
		.sha256 = l->sha256,
		.desde = now,
		.texto = l->texto};
	struct legal kept;
	enum err e = find(a, s, l->cual, l->version, &kept);

	if (e == ERR_NOT_FOUND) {
		/* Another server may do the same now: what the first one put stands. */
		e = q_legal_poner(s, &in, a, NULL);
		if (e == OK)
			e = find(a, s, l->cual, l->version, &kept);
	}
	if (e == OK && strcmp(kept.sha256, l->sha256) != 0)
		return ERR_CONFIG;
	if (e == OK)
		l->desde = kept.desde;
	return e;
}

enum err legales_poner(
	struct legales *l, struct arena *a, struct store *s, int64_t now, const char **ret_message)
{
	enum err e = store_begin(s);

	for (unsigned i = 0; e == OK && i < LEGALES_CUALES; i++) {
		e = put(&l->vigente[i], a, s, now);
		if (e == ERR_CONFIG)
			e = refuse(a, ret_message,
				"La versión %s de %s ya estuvo vigente con otro texto; ponle otra "
				"versión en [legales].",
				l->vigente[i].version, palabras[i]);
	}
	if (e == OK)
		return store_commit(s);
	store_rollback(s);
	return e;
}

const struct legal *legales_vigente(const struct legales *l, enum legal_cual cual)
{
	return &l->vigente[cual];
}

enum err legales_version(const struct legales *l, struct arena *a, struct store *s,
	enum legal_cual cual, const char *version, struct legal *ret)
{
	const struct legal *now = legales_vigente(l, cual);

	if (version != NULL && strcmp(version, now->version) != 0)
		return find(a, s, cual, version, ret);
	*ret = *now;
	return OK;
}
