#include "tests/help/pantalla_vt.h"

#include <locale.h>
#include <poll.h>
#include "tests/help/cm.h"
#include "tests/help/vt.h"
#include "tui/draw.h"

const char *const pantalla_color[] = {"TERM=xterm-256color", "LANG=C.UTF-8", NULL};
const char *const pantalla_mono[] = {"TERM=vt100", "LANG=C.UTF-8", NULL};

struct child {
	struct pantalla *p;
	const struct effect *from;
};

/* Shows the page once, until a key comes. */
static int child(void *context)
{
	static const struct page_frame frame = {.program = "Buzón IMSS"};
	struct child *c = context;
	struct widget widget;
	struct term *term;
	struct key_event e;

	setlocale(LC_ALL, "");
	if (term_start(&term) != OK)
		return 9;
	widget_init(&widget);
	pantalla_open(c->p, c->from);
	struct page page = pantalla_page(c->p);
	struct pollfd fd = {.fd = term_fd(term), .events = POLLIN};

	if (widget_sync(&widget, &page) != OK)
		return 8;
	draw_page(term, &frame, &page, &widget);
	do {
		term_idle(term);
		(void)poll(&fd, 1, -1);
	} while (!term_key(term, &e));
	widget_free(&widget);
	term_stop(term);
	return 0;
}

static struct vt *start(struct child *c, const char *const env[], int rows, int cols)
{
	struct vt *vt = vt_start_child(child, c, (char *const *)(uintptr_t)env, rows, cols);

	assert_non_null(vt);
	assert_true(vt_wait_idle(vt, VT_MS));
	return vt;
}

static void end(struct vt *vt)
{
	assert_true(vt_send(vt, "q"));
	assert_int_equal(vt_close(vt), 0);
}

void pantalla_rows_are(struct pantalla *p, const struct effect *from, const char *const env[],
	int rows, int cols, const char *const *text)
{
	struct child c = {p, from};
	struct vt *vt = start(&c, env, rows, cols);

	for (int i = 0; text[i] != NULL; i++)
		if (strcmp(vt_row(vt, i + 2), text[i]) != 0)
			fail_msg("row %d is not «%s»:\n%s", i, text[i], vt_screen(vt));
	end(vt);
}

void pantalla_row_stands_out(struct pantalla *p, const struct effect *from, const char *text)
{
	static const struct {
		const char *const *env;
		char attribute;
	} ways[] = {{pantalla_color, 'c'}, {pantalla_mono, 'b'}};

	for (size_t w = 0; w < COUNT_OF(ways); w++) {
		struct child c = {p, from};
		struct vt *vt = start(&c, ways[w].env, 24, 80);
		bool found = false;

		for (int i = 0; i < 24 && !found; i++)
			found = strstr(vt_row(vt, i), text) != NULL &&
				vt_row_has(vt, i, ways[w].attribute);
		if (!found)
			fail_msg("«%s» does not stand out:\n%s", text, vt_screen(vt));
		end(vt);
	}
}
