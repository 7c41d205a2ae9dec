#include "net/body.h"

#include <stdint.h>
#include "base/mem.h"

enum { ROOM_FIRST = 4096 };

static bool grow(struct body *b, size_t need)
{
	size_t room = b->room < ROOM_FIRST ? ROOM_FIRST : b->room;

	if (need <= b->room)
		return true;
	while (room < need)
		room *= 2;
	unsigned char *data = mem_realloc(b->data, room);
	if (data == NULL)
		return false;
	b->data = data;
	b->room = room;
	return true;
}

enum err body_add(struct body *b, const void *data, size_t size)
{
	/* The NUL and the doubling must not overflow. */
	if (size > b->limit - b->size || b->size + size > SIZE_MAX / 4)
		return ERR_TOO_LARGE;
	if (size == 0)
		return OK;
	if (!grow(b, b->size + size + 1))
		return ERR_NO_MEMORY;
	memcpy(b->data + b->size, data, size);
	b->size += size;
	b->data[b->size] = '\0';
	return OK;
}

void body_free(struct body *b)
{
	mem_free(b->data);
	*b = (struct body){.limit = b->limit};
}
