#include "screens/historia.h"

#include <stdio.h>
#include <string.h>
#include "base/buf.h"

static void forget(struct historia *h, size_t at)
{
	memmove(h->lines[at], h->lines[at + 1], (h->count - at - 1) * sizeof(h->lines[0]));
	h->count--;
}

static void add(struct historia *h, const char *line, size_t size)
{
	if (size >= HISTORIA_SIZE || strspn(line, " \t\n") >= size || memchr(line, '\n', size))
		return;
	for (size_t i = 0; i < h->count; i++)
		if (strlen(h->lines[i]) == size && memcmp(h->lines[i], line, size) == 0)
			forget(h, i--);
	if (h->count == HISTORIA_LINES)
		forget(h, 0);
	memcpy(h->lines[h->count], line, size);
	h->lines[h->count++][size] = '\0';
}

void historia_begin(struct historia *h)
{
	h->back = 0;
	h->draft[0] = '\0';
}

void historia_add(struct historia *h, const char *line)
{
	add(h, line, strlen(line));
	historia_begin(h);
}

const char *historia_step(struct historia *h, const char *typed, bool older)
{
	if (older ? h->back == h->count : h->back == 0)
		return NULL;
	/* A line too long to be kept is not lost for a look at the past. */
	if (h->back == 0 && strlen(typed) >= sizeof(h->draft))
		return NULL;
	if (h->back == 0)
		(void)snprintf(h->draft, sizeof(h->draft), "%s", typed);
	h->back += older ? 1 : -1;
	return h->back == 0 ? h->draft : h->lines[h->count - h->back];
}

enum err historia_text(const struct historia *h, struct arena *a, const char **ret)
{
	struct buf b;

	buf_init(&b, a);
	buf_text(&b, "");
	for (size_t i = 0; i < h->count; i++) {
		buf_text(&b, h->lines[i]);
		buf_char(&b, '\n');
	}
	const char *text = h->count != 0 ? buf_end_text(&b) : "";

	if (text == NULL)
		return ERR_NO_MEMORY;
	*ret = text;
	return OK;
}

void historia_load(struct historia *h, const char *text)
{
	h->count = 0;
	historia_begin(h);
	while (*text != '\0') {
		size_t size = strcspn(text, "\n");

		add(h, text, size);
		text += size + (text[size] == '\n' ? 1 : 0);
	}
}
