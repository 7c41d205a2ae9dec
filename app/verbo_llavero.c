#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "app/clave.h"
#include "app/llavero.h"
#include "app/sesion.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/texto.h"
#include "net/json_line.h"

#define EFIRMA_FILE_MOST (64 * 1024)
#define PASSWORD_TRIES 3

struct llavero {
	struct verb_call *v;
	const struct perfil *perfil;
	const char *huella;
};

static enum err print(struct llavero *k, const char *wire, const char *sentence)
{
	struct json_line j;

	if (k->v->opt[OPTION_json] == NULL) {
		puts(sentence);
		return OK;
	}
	json_line_begin(&j, k->v->arena);
	json_line_text(&j, "llavero", wire);
	json_line_text(&j, "perfil", k->perfil->nombre);
	json_line_text(&j, "mensaje", sentence);
	return json_line_end(&j, stdout);
}

/* A person at a terminal who asked for it may be shown the desktop's own dialogue. */
static enum err unlock(struct llavero *k, enum err e)
{
	if (e != ERR_KEYRING_LOCKED || isatty(STDIN_FILENO) == 0)
		return e;
	return llavero_unlock(k->huella);
}

/* The password, proved: what does not open the key is not kept. */
static enum err ask_password(
	struct llavero *k, struct bytes cer, struct bytes key, struct secret *ret)
{
	struct clock clock = clock_system(0);
	struct perfil bare = *k->perfil;
	const char *prompt =
		arena_printf(k->v->arena, _("Contraseña de la llave privada (%s): "), bare.llave);
	enum err e = ERR_WRONG_PASSWORD;
	bool asked = true;

	if (prompt == NULL)
		return ERR_NO_MEMORY;
	bare.clave_comando = NULL;
	bare.llavero = false;
	for (int i = 0; i < PASSWORD_TRIES && e == ERR_WRONG_PASSWORD && asked; i++) {
		AUTO(efirma) f = NULL;

		if (i > 0)
			fprintf(stderr, "%s\n", err_sentence(e));
		e = clave_get(&bare, k->v->clave_fd, prompt, ret, &asked);
		if (e == OK)
			e = efirma_open(cer, key, ret, NULL, clock_now(&clock), &f);
	}
	return e;
}

static enum err store(struct llavero *k, const struct secret *password)
{
	enum err e = llavero_put(k->huella, password);

	if (e != ERR_KEYRING_LOCKED)
		return e;
	e = unlock(k, e);
	return e == OK ? llavero_put(k->huella, password) : e;
}

static enum err guardar(struct llavero *k)
{
	SECRET(password);
	struct arena *a = k->v->arena;
	struct bytes cer, key;

	k->v->detail = k->perfil->certificado;
	enum err e = file_read(a, k->perfil->certificado, EFIRMA_FILE_MOST, &cer);

	if (e != OK)
		return e;
	k->v->detail = k->perfil->llave;
	e = file_read(a, k->perfil->llave, EFIRMA_FILE_MOST, &key);
	if (e != OK)
		return e;
	k->v->detail = NULL;
	if (!key_is_encrypted(key))
		return print(k, "sin-contrasena",
			_("Tu llave privada no tiene contraseña: no hay nada que guardar."));
	e = ask_password(k, cer, key, &password);
	if (e == OK)
		e = store(k, &password);
	if (e != OK)
		return e;
	return print(k, "guardada",
		k->perfil->llavero ? _("La contraseña quedó guardada en el llavero.")
				   : _("La contraseña quedó guardada en el llavero; para "
				       "que se use, pon llavero = si en tu perfil."));
}

static enum err borrar(struct llavero *k)
{
	enum err e = llavero_remove(k->huella);

	if (e == ERR_KEYRING_LOCKED && unlock(k, e) == OK)
		e = llavero_remove(k->huella);
	return e == OK ? print(k, "borrada", _("La contraseña se borró del llavero.")) : e;
}

static enum err probar(struct llavero *k)
{
	enum err e = llavero_probe(k->huella);

	return e == OK ? print(k, "abierto",
				 _("El llavero está abierto y tiene la contraseña de esta "
				   "e.firma."))
		       : e;
}

static const struct {
	const char *name;
	enum err (*run)(struct llavero *k);
} acts[] = {{"guardar", guardar}, {"borrar", borrar}, {"probar", probar}};

enum err verbo_llavero(struct verb_call *v)
{
	struct llavero k = {.v = v};

	for (size_t i = 0; i < COUNT_OF(acts); i++) {
		if (strcmp(v->args[0], acts[i].name) != 0)
			continue;
		enum err e = sesion_perfil(v, &k.perfil);

		if (e == OK)
			e = clave_huella(v->arena, k.perfil, &k.huella);
		if (e == ERR_NO_FILE || e == ERR_BAD_CERT)
			v->detail = k.perfil != NULL ? k.perfil->certificado : v->detail;
		return e == OK ? acts[i].run(&k) : e;
	}
	v->detail = arena_printf(v->arena,
		_("No existe «%s»; se escribe así: buzon-tui llavero guardar|borrar|probar"),
		v->args[0]);
	return ERR_USAGE;
}
