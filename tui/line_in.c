#include "tui/line_in.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>
#include "base/utf8.h"

enum err line_in_open(struct line_in *in, int fd)
{
	struct line_in made = {.fd = fd};
	enum err e = secret_make(&made.buffer, LINE_IN_MOST);

	if (e == OK)
		*in = made;
	return e;
}

void line_in_close(struct line_in *in)
{
	secret_clear(&in->buffer);
	*in = (struct line_in){.fd = -1, .ended = true};
}

/* What was taken is overwritten, and what is left goes to the front. */
static void settle(struct line_in *in)
{
	struct secret *b = &in->buffer;
	size_t left = b->size - in->start;

	if (in->start == 0 || b->data == NULL)
		return;
	memmove(b->data, b->data + in->start, left);
	secret_chop(b, in->start);
	in->start = 0;
}

void line_in_read(struct line_in *in)
{
	struct secret *b = &in->buffer;

	settle(in);
	if (in->ended || b->size == b->capacity)
		return;
	ssize_t n = read(in->fd, b->data + b->size, b->capacity - b->size);

	if (n > 0)
		b->size += (size_t)n;
	else if (n == 0 || (errno != EINTR && errno != EAGAIN))
		in->ended = true;
}

/* A line that fills the buffer without an end: what there is of it goes, and so will the rest. */
static enum line_in_kind too_long(struct line_in *in)
{
	bool told = in->refusing;

	line_in_forget(in);
	in->refusing = true;
	return told ? LINE_IN_NONE : LINE_IN_TOO_LONG;
}

enum line_in_kind line_in_next(struct line_in *in, struct bytes *ret_line)
{
	struct secret *b = &in->buffer;

	for (;;) {
		settle(in);
		unsigned char *end = b->size != 0 ? memchr(b->data, '\n', b->size) : NULL;

		if (end == NULL && b->size != 0 && (in->refusing || b->size == b->capacity))
			return too_long(in);
		if (end == NULL)
			return in->ended ? LINE_IN_END : LINE_IN_NONE;
		size_t size = (size_t)(end - b->data);

		in->start = size + 1;
		if (in->refusing) {
			in->refusing = false;
			continue;
		}
		/* As another system ends its lines. */
		if (size != 0 && b->data[size - 1] == '\r')
			size--;
		*ret_line = bytes_of(b->data, size);
		return LINE_IN_LINE;
	}
}

void line_in_forget(struct line_in *in)
{
	in->start = 0;
	secret_chop(&in->buffer, in->buffer.size);
}

char *line_in_text(struct arena *a, struct bytes line)
{
	char *raw = arena_alloc(a, line.size + 1);
	size_t n = 0;

	if (raw == NULL)
		return NULL;
	for (size_t i = 0; i < line.size; i++)
		if (line.data[i] != '\0')
			raw[n++] = (char)line.data[i];
	raw[n] = '\0';
	char *clean = utf8_clean(a, raw);

	/* A text of which nothing is left cleans to nothing at all. */
	return clean != NULL ? clean : arena_copy(a, "", 0);
}

enum err line_in_secret(struct bytes line, struct secret *ret)
{
	SECRET(made);
	enum err e = secret_make(&made, line.size + 1);

	if (e != OK)
		return e;
	for (size_t i = 0; i < line.size; i++)
		if (line.data[i] >= 0x20 && line.data[i] != 0x7f)
			made.data[made.size++] = line.data[i];
	*ret = made;
	made = (struct secret){0};
	return OK;
}
