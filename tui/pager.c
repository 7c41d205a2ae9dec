#include "tui/pager.h"

#include "base/utf8.h"
#include "tui/ascii.h"

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

/* The character as search sees it: as it is typed, and “ is ". */
static uint32_t folded(const char **text)
{
	uint32_t c = utf8_fold(text);
	char near = c < 0x80 || c == 0xf1 ? '?' : ascii_near(c);

	return near == '?' ? c : (unsigned char)near;
}

static bool begins_with(const char *text, const char *needle)
{
	while (*needle != '\0')
		if (*text == '\0' || folded(&text) != folded(&needle))
			return false;
	return true;
}

static bool contains(const char *text, const char *needle)
{
	for (; *text != '\0'; (void)folded(&text))
		if (begins_with(text, needle))
			return true;
	return false;
}

bool pager_find(
	struct pager *p, const struct wrap *lines, const char *needle, size_t from, bool backwards)
{
	size_t n = lines->count;

	if (needle[0] == '\0')
		return false;
	for (size_t step = 1; step <= n; step++) {
		size_t at = backwards ? (from % n + n - step) % n : (from + step) % n;

		if (contains(lines->lines[at].text, needle)) {
			p->top = at;
			settle(p);
			return true;
		}
	}
	return false;
}
