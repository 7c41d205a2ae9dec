#include "tui/widget.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* A whole document, wrapped. */
#define SEARCH_BYTES (32 * 1024 * 1024)

void widget_init(struct widget *w)
{
	*w = (struct widget){0};
	w->list.height = 1;
	w->search.line = SIZE_MAX;
}

void widget_free(struct widget *w)
{
	form_free(&w->form);
	edit_free(&w->prompt.edit);
	*w = (struct widget){0};
}

static void turn(struct widget *w, unsigned part)
{
	if (part == w->part)
		return;
	if (w->part == 0)
		w->whole = w->pager;
	w->pager = part == 0 ? w->whole : (struct pager){0};
	w->part = part;
	w->search.line = SIZE_MAX;
}

enum err widget_sync(struct widget *w, const struct page *p)
{
	/* Another kind of page is another page: nothing of the old one belongs to it. */
	if (w->kind != p->kind) {
		form_free(&w->form);
		w->pager = w->whole = (struct pager){0};
		w->part = p->part;
		w->dialog = (struct dialog){0};
		w->search.line = SIZE_MAX;
		w->kind = p->kind;
	}
	turn(w, p->part);
	switch (p->kind) {
	case PAGE_LIST:
		list_sync(&w->list, p->list.row_count, p->list.selected);
		return OK;
	case PAGE_FORM:
		return form_sync(&w->form, &p->form);
	case PAGE_DIALOG:
		dialog_sync(&w->dialog, &p->dialog);
		return OK;
	case PAGE_TEXT:
	default:
		return OK;
	}
}

/* ---- the prompt --------------------------------------------------------------------------- */

enum err prompt_open(struct widget *w, const char *label, const char *text)
{
	enum err e = edit_set(&w->prompt.edit, text);

	if (e == OK) {
		w->prompt.label = label;
		w->prompt.note[0] = '\0';
	}
	return e;
}

enum err prompt_set(struct widget *w, const char *text)
{
	return edit_set(&w->prompt.edit, text);
}

void prompt_close(struct widget *w)
{
	w->prompt.label = NULL;
}

void prompt_note(struct widget *w, const char *note)
{
	size_t size = strlen(note);

	if (size >= sizeof(w->prompt.note))
		for (size = sizeof(w->prompt.note) - 1; (note[size] & 0xc0) == 0x80;)
			size--;
	memcpy(w->prompt.note, note, size);
	w->prompt.note[size] = '\0';
}

static bool prompt_key(struct widget *w, const struct key_event *e, struct widget_event *ret)
{
	w->prompt.note[0] = '\0';
	ret->value = edit_text(&w->prompt.edit);
	if (e->kind == KEY_KIND_PASTE) {
		(void)edit_insert(&w->prompt.edit, e->text, e->size);
		ret->value = edit_text(&w->prompt.edit);
		return true;
	}
	switch (e->key) {
	case KEYS_ENTER:
		ret->kind = WIDGET_ENTERED;
		return true;
	case KEYS_ESC:
		prompt_close(w);
		ret->kind = WIDGET_CANCELLED;
		return true;
	case KEYS_TAB:
		ret->kind = WIDGET_COMPLETE;
		return true;
	case KEYS_UP:
	case KEYS_DOWN:
		ret->kind = WIDGET_HISTORY;
		ret->older = e->key == KEYS_UP;
		return true;
	case KEYS_BACKSPACE:
		/* As in vi and less: rubbing out an empty prompt leaves it. */
		if (w->prompt.edit.size == 0) {
			prompt_close(w);
			ret->kind = WIDGET_CANCELLED;
			return true;
		}
		break;
	default:
		break;
	}
	(void)edit_key(&w->prompt.edit, e->key);
	ret->value = edit_text(&w->prompt.edit);
	return true;
}

/* ---- search ------------------------------------------------------------------------------- */

/* Where the last one was found, while it is seen; else what is on top comes first. */
static size_t search_start(const struct widget *w, bool again, bool backwards)
{
	const struct pager *p = &w->pager;
	size_t at = w->search.line;

	if (again && at >= p->top && at < p->top + p->height)
		return at;
	if (backwards)
		return p->top + p->height;
	return p->top != 0 ? p->top - 1 : SIZE_MAX;
}

bool widget_search(struct widget *w, const struct page *p, const char *needle, bool backwards)
{
	ARENA(a, SEARCH_BYTES);
	struct wrap lines;
	struct search_match match;
	bool again = needle == NULL || needle[0] == '\0';

	if (!again)
		(void)snprintf(w->search.needle, sizeof(w->search.needle), "%s", needle);
	if (p->kind != PAGE_TEXT || w->kind != PAGE_TEXT || w->body_cols < 1 ||
		wrap_text(&a, p->text.paragraphs, p->text.count, w->body_cols, w->body_utf8,
			&lines) != OK ||
		!search_from(&lines, search_start(w, again, backwards), w->search.needle, backwards,
			&match))
		return false;
	w->search.line = match.line;
	pager_fit(&w->pager, lines.count, w->pager.height);
	pager_show(&w->pager, match.line);
	return true;
}

/* ---- the pages ---------------------------------------------------------------------------- */

static bool list_event(struct widget *w, uint32_t key, struct widget_event *ret)
{
	size_t top = w->list.top;

	if (!list_key(&w->list, key))
		return false;
	ret->kind = WIDGET_MOVED;
	ret->light = w->list.top == top;
	ret->index = w->list.cursor;
	return true;
}

static bool form_event(struct widget *w, const struct page_form *p, const struct key_event *e,
	struct widget_event *ret)
{
	size_t at = w->form.current;
	size_t left = 0;
	enum form_result result = e->kind == KEY_KIND_PASTE
					  ? form_paste(&w->form, p, e->text, e->size)
					  : form_key(&w->form, p, e->key, &left);

	ret->index = result == FORM_LEFT ? left : at;
	if (ret->index < p->count) {
		const struct page_field *field = &p->fields[ret->index];

		ret->key = field->key;
		ret->value =
			field->kind == PAGE_FIELD_SECRET ? NULL : form_value(&w->form, field->key);
	}
	switch (result) {
	case FORM_CHANGED:
		ret->kind = WIDGET_CHANGED;
		return true;
	case FORM_LEFT:
		ret->kind = WIDGET_LEFT;
		return true;
	case FORM_PRESSED:
		ret->kind = WIDGET_PRESSED;
		return true;
	case FORM_REFUSED:
		ret->kind = WIDGET_REFUSED;
		return true;
	case FORM_USED:
		return true;
	case FORM_NOT_MINE:
	default:
		return false;
	}
}

static bool dialog_event(
	struct widget *w, const struct page_dialog *p, uint32_t key, struct widget_event *ret)
{
	bool pressed = false;

	if (!dialog_key(&w->dialog, p, key, &pressed))
		return false;
	if (pressed) {
		ret->kind = WIDGET_PRESSED;
		ret->index = w->dialog.current;
		ret->key = p->buttons[w->dialog.current].key;
	}
	return true;
}

bool widget_key(struct widget *w, const struct page *p, const struct key_event *e,
	struct widget_event *ret_event)
{
	struct widget_event event = {.kind = WIDGET_USED};
	bool used = false;

	if (e->kind != KEY_KIND_KEY && e->kind != KEY_KIND_PASTE)
		return false;
	if (w->prompt.label != NULL)
		used = prompt_key(w, e, &event);
	else if (w->kind != p->kind)
		used = false; /* not synced: no state for this page */
	else if (p->kind == PAGE_FORM)
		used = form_event(w, &p->form, e, &event);
	else if (e->kind == KEY_KIND_PASTE)
		used = true; /* inert: a paste is text, and nothing here takes text */
	else if (p->kind == PAGE_LIST)
		used = list_event(w, e->key, &event);
	else if (p->kind == PAGE_TEXT)
		used = pager_key(&w->pager, e->key);
	else
		used = dialog_event(w, &p->dialog, e->key, &event);
	if (used)
		*ret_event = event;
	return used;
}
