#include "tui/paste.h"

#include <string.h>
#include "base/mem.h"
#include "base/utf8.h"

static bool grow(struct paste *p)
{
	size_t room = p->room != 0 ? p->room * 2 : 256;
	char *bigger = mem_alloc(room);
	size_t size = p->size;

	if (bigger == NULL)
		return false;
	/* No realloc: it would leave a copy behind. */
	if (size != 0)
		memcpy(bigger, p->text, size);
	paste_drop(p);
	*p = (struct paste){.text = bigger, .size = size, .room = room};
	return true;
}

void paste_add(struct paste *p, uint32_t c)
{
	char bytes[4];
	size_t n = utf8_encode(c, bytes);

	if (p->size + n + 1 > PASTE_MAX || (p->size + n + 1 > p->room && !grow(p)))
		return;
	memcpy(p->text + p->size, bytes, n);
	p->size += n;
	p->text[p->size] = '\0';
}

void paste_drop(struct paste *p)
{
	if (p->text != NULL)
		explicit_bzero(p->text, p->room);
	mem_free(p->text);
	*p = (struct paste){0};
}

bool paste_known(const char *term)
{
	static const char *const families[] = {"xterm", "screen", "tmux", "rxvt", "alacritty",
		"foot", "kitty", "konsole", "gnome", "vte", "putty", "st-", "linux"};

	for (size_t i = 0; i < COUNT_OF(families) && term != NULL; i++)
		if (strncmp(term, families[i], strlen(families[i])) == 0)
			return true;
	return false;
}
