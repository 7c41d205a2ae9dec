/*
 * A form being filled in: what was typed per field, and where the cursor is.
 *
 * What was typed belongs to the form until its page goes away; the view gets each change and keeps
 * the draft. Secrets live in the secure heap only, never leave by events and are cleansed.
 */
#ifndef TUI_FORM_H
#define TUI_FORM_H

#include "base/secret.h"
#include "tui/edit.h"
#include "tui/file_complete.h"
#include "tui/page.h"

struct form_field {
	char *key;
	enum page_field_kind kind;
	struct edit edit;
	struct secret secret;
	char *given; /* the page's value at the last sync: a new one replaces what was typed */
	bool wrong;  /* the page showed an error beside it at the last sync */
};

struct form {
	struct form_field *fields;
	size_t count;
	size_t current;
	size_t top;	/* first line seen */
	bool pressed;	/* a button was the last thing used: a new error takes the cursor */
	int area_width; /* cells of the areas at the last paint; 0 = never painted */
	struct file_complete completion;
};

enum form_result {
	FORM_NOT_MINE,
	FORM_USED,    /* the cursor moved within the field, or a completion began */
	FORM_CHANGED, /* the current field's content */
	FORM_LEFT,    /* the cursor left `left` */
	FORM_PRESSED, /* the current field is a button, and Enter pressed it */
	FORM_REFUSED, /* full, or no memory: bell */
};

void form_free(struct form *f);
/*
 * Fields are known by key: what was typed survives a new page. The cursor begins at the first
 * required field that is empty; from a button it goes to the field at fault. ERR_NO_MEMORY.
 */
enum err form_sync(struct form *f, const struct page_form *p) MUST_CHECK;
/*
 * Characters edit; Tab/BackTab/Up/Down move; Enter moves on, presses a button; Space and
 * Left/Right change a choice; Tab on a file completes first. *ret_left is the field that was left.
 */
enum form_result form_key(
	struct form *f, const struct page_form *p, uint32_t key, size_t *ret_left);
enum form_result form_paste(
	struct form *f, const struct page_form *p, const char *text, size_t size);
/*
 * Field `at` as a line gives it, whole: replaces what was typed; of a choice it must be one of its
 * texts. FORM_CHANGED; FORM_REFUSED (fixed, a secret or a button, too long, no such choice, no
 * memory): then it stays as it was.
 */
enum form_result form_put(struct form *f, const struct page_form *p, size_t at, const char *text);
/* What was typed in the field; "" for a secret or an unknown key. */
const char *form_value(const struct form *f, const char *key);
/* The field's secret, to be used and then cleared by the caller; NULL where there is none. */
struct secret *form_secret(struct form *f, const char *key);

#endif
