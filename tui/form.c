#include "tui/form.h"

#include <string.h>
#include "base/mem.h"
#include "base/utf8.h"
#include "tui/wrap.h"

/* ---- the fields and their page ------------------------------------------------------------ */

static void field_free(struct form_field *f)
{
	mem_free(f->key);
	mem_free(f->given);
	edit_free(&f->edit);
	secret_clear(&f->secret);
	*f = (struct form_field){0};
}

void form_free(struct form *f)
{
	for (size_t i = 0; i < f->count; i++)
		field_free(&f->fields[i]);
	mem_free(f->fields);
	file_complete_reset(&f->completion);
	*f = (struct form){0};
}

static struct form_field *find(const struct form *f, const char *key)
{
	for (size_t i = 0; i < f->count; i++)
		if (f->fields[i].key != NULL && strcmp(f->fields[i].key, key) == 0)
			return &f->fields[i];
	return NULL;
}

/* The page said something new about the value: that replaces what was typed. */
static enum err take_value(struct form_field *field, const struct page_field *p)
{
	const char *value = p->value != NULL ? p->value : "";

	field->edit.limit = p->limit;
	field->edit.lines = p->kind == PAGE_FIELD_AREA;
	if (p->kind == PAGE_FIELD_SECRET ||
		(field->given != NULL && strcmp(field->given, value) == 0))
		return OK;
	char *given = mem_strdup(value);

	if (given == NULL)
		return ERR_NO_MEMORY;
	mem_free(field->given);
	field->given = given;
	/* A view that stores each change gives back what was typed: the cursor stays. */
	return strcmp(edit_text(&field->edit), value) == 0 ? OK : edit_set(&field->edit, value);
}

static enum err make_field(struct form *old, struct form_field *field, const struct page_field *p)
{
	struct form_field *before = find(old, p->key);

	if (before != NULL && before->kind == p->kind) {
		*field = *before;
		*before = (struct form_field){0};
	} else {
		field->kind = p->kind;
		field->key = mem_strdup(p->key);
		if (field->key == NULL)
			return ERR_NO_MEMORY;
	}
	return take_value(field, p);
}

static bool stops_at(const struct page_field *p)
{
	return !p->fixed;
}

static bool empty(const struct form_field *field)
{
	return field->kind == PAGE_FIELD_SECRET ? field->secret.size == 0
						: edit_text(&field->edit)[0] == '\0';
}

/* Where a person wants to begin: what they must write and nobody has. */
static size_t first_to_fill(const struct form *f, const struct page_form *p)
{
	for (size_t i = 0; i < p->count; i++)
		if (stops_at(&p->fields[i]) && p->fields[i].required && empty(&f->fields[i]))
			return i;
	return 0;
}

/*
 * What a pressed button showed to be wrong, at once or later: the cursor goes there. An error that
 * shows as a field is left does not, or nobody could go on. Remembers the errors for the next page.
 */
static void go_to_fault(struct form *f, const struct page_form *p)
{
	for (size_t i = 0; i < p->count; i++) {
		bool wrong = p->fields[i].error != NULL;

		if (f->pressed && wrong && !f->fields[i].wrong && stops_at(&p->fields[i])) {
			f->current = i;
			f->pressed = false;
		}
		f->fields[i].wrong = wrong;
	}
}

enum err form_sync(struct form *f, const struct page_form *p)
{
	struct form fresh = {.top = f->top,
		.area_width = f->area_width,
		.completion = f->completion,
		.pressed = f->pressed};
	const char *here = f->current < f->count ? f->fields[f->current].key : NULL;
	enum err e = OK;

	fresh.fields = mem_zalloc((p->count + 1) * sizeof(*fresh.fields));
	if (fresh.fields == NULL)
		return ERR_NO_MEMORY;
	fresh.count = p->count;
	for (size_t i = 0; i < p->count; i++) {
		bool same = here != NULL && strcmp(here, p->fields[i].key) == 0;
		enum err one = make_field(f, &fresh.fields[i], &p->fields[i]);

		e = e == OK ? one : e;
		if (same) {
			fresh.current = i;
			here = NULL;
		}
	}
	if (f->count == 0 && e == OK)
		fresh.current = first_to_fill(&fresh, p);
	while (fresh.current < p->count && !stops_at(&p->fields[fresh.current]))
		fresh.current++;
	if (fresh.current >= p->count)
		fresh.current = 0;
	go_to_fault(&fresh, p);
	f->completion = (struct file_complete){0};
	form_free(f);
	*f = fresh;
	return e;
}

const char *form_value(const struct form *f, const char *key)
{
	const struct form_field *field = find(f, key);

	return field != NULL ? edit_text(&field->edit) : "";
}

struct secret *form_secret(struct form *f, const char *key)
{
	struct form_field *field = find(f, key);

	return field != NULL && field->kind == PAGE_FIELD_SECRET ? &field->secret : NULL;
}

/* ---- keys --------------------------------------------------------------------------------- */

static enum form_result step(
	struct form *f, const struct page_form *p, bool back, bool around, size_t *ret_left)
{
	size_t at = f->current;

	for (size_t i = 0; i < f->count; i++) {
		if (!around && (back ? at == 0 : at + 1 >= f->count))
			return FORM_USED;
		at = back ? (at + f->count - 1) % f->count : (at + 1) % f->count;
		if (stops_at(&p->fields[at]))
			break;
	}
	if (at == f->current || !stops_at(&p->fields[at]))
		return FORM_USED;
	*ret_left = f->current;
	f->current = at;
	file_complete_reset(&f->completion);
	return FORM_LEFT;
}

static enum form_result secret_key(struct form_field *field, uint32_t key)
{
	char bytes[4];

	if (key == KEYS_BACKSPACE || key == KEYS_DELETE) {
		size_t n = field->secret.size != 0 ? 1 : 0;

		while (n != 0 && n < field->secret.size &&
			(field->secret.data[field->secret.size - n] & 0xc0) == 0x80)
			n++;
		secret_chop(&field->secret, n);
		return FORM_CHANGED;
	}
	if (key == KEYS_CTRL('U')) {
		secret_clear(&field->secret);
		return FORM_CHANGED;
	}
	if (!keys_is_text(key))
		return FORM_NOT_MINE;
	size_t n = utf8_encode(key, bytes);
	enum err e = secret_append(&field->secret, bytes, n);

	explicit_bzero(bytes, sizeof(bytes));
	return e == OK ? FORM_CHANGED : FORM_REFUSED;
}

static enum form_result choose(struct form_field *field, const struct page_field *p, bool back)
{
	size_t at = 0;

	if (p->choice_count == 0)
		return FORM_USED;
	while (at < p->choice_count && strcmp(p->choices[at], edit_text(&field->edit)) != 0)
		at++;
	/* Nothing chosen yet: the first one. */
	if (at == p->choice_count)
		at = back ? p->choice_count - 1 : 0;
	else
		at = (at + (back ? p->choice_count - 1 : 1)) % p->choice_count;
	return edit_set(&field->edit, p->choices[at]) == OK ? FORM_CHANGED : FORM_REFUSED;
}

/* FORM_NOT_MINE: nothing to complete; Tab moves on. */
static enum form_result complete(struct form *f, struct form_field *field, bool back)
{
	const char *typed = edit_text(&field->edit);

	if (typed[0] == '\0' || (back && !f->completion.active))
		return FORM_NOT_MINE;
	const char *next = file_complete_next(&f->completion, typed, back);

	if (next == NULL || strcmp(next, typed) == 0)
		return FORM_NOT_MINE;
	return edit_set(&field->edit, next) == OK ? FORM_CHANGED : FORM_REFUSED;
}

/* To the line above or below, in about the same cell; false where there is none. */
static bool area_step(struct edit *e, int width, bool down)
{
	const char *text = edit_text(e);
	size_t before = 0;
	size_t start = 0;
	size_t next = 0;
	int col = 0;

	for (;;) {
		next = start + wrap_area(text + start, width);
		next += text[next] == '\n' ? 1 : 0;
		/* The end of the text belongs to its last line. */
		if (e->cursor < next || next == start ||
			(next == e->size && text[next - 1] != '\n'))
			break;
		before = start;
		start = next;
	}
	size_t to = down ? next : before;

	if (down ? next >= e->size && (next == 0 || text[next - 1] != '\n' || start == next)
		 : start == 0)
		return false;
	for (size_t at = start; at < e->cursor; at++)
		col += (text[at] & 0xc0) != 0x80;
	size_t fit = wrap_fit(text + to, col, NULL);
	size_t most = wrap_area(text + to, width);

	e->cursor = to + (fit < most ? fit : most);
	return true;
}

static enum form_result typed_key(
	struct form *f, struct form_field *field, const struct page_field *p, uint32_t key)
{
	if (p->kind == PAGE_FIELD_SECRET)
		return secret_key(field, key);
	if (p->kind == PAGE_FIELD_CHOICE) {
		if (key == ' ' || key == KEYS_RIGHT || key == KEYS_LEFT)
			return choose(field, p, key == KEYS_LEFT);
		return FORM_NOT_MINE;
	}
	if (p->kind == PAGE_FIELD_BUTTON)
		return FORM_NOT_MINE;
	if (key == KEYS_ENTER && p->kind == PAGE_FIELD_AREA)
		return edit_insert(&field->edit, "\n", 1) ? FORM_CHANGED : FORM_REFUSED;
	if ((key == KEYS_UP || key == KEYS_DOWN) && p->kind == PAGE_FIELD_AREA)
		return area_step(&field->edit, f->area_width != 0 ? f->area_width : 80,
			       key == KEYS_DOWN)
			       ? FORM_USED
			       : FORM_NOT_MINE;
	switch (edit_key(&field->edit, key)) {
	case EDIT_CHANGED:
		file_complete_reset(&f->completion);
		return FORM_CHANGED;
	case EDIT_MOVED:
		return FORM_USED;
	case EDIT_FULL:
		return FORM_REFUSED;
	case EDIT_NOT_MINE:
	default:
		return FORM_NOT_MINE;
	}
}

static enum form_result moving_key(
	struct form *f, const struct page_form *p, uint32_t key, size_t *ret_left)
{
	switch (key) {
	case KEYS_TAB:
		return step(f, p, false, true, ret_left);
	case KEYS_BACKTAB:
		return step(f, p, true, true, ret_left);
	case KEYS_DOWN:
		return step(f, p, false, false, ret_left);
	case KEYS_UP:
		return step(f, p, true, false, ret_left);
	case KEYS_ENTER:
		if (p->fields[f->current].kind == PAGE_FIELD_BUTTON)
			return FORM_PRESSED;
		return step(f, p, false, false, ret_left);
	default:
		return FORM_NOT_MINE;
	}
}

enum form_result form_key(struct form *f, const struct page_form *p, uint32_t key, size_t *ret_left)
{
	if (f->current >= f->count || f->count != p->count)
		return FORM_NOT_MINE;
	struct form_field *field = &f->fields[f->current];
	const struct page_field *field_page = &p->fields[f->current];
	enum form_result result = FORM_NOT_MINE;

	if (!field_page->fixed && (key == KEYS_TAB || key == KEYS_BACKTAB) &&
		field_page->kind == PAGE_FIELD_FILE)
		result = complete(f, field, key == KEYS_BACKTAB);
	else if (!field_page->fixed)
		result = typed_key(f, field, field_page, key);
	if (result == FORM_NOT_MINE)
		result = moving_key(f, p, key, ret_left);
	f->pressed = result == FORM_PRESSED;
	return result;
}

enum form_result form_paste(
	struct form *f, const struct page_form *p, const char *text, size_t size)
{
	if (f->current >= f->count || f->count != p->count || p->fields[f->current].fixed)
		return FORM_REFUSED;
	struct form_field *field = &f->fields[f->current];

	if (field->kind == PAGE_FIELD_BUTTON || field->kind == PAGE_FIELD_CHOICE)
		return FORM_REFUSED;
	if (field->kind != PAGE_FIELD_SECRET)
		return edit_insert(&field->edit, text, size) ? FORM_CHANGED : FORM_REFUSED;
	for (size_t i = 0; i < size; i++)
		if ((unsigned char)text[i] >= 0x20 && text[i] != 0x7f &&
			secret_append(&field->secret, text + i, 1) != OK)
			return FORM_REFUSED;
	return FORM_CHANGED;
}

static bool is_choice(const struct page_field *p, const char *text)
{
	size_t at = 0;

	while (at < p->choice_count && strcmp(p->choices[at], text) != 0)
		at++;
	return at < p->choice_count;
}

enum form_result form_put(struct form *f, const struct page_form *p, size_t at, const char *text)
{
	if (at >= f->count || f->count != p->count || p->fields[at].fixed)
		return FORM_REFUSED;
	struct form_field *field = &f->fields[at];
	struct edit fresh = {.limit = field->edit.limit, .lines = field->edit.lines};

	if (field->kind == PAGE_FIELD_BUTTON || field->kind == PAGE_FIELD_SECRET ||
		(field->kind == PAGE_FIELD_CHOICE && !is_choice(&p->fields[at], text)))
		return FORM_REFUSED;
	if (!edit_insert(&fresh, text, strlen(text))) {
		edit_free(&fresh);
		return FORM_REFUSED;
	}
	edit_free(&field->edit);
	field->edit = fresh;
	f->current = at;
	f->pressed = false;
	file_complete_reset(&f->completion);
	return FORM_CHANGED;
}
