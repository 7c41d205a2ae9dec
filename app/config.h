/*
 * buzon-tui's configuration: `[perfil nombre]` sections in $XDG_CONFIG_HOME/buzon-tui/config.ini.
 */
#ifndef APP_CONFIG_H
#define APP_CONFIG_H

#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/err.h"
#include "screens/teclas.h"

struct perfil {
	const char *nombre;
	const char *rfc;	 /* titular */
	const char *calidad;	 /* "propio" unless said */
	const char *certificado; /* paths, ~ expanded */
	const char *llave;
	const char *const *clave_comando; /* argv, NULL-terminated; NULL: ask */
	bool llavero;			  /* the password may be taken from the desktop's keyring */
	const char *servidor;  /* base URL, https://host[:port] (http only to loopback) */
	const char *ca;	       /* PEM of the server's CA; NULL: the system's */
	const char *confianza; /* trust folder that proves acuses; NULL: none */
};

struct config_app {
	const char *path; /* the file, there or not; in the arena */
	struct perfil *perfiles;
	size_t perfiles_count;
	int64_t bloqueo_ms;   /* idle before the e.firma is locked; 15 minutes */
	bool mono;	      /* tema = mono */
	bool llano;	      /* modo = llano */
	struct teclas teclas; /* without clashes */
};

/* Path from --config, else XDG. A missing file is an empty configuration. */
enum err config_app_read(struct arena *a, const char *path, struct config_app *ret,
	const char **ret_message) MUST_CHECK;
const char *config_app_path(struct arena *a) MUST_CHECK;
const char *config_app_example(void);
/* By name; the first when name is NULL. ERR_NO_PROFILE. */
enum err config_app_perfil(
	const struct config_app *c, const char *name, const struct perfil **ret) MUST_CHECK;

#endif
