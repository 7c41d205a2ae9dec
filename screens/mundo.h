/*
 * All profiles of the configuration, in its order, as screens see them: what is known of each, and
 * what is locked, so that nothing is missing without a word. Filled by the app before a screen is
 * asked anything; a screen changes nothing here.
 */
#ifndef SCREENS_MUNDO_H
#define SCREENS_MUNDO_H

#include "screens/model.h"

enum mundo_estado {
	MUNDO_BLOQUEADO, /* its key is locked and its copy can't be read */
	MUNDO_LECTURA,	 /* it is read and synchronised; its e.firma is locked */
	MUNDO_ABIERTO,	 /* its e.firma is open */
};

struct mundo_perfil {
	const char *nombre;
	const char *rfc; /* the holder's, as configured */
	enum mundo_estado estado;
	struct model *model; /* NULL while MUNDO_BLOQUEADO */
	bool trabajando;     /* it is being opened now */
	enum err err;	     /* of the last try to open it */
};

struct mundo {
	struct mundo_perfil *perfiles;
	size_t count;
	size_t actual;	 /* whose screens are shown */
	size_t anterior; /* in front before that one; `count`: none */
};

/* By name, else by the only one of that RFC, whatever the case; `count` where there is none. */
size_t mundo_find(const struct mundo *w, const char *nombre);

#endif
