/* What needs no terminal: keys by name, wrapping, lists, edits, forms, dialogs, plain lines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/utf8.h"
#include "tui/ascii.h"
#include "tui/plain.h"
#include "tui/widget.h"

#define ALLOWANCE (16 * 1024 * 1024)

static void test_keys(void **state)
{
	static const char *const same[] = {"Enter", "Esc", "Tab", "BackTab", "Ctrl-L", "F1", "F12",
		"PgDn", "Space", "k", "G", "Ñ", "?", "/", ":"};
	static const char *const bad[] = {"", "F0", "F13", "Ctrl-", "Ctrl-H", "Ctrl-I", "Ctrl-M",
		"kk", "Nada", "Ctrl-ñ", "\x01"};
	char name[KEYS_NAME_SIZE];
	uint32_t key;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(same); i++) {
		assert_true(keys_parse(same[i], &key));
		assert_string_equal(keys_name(key, name), same[i]);
	}
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		key = 77;
		assert_false(keys_parse(bad[i], &key));
		assert_int_equal(key, 77);
	}
	assert_true(keys_parse("AvPág", &key));
	assert_int_equal(key, KEYS_PGDN);
	assert_true(keys_parse("ctrl-c", &key));
	assert_int_equal(key, 3);
}

static void test_wrap(void **state)
{
	static const struct page_paragraph p[] = {{.text = "uno dos tres cuatro"},
		{.text = "dos\n\nlíneas"},
		{.style = PAGE_PAIR, .label = "Folio", .text = "ab cd ef gh"},
		{.style = PAGE_MONO, .text = "||1.0|abc def|xyz||"},
		{.text = "larguísimapalabra\x1b[0m\xe2\x80\xae"}};
	static const char *const want[] = {"uno dos", "tres", "cuatro", "dos", "", "líneas",
		"Folio: ", "  ab cd ef", "  gh", "||1.0|abc ", "def|xyz||", "larguísima",
		"palabra[0m"};
	ARENA(a, ALLOWANCE);
	struct wrap w;

	(void)state;
	assert_int_equal(wrap_text(&a, p, COUNT_OF(p), 10, true, &w), OK);
	assert_int_equal(w.count, COUNT_OF(want));
	for (size_t i = 0; i < COUNT_OF(want); i++)
		assert_string_equal(w.lines[i].text, want[i]);
	assert_int_equal(wrap_text(&a, &p[2], 1, 40, true, &w), OK);
	assert_string_equal(w.lines[0].text, "Folio: ab cd ef gh");
	assert_int_equal(w.lines[0].label_cells, 7);
	/* Any width ends, and no line is wider than it. */
	for (int width = -1; width < 30; width++) {
		assert_int_equal(wrap_text(&a, p, COUNT_OF(p), width, true, &w), OK);
		for (size_t i = 0; i < w.count && width > 0; i++)
			assert_true(wrap_width(w.lines[i].text) <= width ||
				    wrap_width(w.lines[i].text) <= 8);
	}
}

static void test_qr(void **state)
{
	static const unsigned char modules[] = {1, 0, 1, 1};
	static const struct page_qr qr = {2, modules};
	static const struct page_paragraph p = {.style = PAGE_QR, .qr = &qr};
	ARENA(a, ALLOWANCE);
	struct wrap w;

	(void)state;
	assert_int_equal(wrap_text(&a, &p, 1, 80, true, &w), OK);
	assert_int_equal(w.count, 5);
	assert_string_equal(w.lines[0].text, "          ");
	assert_string_equal(w.lines[2].text, "    █▄    ");
	assert_int_equal(wrap_text(&a, &p, 1, 80, false, &w), OK);
	assert_int_equal(w.count, 10);
	assert_string_equal(w.lines[4].text, "        ##          ");
	assert_string_equal(w.lines[5].text, "        ####        ");
	assert_int_equal(wrap_text(&a, &p, 1, 9, true, &w), OK);
	assert_non_null(strstr(w.lines[1].text, "QR"));
}

static void test_list(void **state)
{
	struct list l = {0};

	(void)state;
	list_height(&l, 18);
	list_sync(&l, 100000, 0);
	for (int i = 0; i < 17; i++)
		assert_true(list_key(&l, KEYS_DOWN));
	assert_int_equal(l.top, 0);
	assert_true(list_key(&l, 'j'));
	assert_int_equal(l.top, 1);
	assert_int_equal(l.cursor, 18);
	assert_true(list_key(&l, KEYS_PGDN));
	assert_int_equal(l.cursor, 35);
	assert_int_equal(l.top, 18);
	assert_true(list_key(&l, KEYS_PGUP));
	assert_int_equal(l.cursor, 18);
	assert_true(list_key(&l, 'G'));
	assert_int_equal(l.cursor, 99999);
	assert_int_equal(l.top, 99982);
	/* A sync that makes it longer moves nothing; one that makes it shorter keeps it full. */
	list_sync(&l, 100050, 99999);
	assert_int_equal(l.top, 99982);
	list_sync(&l, 20, 99999);
	assert_int_equal(l.cursor, 19);
	assert_int_equal(l.top, 2);
	list_height(&l, 0);
	list_sync(&l, 0, 5);
	assert_int_equal(l.cursor, 0);
	assert_true(list_key(&l, KEYS_DOWN));
	assert_true(list_key(&l, KEYS_PGDN));
	assert_true(list_key(&l, KEYS_END));
	assert_int_equal(l.cursor, 0);
	assert_false(list_key(&l, 'q'));
}

static bool found(const struct wrap *w, size_t from, const char *needle, bool backwards,
	size_t line, size_t at, size_t last, size_t to)
{
	struct search_match m;

	return search_from(w, from, needle, backwards, &m) && m.line == line && m.from == at &&
	       m.last == last && m.to == to;
}

static void test_search(void **state)
{
	static struct wrap_line lines[] = {{.text = "El año"}, {.text = "Notificación"},
		{.text = "el ano de"}, {.text = "  Jesús, y"}, {.text = ""}, {.text = "fin “x”"},
		{.text = "A1b2", .style = PAGE_MONO}, {.text = "C3d4", .style = PAGE_MONO}};
	static const struct wrap w = {lines, 8};
	struct search_match m;

	(void)state;
	assert_true(found(&w, 0, "NOTIFICACION", false, 1, 0, 1, 13));
	assert_true(found(&w, 0, "ano", false, 2, 3, 2, 6));
	assert_true(found(&w, 2, "año", false, 0, 3, 0, 7));
	assert_true(found(&w, 0, "fin", true, 5, 0, 5, 3));
	assert_true(found(&w, 0, "\"X\"", true, 5, 4, 5, 11));
	assert_true(found(&w, SIZE_MAX, "el a", false, 0, 0, 0, 4));
	assert_true(found(&w, SIZE_MAX, "el a", true, 2, 0, 2, 4));
	/* Over the end of a line: at a blank, or anywhere in a cadena; never over an empty line. */
	assert_true(found(&w, 0, "de jesus", false, 2, 7, 3, 8));
	assert_true(found(&w, 0, "2c3", false, 6, 3, 7, 2));
	assert_false(search_from(&w, 0, "y fin", false, &m));
	assert_false(search_from(&w, 0, "dejesus", false, &m));
	assert_false(search_from(&w, 0, "d4 x", false, &m));
	assert_false(search_from(&w, 0, "nada", false, &m));
	assert_false(search_from(&w, 0, "", false, &m));
}

/* n and N go on from what was found while it is seen, else from what is on top. */
static void test_widget_search(void **state)
{
	static struct page_paragraph text[100];
	static char lines[100][16];
	struct page p = {.kind = PAGE_TEXT, .text = {text, 100}};
	struct widget w;

	(void)state;
	for (size_t i = 0; i < 100; i++) {
		(void)snprintf(lines[i], sizeof(lines[i]), i % 10 == 5 ? "multa %zu" : "x %zu", i);
		text[i] = (struct page_paragraph){.text = lines[i]};
	}
	widget_init(&w);
	assert_int_equal(widget_sync(&w, &p), OK);
	assert_false(widget_search(&w, &p, "multa", false)); /* never painted */
	w.body_cols = 80;
	pager_fit(&w.pager, 100, 20);
	assert_true(widget_search(&w, &p, NULL, false));
	assert_int_equal(w.pager.top, 5);
	assert_true(widget_search(&w, &p, "", false));
	assert_int_equal(w.pager.top, 15);
	assert_true(widget_search(&w, &p, "", true));
	assert_int_equal(w.pager.top, 5);
	assert_true(widget_search(&w, &p, "", true));
	assert_int_equal(w.search.line, 95);
	assert_int_equal(w.pager.top, 80);
	assert_true(widget_search(&w, &p, "", true));
	assert_int_equal(w.search.line, 85);
	w.pager.top = 40;
	assert_true(widget_search(&w, &p, "", false));
	assert_int_equal(w.search.line, 45);
	assert_true(widget_search(&w, &p, "X 46", false));
	assert_int_equal(w.search.line, 46);
	assert_false(widget_search(&w, &p, "X 1000", false));
	assert_int_equal(w.pager.top, 46);
	/* Another part is another text. */
	p.part = 1;
	assert_int_equal(widget_sync(&w, &p), OK);
	assert_true(w.search.line == SIZE_MAX);
	p.kind = PAGE_LIST;
	assert_false(widget_search(&w, &p, "x", false));
	widget_free(&w);
}

static bool prompt_press(struct widget *w, uint32_t key, struct widget_event *e)
{
	struct key_event k = {.kind = KEY_KIND_KEY, .key = key};
	struct page p = {.kind = PAGE_TEXT};

	return widget_key(w, &p, &k, e);
}

/* Up and Down ask for what was typed before; a note is for the moment. */
static void test_prompt(void **state)
{
	char note[PROMPT_NOTE * 2];
	struct widget w;
	struct widget_event e;

	(void)state;
	widget_init(&w);
	assert_int_equal(prompt_open(&w, ":", "abr"), OK);
	assert_true(prompt_press(&w, KEYS_UP, &e));
	assert_int_equal(e.kind, WIDGET_HISTORY);
	assert_true(e.older);
	assert_string_equal(e.value, "abr");
	assert_true(prompt_press(&w, KEYS_DOWN, &e));
	assert_int_equal(e.kind, WIDGET_HISTORY);
	assert_false(e.older);
	prompt_note(&w, "abrir acuse");
	assert_string_equal(w.prompt.note, "abrir acuse");
	assert_true(prompt_press(&w, KEYS_LEFT, &e));
	assert_string_equal(w.prompt.note, "");
	memset(note, 'x', sizeof(note) - 1);
	note[sizeof(note) - 1] = '\0';
	memcpy(note + PROMPT_NOTE - 2, "ñ", 2);
	prompt_note(&w, note);
	assert_int_equal(strlen(w.prompt.note), PROMPT_NOTE - 2);
	assert_int_equal(prompt_open(&w, "/", ""), OK);
	assert_string_equal(w.prompt.note, "");
	widget_free(&w);
}

static void test_edit(void **state)
{
	struct edit e = {.limit = 6};

	(void)state;
	assert_true(edit_insert(&e, "añ\x1b\xe2\x80\xae\n\xffo", 10));
	assert_string_equal(edit_text(&e), "año");
	assert_int_equal(edit_key(&e, KEYS_LEFT), EDIT_MOVED);
	assert_int_equal(edit_key(&e, KEYS_BACKSPACE), EDIT_CHANGED);
	assert_string_equal(edit_text(&e), "ao");
	assert_int_equal(edit_key(&e, 0xd1), EDIT_CHANGED);
	assert_int_equal(edit_key(&e, KEYS_HOME), EDIT_MOVED);
	assert_int_equal(edit_key(&e, KEYS_DELETE), EDIT_CHANGED);
	assert_string_equal(edit_text(&e), "Ño");
	assert_int_equal(edit_key(&e, KEYS_END), EDIT_MOVED);
	assert_false(edit_insert(&e, "12345", 5));
	assert_string_equal(edit_text(&e), "Ño1234");
	assert_int_equal(edit_key(&e, 'x'), EDIT_FULL);
	assert_int_equal(edit_key(&e, KEYS_F1), EDIT_NOT_MINE);
	assert_int_equal(edit_key(&e, KEYS_CTRL('U')), EDIT_CHANGED);
	assert_string_equal(edit_text(&e), "");
	assert_int_equal(edit_key(&e, KEYS_BACKSPACE), EDIT_MOVED);
	edit_free(&e);
}

static const char *const choices[] = {"Sí", "No"};
static const struct page_field fields[] = {
	{.kind = PAGE_FIELD_TEXT, .key = "a", .label = "A", .value = "uno"},
	{.kind = PAGE_FIELD_SECRET, .key = "s", .label = "S", .value = "no se usa"},
	{.kind = PAGE_FIELD_TEXT, .key = "f", .label = "F", .value = "fijo", .fixed = true},
	{.kind = PAGE_FIELD_CHOICE,
		.key = "c",
		.label = "C",
		.choices = choices,
		.choice_count = 2},
	{.kind = PAGE_FIELD_BUTTON, .key = "b", .label = "B"}};

static bool press(struct widget *w, const struct page *p, uint32_t key, struct widget_event *ret)
{
	struct key_event e = {.kind = KEY_KIND_KEY, .key = key};

	return widget_key(w, p, &e, ret);
}

static void test_form(void **state)
{
	struct page p = {.kind = PAGE_FORM, .form = {.fields = fields, .count = COUNT_OF(fields)}};
	struct page_field other[COUNT_OF(fields)];
	struct widget_event e;
	struct widget w;

	(void)state;
	widget_init(&w);
	assert_int_equal(widget_sync(&w, &p), OK);
	assert_true(press(&w, &p, '2', &e));
	assert_int_equal(e.kind, WIDGET_CHANGED);
	assert_string_equal(e.key, "a");
	assert_string_equal(e.value, "uno2");
	/* q is a letter; Esc and Ctrl-L are the app's. */
	assert_true(press(&w, &p, 'q', &e));
	assert_false(press(&w, &p, KEYS_ESC, &e));
	assert_false(press(&w, &p, KEYS_CTRL('L'), &e));
	/* The page comes again, with an error and the draft: what was typed and the cursor stay. */
	memcpy(other, fields, sizeof(other));
	other[0].error = "mal";
	p.form.fields = other;
	assert_int_equal(widget_sync(&w, &p), OK);
	assert_string_equal(form_value(&w.form, "a"), "uno2q");
	other[0].value = "otro";
	assert_int_equal(widget_sync(&w, &p), OK);
	assert_string_equal(form_value(&w.form, "a"), "otro");
	assert_true(press(&w, &p, KEYS_TAB, &e));
	assert_int_equal(e.kind, WIDGET_LEFT);
	assert_string_equal(e.key, "a");
	/* A secret leaves by no event, and the page can't set it. */
	assert_true(press(&w, &p, 'x', &e));
	assert_int_equal(e.kind, WIDGET_CHANGED);
	assert_string_equal(e.key, "s");
	assert_null(e.value);
	assert_true(press(&w, &p, 0xf1, &e));
	assert_int_equal(form_secret(&w.form, "s")->size, 3);
	assert_true(press(&w, &p, KEYS_BACKSPACE, &e));
	assert_int_equal(form_secret(&w.form, "s")->size, 1);
	assert_string_equal(form_value(&w.form, "s"), "");
	assert_null(form_secret(&w.form, "a"));
	/* The fixed field is passed over. */
	assert_true(press(&w, &p, KEYS_DOWN, &e));
	assert_int_equal(w.form.current, 3);
	assert_true(press(&w, &p, ' ', &e));
	assert_string_equal(e.value, "Sí");
	assert_true(press(&w, &p, KEYS_RIGHT, &e));
	assert_string_equal(e.value, "No");
	assert_true(press(&w, &p, KEYS_ENTER, &e));
	assert_int_equal(e.kind, WIDGET_LEFT);
	assert_true(press(&w, &p, KEYS_ENTER, &e));
	assert_int_equal(e.kind, WIDGET_PRESSED);
	assert_string_equal(e.key, "b");
	widget_free(&w);
}

/* A form begins where something is missing; what a pressed button shows to be wrong gets the
 * cursor. */
static void test_form_cursor(void **state)
{
	struct page_field f[] = {
		{.kind = PAGE_FIELD_TEXT, .key = "rfc", .value = "XAXX", .required = true},
		{.kind = PAGE_FIELD_SECRET, .key = "clave", .required = true},
		{.kind = PAGE_FIELD_BUTTON, .key = "validar", .label = "Validar"},
	};
	struct page p = {.kind = PAGE_FORM, .form = {.fields = f, .count = COUNT_OF(f)}};
	struct widget_event e;
	struct widget w;

	(void)state;
	widget_init(&w);
	assert_int_equal(widget_sync(&w, &p), OK);
	assert_int_equal(w.form.current, 1);
	assert_true(press(&w, &p, KEYS_TAB, &e));
	/* An error that shows as its field is left does not hold the cursor. */
	f[1].error = "escríbela";
	assert_int_equal(widget_sync(&w, &p), OK);
	assert_int_equal(w.form.current, 2);
	f[1].error = NULL;
	assert_int_equal(widget_sync(&w, &p), OK);
	assert_true(press(&w, &p, KEYS_ENTER, &e));
	assert_int_equal(e.kind, WIDGET_PRESSED);
	assert_int_equal(widget_sync(&w, &p), OK);
	f[1].error = "no es correcta";
	assert_int_equal(widget_sync(&w, &p), OK);
	assert_int_equal(w.form.current, 1);
	widget_free(&w);
}

/* Every allocation of a form fails once: a clean error, no leak (SAN), what was typed stays. */
static void test_form_memory(void **state)
{
	struct page p = {.kind = PAGE_FORM, .form = {.fields = fields, .count = COUNT_OF(fields)}};
	bool failed = true;

	(void)state;
	for (long n = 1; failed; n++) {
		struct widget w;
		struct widget_event e;

		widget_init(&w);
		mem_fail_at(n);
		enum err first = widget_sync(&w, &p);

		(void)press(&w, &p, 'x', &e);
		failed = mem_count() >= n;
		mem_fail_at(0);
		assert_true(first == OK || first == ERR_NO_MEMORY);
		assert_int_equal(widget_sync(&w, &p), OK);
		widget_free(&w);
		assert_true(n < 100);
	}
}

/* Any keys in any order: valid text within its limit, the cursor at a character's start (SAN). */
static void test_random_keys(void **state)
{
	static const uint32_t keys[] = {'a', ' ', 0xf1, 0x20ac, KEYS_ENTER, KEYS_UP, KEYS_DOWN,
		KEYS_LEFT, KEYS_RIGHT, KEYS_HOME, KEYS_END, KEYS_BACKSPACE, KEYS_DELETE,
		KEYS_CTRL('K'), KEYS_CTRL('W')};
	static const struct page_field area = {
		.kind = PAGE_FIELD_AREA, .key = "t", .label = "T", .limit = 300};
	struct page p = {.kind = PAGE_FORM, .form = {.fields = &area, .count = 1}};
	struct widget_event e;
	struct widget w;
	uint32_t random = 1;

	(void)state;
	widget_init(&w);
	assert_int_equal(widget_sync(&w, &p), OK);
	for (int i = 0; i < 50000; i++) {
		random = random * 1664525u + 1013904223u;
		w.form.area_width = (int)(random >> 28);
		(void)press(&w, &p, keys[(random >> 16) % COUNT_OF(keys)], &e);
		const struct edit *t = &w.form.fields[0].edit;

		assert_true(t->cursor <= t->size);
		assert_true(utf8_count(edit_text(t)) <= 300);
		if (i % 64 == 0)
			assert_true(utf8_valid(edit_text(t), t->size));
		assert_true((edit_text(t)[t->cursor] & 0xc0) != 0x80);
	}
	widget_free(&w);
}

static void test_dialog(void **state)
{
	static const struct page_button buttons[] = {{"Abrir", "abrir"}, {"Volver", "volver"}};
	struct page_paragraph text = {.text = "¿Abrir?"};
	struct page p = {.kind = PAGE_DIALOG,
		.dialog = {.paragraphs = &text,
			.count = 1,
			.buttons = buttons,
			.button_count = 2,
			.safe = 1}};
	struct widget_event e;
	struct widget w;

	(void)state;
	widget_init(&w);
	assert_int_equal(widget_sync(&w, &p), OK);
	assert_int_equal(w.dialog.current, 1);
	assert_true(press(&w, &p, KEYS_LEFT, &e));
	assert_int_equal(widget_sync(&w, &p), OK);
	assert_int_equal(w.dialog.current, 0);
	assert_true(press(&w, &p, KEYS_ESC, &e));
	assert_int_equal(e.kind, WIDGET_PRESSED);
	assert_string_equal(e.key, "volver");
	/* Another question: the safe button again, so that a second Enter opens nothing. */
	assert_true(press(&w, &p, KEYS_LEFT, &e));
	text.text = "¿Firmar?";
	assert_int_equal(widget_sync(&w, &p), OK);
	assert_int_equal(w.dialog.current, 1);
	widget_free(&w);
}

static enum err plain_row(void *context, struct arena *a, size_t row, struct page_row *ret_row)
{
	static const char *const cells[][2] = {{"HOY", "Ofi\x1b"
						       "cio"},
		{NULL, "Multa"}};

	(void)context;
	(void)a;
	*ret_row = (struct page_row){.cells = cells[row], .marked = row == 1};
	return OK;
}

static char *printed(const struct page *p, const struct plain_options *o)
{
	char *text = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);

	assert_non_null(f);
	assert_int_equal(plain_page(f, NULL, p, o), OK);
	(void)fclose(f);
	return text;
}

static void test_plain(void **state)
{
	static const struct page_column columns[] = {{.label = "Vence"}, {.label = "Documento"}};
	static const struct page_column bare[] = {{.label = ""}, {.label = "Documento"}};
	struct page p = {.kind = PAGE_LIST,
		.title = "Notificaciones",
		.list = {.columns = columns, .column_count = 2, .row_count = 2, .row = plain_row}};
	struct plain_options o = {.numbered = true, .labels = true};
	char *text = printed(&p, &o);

	(void)state;
	assert_string_equal(text, "Notificaciones\n1. Vence: HOY; Documento: Oficio\n"
				  "2. (marcada) Documento: Multa\n");
	free(text);
	/* A column without a heading ("nuevo") is not announced by a lone colon. */
	p.list.columns = bare;
	text = printed(&p, &o);
	assert_string_equal(text, "Notificaciones\n1. HOY; Documento: Oficio\n"
				  "2. (marcada) Documento: Multa\n");
	free(text);
	o = (struct plain_options){.first = 1, .count = 1};
	text = printed(&p, &o);
	assert_string_equal(text, "Notificaciones\n(marcada) \tMulta\n");
	free(text);
	p = (struct page){.kind = PAGE_FORM, .form = {.fields = fields, .count = COUNT_OF(fields)}};
	o = (struct plain_options){.numbered = true};
	text = printed(&p, &o);
	assert_string_equal(text, "1. A: uno\n2. S: (no se muestra)\n3. F: fijo\n4. C: (vacío)\n"
				  "   Opciones: Sí; No\n5. Botón: B\n");
	free(text);
}

static void test_ascii(void **state)
{
	(void)state;
	assert_int_equal(ascii_near(0xd1), 'N');
	assert_int_equal(ascii_near(0xfa), 'u');
	assert_int_equal(ascii_near(0x2500), '-');
	assert_int_equal(ascii_near(0x4e00), '?');
}

/* Another part of a page begins at its top; the first is found where it was left. */
static void test_parts(void **state)
{
	struct page page = {.kind = PAGE_TEXT};
	struct widget w;

	(void)state;
	widget_init(&w);
	assert_int_equal(widget_sync(&w, &page), OK);
	w.pager = (struct pager){.top = 30, .count = 90, .height = 10};
	assert_int_equal(widget_sync(&w, &page), OK);
	assert_int_equal(w.pager.top, 30);
	page.part = 1;
	assert_int_equal(widget_sync(&w, &page), OK);
	assert_int_equal(w.pager.top, 0);
	w.pager.top = 5;
	page.part = 2;
	assert_int_equal(widget_sync(&w, &page), OK);
	assert_int_equal(w.pager.top, 0);
	page.part = 0;
	assert_int_equal(widget_sync(&w, &page), OK);
	assert_int_equal(w.pager.top, 30);
	widget_free(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_wrap),
		cmocka_unit_test(test_qr),
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_search),
		cmocka_unit_test(test_widget_search),
		cmocka_unit_test(test_prompt),
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_edit),
		cmocka_unit_test(test_form),
		cmocka_unit_test(test_form_cursor),
		cmocka_unit_test(test_form_memory),
		cmocka_unit_test(test_random_keys),
		cmocka_unit_test(test_dialog),
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_ascii),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
