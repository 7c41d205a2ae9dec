#include "tui/lines_out.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>
#include "base/mem.h"
#include "base/utf8.h"
#include "tui/ascii.h"

#define ROOM 4096

static ssize_t take(void *context, const char *data, size_t size)
{
	struct lines_out *o = context;
	size_t room = o->capacity;

	while (room < o->size + size)
		room *= 2;
	if (room != o->capacity) {
		char *bigger = mem_realloc(o->text, room);

		/* The stream remembers it, and lines_out_flush tells. */
		if (bigger == NULL)
			return 0;
		o->text = bigger;
		o->capacity = room;
	}
	memcpy(o->text + o->size, data, size);
	o->size += size;
	return (ssize_t)size;
}

enum err lines_out_open(struct lines_out *o, int fd, bool utf8)
{
	const cookie_io_functions_t io = {.write = take};

	*o = (struct lines_out){.fd = fd, .utf8 = utf8, .capacity = ROOM};
	o->text = mem_alloc(ROOM);
	o->file = o->text != NULL ? fopencookie(o, "w", io) : NULL;
	if (o->file != NULL)
		return OK;
	mem_free(o->text);
	*o = (struct lines_out){.fd = -1};
	return ERR_NO_MEMORY;
}

void lines_out_close(struct lines_out *o)
{
	if (o->file != NULL)
		(void)fclose(o->file);
	mem_free(o->text);
	*o = (struct lines_out){.fd = -1};
}

/* In place: what goes out is never longer than what was written. */
static size_t harmless(char *text, size_t size, bool utf8)
{
	size_t n = 0;

	for (size_t i = 0, used; i < size; i += used) {
		uint32_t c = 0;

		used = utf8_decode(text + i, size - i, &c);
		if (used == 0) {
			used = 1;
			text[n++] = '?';
		} else if (c == '\n' || (!utf8_harmful(c) && c < 0x80)) {
			text[n++] = text[i];
		} else if (!utf8_harmful(c) && !utf8) {
			text[n++] = ascii_near(c);
		} else if (!utf8_harmful(c)) {
			memmove(text + n, text + i, used);
			n += used;
		}
	}
	return n;
}

static enum err send(int fd, const char *text, size_t size)
{
	while (size != 0) {
		ssize_t n = write(fd, text, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return ERR_IO;
		text += n;
		size -= (size_t)n;
	}
	return OK;
}

enum err lines_out_flush(struct lines_out *o)
{
	bool whole = fflush(o->file) == 0 && ferror(o->file) == 0;
	size_t size = harmless(o->text, o->size, o->utf8);

	clearerr(o->file);
	o->size = 0;
	if (size != 0)
		o->open = o->text[size - 1] != '\n';
	enum err e = send(o->fd, o->text, size);

	return e == OK && !whole ? ERR_NO_MEMORY : e;
}
