#include "core/padron_vistos.h"

#include <stdint.h>
#include <string.h>
#include "base/mem.h"

#define FIRST_ROOM 1024

void padron_vistos_free(struct padron_vistos *v)
{
	mem_free(v->places);
	*v = (struct padron_vistos){0};
}

/* FNV-1a: whoever brings a padrón is no enemy of its own server. */
static size_t hash_of(const char *rfc)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (; *rfc != '\0'; rfc++)
		h = (h ^ (unsigned char)*rfc) * UINT64_C(0x100000001b3);
	return (size_t)(h ^ h >> 32);
}

/* Its place, or the free one where it belongs. */
static struct padron_visto *place_of(struct padron_visto *places, size_t room, const char *rfc)
{
	size_t at = hash_of(rfc) & (room - 1);

	while (places[at].rfc[0] != '\0' && strcmp(places[at].rfc, rfc) != 0)
		at = (at + 1) & (room - 1);
	return &places[at];
}

/* Half of it stays free. */
static enum err grow(struct padron_vistos *v)
{
	size_t room = v->room == 0 ? FIRST_ROOM : 2 * v->room;

	if (2 * (v->count + 1) <= v->room)
		return OK;
	struct padron_visto *places = mem_zalloc(room * sizeof(*places));

	if (places == NULL)
		return ERR_NO_MEMORY;
	for (size_t i = 0; i < v->room; i++)
		if (v->places[i].rfc[0] != '\0')
			*place_of(places, room, v->places[i].rfc) = v->places[i];
	mem_free(v->places);
	v->places = places;
	v->room = room;
	return OK;
}

enum err padron_vistos_add(struct padron_vistos *v, const char *rfc, int linea, int *ret_antes)
{
	enum err e = strlen(rfc) < RFC_BYTES ? grow(v) : ERR_BAD_RFC;

	if (e != OK)
		return e;
	struct padron_visto *p = place_of(v->places, v->room, rfc);

	*ret_antes = p->rfc[0] != '\0' ? p->linea : 0;
	if (*ret_antes != 0)
		return OK;
	memcpy(p->rfc, rfc, strlen(rfc) + 1);
	p->linea = linea;
	v->count++;
	return OK;
}
