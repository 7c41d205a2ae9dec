#include "tui/pager.h"

static void settle(struct pager *p)
{
	size_t last = p->count > p->height ? p->count - p->height : 0;

	if (p->top > last)
		p->top = last;
}

static void move(struct pager *p, size_t n, bool down)
{
	if (down)
		p->top += n;
	else
		p->top -= n < p->top ? n : p->top;
	settle(p);
}

void pager_fit(struct pager *p, size_t count, size_t height)
{
	p->count = count;
	p->height = height;
	settle(p);
}

bool pager_key(struct pager *p, uint32_t key)
{
	size_t page = p->height > 2 ? p->height - 1 : 1;
	size_t half = p->height > 2 ? p->height / 2 : 1;

	switch (key) {
	case KEYS_UP:
	case 'k':
		move(p, 1, false);
		return true;
	case KEYS_DOWN:
	case 'j':
		move(p, 1, true);
		return true;
	case KEYS_PGUP:
	case KEYS_CTRL('B'):
		move(p, page, false);
		return true;
	case KEYS_PGDN:
	case KEYS_CTRL('F'):
	case ' ':
		move(p, page, true);
		return true;
	case KEYS_CTRL('U'):
		move(p, half, false);
		return true;
	case KEYS_CTRL('D'):
		move(p, half, true);
		return true;
	case KEYS_HOME:
	case 'g':
		p->top = 0;
		return true;
	case KEYS_END:
	case 'G':
		move(p, p->count, true);
		return true;
	default:
		return false;
	}
}

void pager_show(struct pager *p, size_t line)
{
	p->top = line;
	settle(p);
}
