#include "tui/wrap.h"

#include <wchar.h>
#include "base/buf.h"
#include "base/texto.h"
#include "base/utf8.h"

#define QUIET 4 /* modules of light round a QR symbol (ISO/IEC 18004, 9.1) */
#define QR_TOO_WIDE N_("(El código QR no cabe en esta ventana; hazla más ancha para verlo.)")

/* Lines are counted first nowhere: they grow by doubling in the arena. */
struct lines {
	struct arena *arena;
	struct wrap_line *items;
	size_t count;
	size_t room;
	bool failed;
};

static int cells_of(uint32_t c)
{
	int w = wcwidth((wchar_t)c);

	/* In a locale without UTF-8 wcwidth knows ASCII only; each is drawn as one character. */
	return w >= 0 ? w : 1;
}

size_t wrap_fit(const char *text, int cells, int *ret_cells)
{
	size_t i = 0;
	int used = 0;

	/* Its whole length is asked nowhere: a long text is cut into many lines. */
	while (text[i] != '\0') {
		uint32_t c = 0xfffd;
		size_t n = utf8_decode(text + i, strnlen(text + i, 4), &c);
		int w = cells_of(c);

		if (used + w > cells)
			break;
		used += w;
		i += n != 0 ? n : 1;
	}
	if (ret_cells != NULL)
		*ret_cells = used;
	return i;
}

int wrap_width(const char *text)
{
	int used = 0;

	(void)wrap_fit(text, 1 << 30, &used);
	return used;
}

static void add_line(struct lines *l, const char *text, enum page_style style, int label_cells)
{
	if (text == NULL || l->failed) {
		l->failed = true;
		return;
	}
	if (l->count == l->room) {
		size_t room = l->room != 0 ? l->room * 2 : 32;
		struct wrap_line *bigger = arena_array(l->arena, room, sizeof(*bigger));

		if (bigger == NULL) {
			l->failed = true;
			return;
		}
		if (l->count != 0)
			memcpy(bigger, l->items, l->count * sizeof(*bigger));
		l->items = bigger;
		l->room = room;
	}
	l->items[l->count++] = (struct wrap_line){.text = text,
		.style = style,
		.label = label_cells != 0,
		.label_cells = label_cells};
}

/* Bytes of the next line of `text`; what follows begins at *ret_next. */
static size_t cut(const char *text, int width, bool anywhere, size_t *ret_next)
{
	size_t fit = wrap_fit(text, width, NULL);
	size_t end = fit;

	if (text[fit] == '\0') {
		*ret_next = fit;
		return fit;
	}
	if (fit == 0) {
		/* A character wider than the window: it goes alone, and the window clips it. */
		for (fit = 1; (text[fit] & 0xc0) == 0x80; fit++)
			;
		*ret_next = fit;
		return fit;
	}
	if (!anywhere) {
		while (end > 0 && text[end] != ' ')
			end--;
		if (end == 0)
			end = fit;
	}
	*ret_next = end;
	while (text[*ret_next] == ' ')
		(*ret_next)++;
	return end;
}

struct margin {
	const char *first; /* before the first line: a label, "! " */
	int label_cells;
	int indent;
};

static void add_wrapped(struct lines *l, const char *text, int width, enum page_style style,
	const struct margin *m, bool *first)
{
	int inner = width - m->indent > 0 ? width - m->indent : 1;
	bool begun = false;

	while (!l->failed && (!begun || *text != '\0')) {
		size_t next = 0;
		size_t size = cut(text, inner, style == PAGE_MONO, &next);
		char *line =
			*first ? arena_printf(l->arena, "%s%.*s", m->first, (int)size, text)
			       : arena_printf(l->arena, "%*s%.*s", m->indent, "", (int)size, text);

		add_line(l, line, style, *first ? m->label_cells : 0);
		*first = false;
		begun = true;
		text += next;
	}
}

/* Each '\n' begins a line of its own; only then is the text cleaned (which makes it a blank). */
static void add_text(
	struct lines *l, const char *text, int width, enum page_style style, const struct margin *m)
{
	bool first = true;

	for (;;) {
		const char *end = strchr(text, '\n');
		size_t size = end != NULL ? (size_t)(end - text) : strlen(text);
		char *raw = arena_copy(l->arena, text, size);
		char *clean = raw != NULL ? utf8_clean(l->arena, raw) : NULL;

		/* An empty text cleans to nothing at all. */
		if (size == 0)
			clean = arena_strdup(l->arena, "");
		if (clean == NULL) {
			l->failed = true;
			return;
		}
		add_wrapped(l, clean, width, style, m, &first);
		if (end == NULL)
			return;
		text = end + 1;
	}
}

static void add_pair(struct lines *l, const struct page_paragraph *p, int width)
{
	char *label = utf8_clean(l->arena, p->label != NULL ? p->label : "");
	char *first = label != NULL ? arena_printf(l->arena, "%s: ", label) : NULL;

	if (first == NULL) {
		l->failed = true;
		return;
	}
	int cells = wrap_width(first);
	struct margin m = {.first = first, .label_cells = cells, .indent = cells};

	/* A label that takes more than half leaves no room beside it. */
	if (cells > width / 2) {
		m = (struct margin){.first = "  ", .indent = 2};
		add_line(l, first, PAGE_PAIR, cells);
	}
	add_text(l, p->text != NULL ? p->text : "", width, PAGE_PAIR, &m);
}

static bool dark(const struct page_qr *qr, long row, long col)
{
	long n = (long)qr->size;

	row -= QUIET;
	col -= QUIET;
	return row >= 0 && col >= 0 && row < n && col < n && qr->modules[row * n + col] != 0;
}

static void add_qr(struct lines *l, const struct page_qr *qr, int width, bool utf8)
{
	static const char *const halves[] = {" ", "▄", "▀", "█"};
	long side = (long)qr->size + 2L * QUIET;
	long step = utf8 ? 2 : 1;

	if (side * (utf8 ? 1 : 2) > width) {
		struct margin none = {.first = ""};

		add_text(l, texto(QR_TOO_WIDE), width, PAGE_NORMAL, &none);
		return;
	}
	for (long row = 0; row < side; row += step) {
		struct buf b;

		buf_init(&b, l->arena);
		for (long col = 0; col < side; col++)
			if (utf8)
				buf_text(&b, halves[(dark(qr, row, col) ? 2 : 0) +
						     (dark(qr, row + 1, col) ? 1 : 0)]);
			else
				buf_text(&b, dark(qr, row, col) ? "##" : "  ");
		add_line(l, buf_end_text(&b), PAGE_QR, 0);
	}
}

enum err wrap_text(struct arena *a, const struct page_paragraph *p, size_t count, int width,
	bool utf8, struct wrap *ret_wrap)
{
	struct lines l = {.arena = a};
	struct margin none = {.first = ""};
	struct margin warning = {.first = "! ", .indent = 2};

	width = width > 0 ? width : 1;
	for (size_t i = 0; i < count && !l.failed; i++) {
		const char *text = p[i].text != NULL ? p[i].text : "";

		if (p[i].style == PAGE_PAIR)
			add_pair(&l, &p[i], width);
		else if (p[i].style == PAGE_QR && p[i].qr != NULL)
			add_qr(&l, p[i].qr, width, utf8);
		else
			add_text(&l, text, width, p[i].style,
				p[i].style == PAGE_WARNING ? &warning : &none);
	}
	if (l.failed)
		return ERR_NO_MEMORY;
	*ret_wrap = (struct wrap){.lines = l.items, .count = l.count};
	return OK;
}

size_t wrap_area(const char *text, int width)
{
	size_t newline = strcspn(text, "\n");
	size_t fit = wrap_fit(text, width, NULL);
	size_t end = fit < newline ? fit : newline;

	if (fit >= newline || text[end] == '\0')
		return newline;
	/* At a blank where there is one; it stays at the line's end. */
	for (size_t i = end; i > 0; i--)
		if (text[i - 1] == ' ')
			return i;
	return end != 0 ? end : 1;
}
