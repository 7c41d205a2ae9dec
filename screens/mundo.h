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
	const char *rfc;     /* the holder's, as configured */
	const char *calidad; /* as configured; NULL: propio */
	enum mundo_estado estado;
	struct model *model; /* NULL while MUNDO_BLOQUEADO */
	size_t por_enviar;   /* signed acts that wait, also while it is locked */
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
/* The profile of that RFC in that calidad; `count` where there is none. `w` may be NULL. */
size_t mundo_de(const struct mundo *w, const char *rfc, const char *calidad);
/* Rows that something is due for; 0 while it is locked. They come first in its list. */
size_t mundo_due_count(const struct mundo_perfil *p);
/* When the row of that place among them is due (ms UTC); INT64_MAX where it is not there. */
int64_t mundo_due(const struct mundo_perfil *p, size_t index);
/* How many fall due today in Zona Centro, or fell due. */
size_t mundo_due_today(const struct mundo_perfil *p, int64_t now);
/* Names in the arena, "ana, luis, rosa y 4 más", of those that are `wanted`; NULL: no memory. */
const char *mundo_names(struct arena *a, const struct mundo *w,
	bool (*wanted)(const struct mundo_perfil *p), size_t *ret_count);
bool mundo_locked(const struct mundo_perfil *p);
/* Its copy can't be read though it is not locked: its list is empty without being so. */
bool mundo_unreadable(const struct mundo_perfil *p);

#endif
