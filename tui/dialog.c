#include "tui/dialog.h"

#include <string.h>

/* FNV-1a: enough to see that the question is another one. */
static uint64_t mix(uint64_t hash, const char *text)
{
	for (; text != NULL && *text != '\0'; text++)
		hash = (hash ^ (unsigned char)*text) * 0x100000001b3u;
	return hash * 31;
}

void dialog_sync(struct dialog *d, const struct page_dialog *p)
{
	uint64_t hash = 0xcbf29ce484222325u;

	for (size_t i = 0; i < p->count; i++)
		hash = mix(mix(hash, p->paragraphs[i].label), p->paragraphs[i].text);
	for (size_t i = 0; i < p->button_count; i++)
		hash = mix(mix(hash, p->buttons[i].label), p->buttons[i].key);
	if (!d->open || d->shown != hash || d->current >= p->button_count) {
		*d = (struct dialog){.open = true, .shown = hash};
		d->current = p->safe < p->button_count ? p->safe : 0;
	}
}

bool dialog_key(struct dialog *d, const struct page_dialog *p, uint32_t key, bool *ret_pressed)
{
	*ret_pressed = false;
	switch (key) {
	case KEYS_LEFT:
	case KEYS_BACKTAB:
	case 'h':
		if (p->button_count != 0)
			d->current = (d->current + p->button_count - 1) % p->button_count;
		return true;
	case KEYS_RIGHT:
	case KEYS_TAB:
	case 'l':
		if (p->button_count != 0)
			d->current = (d->current + 1) % p->button_count;
		return true;
	case KEYS_ESC:
		d->current = p->safe < p->button_count ? p->safe : 0;
		*ret_pressed = p->button_count != 0;
		return true;
	case KEYS_ENTER:
		*ret_pressed = p->button_count != 0;
		return true;
	default:
		return pager_key(&d->pager, key);
	}
}
