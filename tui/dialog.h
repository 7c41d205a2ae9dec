/*
 * A question with buttons: the cursor starts on the harmless one, and Esc presses it.
 */
#ifndef TUI_DIALOG_H
#define TUI_DIALOG_H

#include <stdbool.h>
#include <stddef.h>
#include "tui/keys.h"
#include "tui/page.h"
#include "tui/pager.h"

struct dialog {
	bool open; /* a dialog was synced: `current` counts */
	size_t current;
	struct pager pager; /* its paragraphs, where they don't fit */
	uint64_t shown;	    /* what it asks, as a hash: a new question starts on the safe button */
};

void dialog_sync(struct dialog *d, const struct page_dialog *p);
/*
 * Left/Right/Tab/BackTab/h/l move, Enter presses, Esc presses the safe one; Up/Down/PgUp/PgDn
 * scroll. False: not its key. *ret_pressed: a button was pressed, `current` says which.
 */
bool dialog_key(struct dialog *d, const struct page_dialog *p, uint32_t key, bool *ret_pressed);

#endif
