#include "tui/list.h"

/* The cursor is seen, and no blank rows stand below the last one. */
static void settle(struct list *l)
{
	size_t height = l->height != 0 ? l->height : 1;

	if (l->cursor >= l->count)
		l->cursor = l->count != 0 ? l->count - 1 : 0;
	if (l->top > l->cursor)
		l->top = l->cursor;
	if (l->cursor - l->top >= height)
		l->top = l->cursor - height + 1;
	if (l->count <= height)
		l->top = 0;
	else if (l->top > l->count - height)
		l->top = l->count - height;
}

void list_sync(struct list *l, size_t count, size_t cursor)
{
	l->count = count;
	l->cursor = cursor;
	settle(l);
}

void list_height(struct list *l, size_t height)
{
	l->height = height;
	settle(l);
}

static void up(struct list *l, size_t n)
{
	l->cursor -= n < l->cursor ? n : l->cursor;
}

static void down(struct list *l, size_t n)
{
	size_t left = l->count != 0 ? l->count - 1 - l->cursor : 0;

	l->cursor += n < left ? n : left;
}

static void page_down(struct list *l, size_t n)
{
	/* The page moves as a whole; at the end the cursor goes to the last row. */
	bool last = l->count <= l->height || l->top >= l->count - l->height;

	l->top += last ? 0 : n;
	if (last)
		down(l, l->count);
	else
		down(l, n);
}

static void page_up(struct list *l, size_t n)
{
	bool first = l->top == 0;

	l->top -= n < l->top ? n : l->top;
	if (first)
		l->cursor = 0;
	else
		up(l, n);
}

bool list_key(struct list *l, uint32_t key)
{
	/* One row stays in sight, as in every pager. */
	size_t page = l->height > 2 ? l->height - 1 : 1;
	size_t half = l->height > 2 ? l->height / 2 : 1;

	switch (key) {
	case KEYS_UP:
	case 'k':
		up(l, 1);
		break;
	case KEYS_DOWN:
	case 'j':
		down(l, 1);
		break;
	case KEYS_PGUP:
	case KEYS_CTRL('B'):
		page_up(l, page);
		break;
	case KEYS_PGDN:
	case KEYS_CTRL('F'):
		page_down(l, page);
		break;
	case KEYS_CTRL('U'):
		page_up(l, half);
		break;
	case KEYS_CTRL('D'):
		page_down(l, half);
		break;
	case KEYS_HOME:
	case 'g':
		l->cursor = 0;
		break;
	case KEYS_END:
	case 'G':
		down(l, l->count);
		break;
	default:
		return false;
	}
	settle(l);
	return true;
}
