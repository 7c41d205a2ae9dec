#include "ley/pdf_check.h"

#include <string.h>
#include "ley/pdf_lex.h"

enum {
	TAIL = 1024,	/* in which the file's end is looked for (Acrobat does the same) */
	SECTIONS = 512, /* of one file: each later saving adds one */
	DEPTH = 32,	/* of what stands inside a trailer */
};

/* What a trailer says that matters here. */
struct trailer {
	bool encrypted;
	bool root;
	bool xref_stream; /* /Type /XRef */
	int64_t size;
	int64_t previous; /* -1: none */
	int64_t stream;	  /* of a hybrid file (7.5.8.4); -1: none */
};

struct check {
	struct pdf_lex lex;
	int64_t seen[SECTIONS];
	size_t count;
	bool root;
};

static bool word_is(struct pdf_lex *l, const char *text)
{
	return pdf_lex_word(l) == PDF_WORD_KEYWORD && strcmp(l->text, text) == 0;
}

/* ---- dictionaries ---- */

/* A value that does not matter; what it opens must be closed. */
static bool skip_value(struct pdf_lex *l, enum pdf_word w)
{
	enum pdf_word open[DEPTH];
	size_t depth = 0;

	for (;;) {
		if (w == PDF_WORD_END)
			return false;
		if (w == PDF_WORD_DICT || w == PDF_WORD_ARRAY) {
			if (depth == DEPTH)
				return false;
			open[depth++] = w == PDF_WORD_DICT ? PDF_WORD_DICT_END : PDF_WORD_ARRAY_END;
		}
		if ((w == PDF_WORD_DICT_END || w == PDF_WORD_ARRAY_END) &&
			(depth == 0 || open[--depth] != w))
			return false;
		if (depth == 0)
			return true;
		w = pdf_lex_word(l);
	}
}

/* Behind "12": is it "12 0 R"? Else what was read is read again. */
static bool is_reference(struct pdf_lex *l)
{
	int64_t at = l->at;

	if (pdf_lex_word(l) == PDF_WORD_NUMBER && word_is(l, "R"))
		return true;
	l->at = at;
	return false;
}

static bool take_value(struct pdf_lex *l, const char *key, struct trailer *t)
{
	enum pdf_word w = pdf_lex_word(l);
	int64_t number = w == PDF_WORD_NUMBER ? l->number : -1;
	bool reference = number >= 0 && is_reference(l);

	if (strcmp(key, "Encrypt") == 0)
		t->encrypted = true;
	if (strcmp(key, "Root") == 0)
		t->root = reference;
	if (strcmp(key, "Type") == 0)
		t->xref_stream = w == PDF_WORD_NAME && strcmp(l->text, "XRef") == 0;
	if (strcmp(key, "Size") == 0 && !reference)
		t->size = number;
	/* An offset that is none leads nowhere. */
	if (strcmp(key, "Prev") == 0)
		t->previous = number < 0 || reference ? l->f->size : number;
	if (strcmp(key, "XRefStm") == 0)
		t->stream = number < 0 || reference ? l->f->size : number;
	return skip_value(l, w);
}

static bool take_trailer(struct pdf_lex *l, struct trailer *t)
{
	char key[PDF_LEX_WORD];

	*t = (struct trailer){.size = -1, .previous = -1, .stream = -1};
	if (pdf_lex_word(l) != PDF_WORD_DICT)
		return false;
	for (;;) {
		enum pdf_word w = pdf_lex_word(l);

		if (w == PDF_WORD_DICT_END)
			return t->size > 0;
		if (w != PDF_WORD_NAME)
			return false;
		memcpy(key, l->text, sizeof(key));
		if (!take_value(l, key, t))
			return false;
	}
}

/* ---- cross-reference sections ---- */

/* "0000000017 00000 n" as often as its head says. */
static bool take_entries(struct pdf_lex *l, int64_t count)
{
	for (int64_t i = 0; i < count; i++) {
		if (pdf_lex_word(l) != PDF_WORD_NUMBER || l->number < 0 ||
			l->number > l->f->size * 2 + INT32_MAX ||
			pdf_lex_word(l) != PDF_WORD_NUMBER || l->number < 0)
			return false;
		if (pdf_lex_word(l) != PDF_WORD_KEYWORD ||
			(strcmp(l->text, "n") != 0 && strcmp(l->text, "f") != 0))
			return false;
	}
	return true;
}

/* Behind the word "xref": subsections, then a trailer (7.5.4, 7.5.5). */
static bool take_table(struct pdf_lex *l, struct trailer *t)
{
	for (;;) {
		enum pdf_word w = pdf_lex_word(l);

		if (w == PDF_WORD_KEYWORD && strcmp(l->text, "trailer") == 0)
			return take_trailer(l, t);
		if (w != PDF_WORD_NUMBER || l->number < 0 || pdf_lex_word(l) != PDF_WORD_NUMBER ||
			l->number < 0 || !take_entries(l, l->number))
			return false;
	}
}

/* Behind its object's number (7.5.8). */
static bool take_stream(struct pdf_lex *l, struct trailer *t)
{
	return pdf_lex_word(l) == PDF_WORD_NUMBER && word_is(l, "obj") && take_trailer(l, t) &&
	       t->xref_stream && word_is(l, "stream");
}

static enum err take_section(struct check *c, int64_t at, struct trailer *t)
{
	struct pdf_lex *l = &c->lex;
	bool fine = false;

	*t = (struct trailer){.previous = -1, .stream = -1};
	if (at < 1 || at >= l->f->size || c->count == SECTIONS)
		return ERR_BAD_PDF;
	for (size_t i = 0; i < c->count; i++)
		if (c->seen[i] == at)
			return ERR_BAD_PDF;
	c->seen[c->count++] = at;
	l->at = at;
	enum pdf_word w = pdf_lex_word(l);

	if (w == PDF_WORD_KEYWORD && strcmp(l->text, "xref") == 0)
		fine = take_table(l, t);
	else if (w == PDF_WORD_NUMBER)
		fine = take_stream(l, t);
	if (l->err != OK)
		return l->err;
	if (!fine)
		return ERR_BAD_PDF;
	c->root = c->root || t->root;
	return t->encrypted ? ERR_PDF_ENCRYPTED : OK;
}

/* From the newest back to the first. */
static enum err take_sections(struct check *c, int64_t at)
{
	struct trailer t;
	struct trailer hybrid;
	enum err e = OK;

	while (e == OK && at >= 0) {
		e = take_section(c, at, &t);
		if (e == OK && t.stream >= 0)
			e = take_section(c, t.stream, &hybrid);
		at = t.previous;
	}
	return e != OK || c->root ? e : ERR_BAD_PDF;
}

/* ---- both ends ---- */

/* Where the last `word` of those bytes begins; NULL: nowhere. */
static const unsigned char *last_of(const unsigned char *from, size_t size, const char *word)
{
	size_t n = strlen(word);

	for (size_t i = size >= n ? size - n + 1 : 0; i-- > 0;)
		if (memcmp(from + i, word, n) == 0)
			return from + i;
	return NULL;
}

/* "startxref", an offset, "%%EOF", and blanks at most. */
static enum err find_start(const struct pdf_fuente *f, int64_t *ret_at)
{
	static const char blanks[] = "\t\n\f\r ";
	unsigned char tail[TAIL + 1];
	size_t size = f->size < TAIL ? (size_t)f->size : TAIL;
	enum err e = f->read(f->ctx, f->size - (int64_t)size, size, tail);

	if (e != OK)
		return e;
	while (size != 0 && (tail[size - 1] == '\0' || strchr(blanks, tail[size - 1]) != NULL))
		size--;
	if (size < 5 || memcmp(tail + size - 5, "%%EOF", 5) != 0)
		return ERR_BAD_PDF;
	tail[size - 5] = '\0';
	const unsigned char *word = last_of(tail, size - 5, "startxref");

	if (word == NULL)
		return ERR_BAD_PDF;
	const char *digits = (const char *)word + strlen("startxref");

	digits += strspn(digits, blanks);
	size_t count = strspn(digits, "0123456789");

	if (count == 0 || count > 12 || digits[count + strspn(digits + count, blanks)] != '\0')
		return ERR_BAD_PDF;
	*ret_at = 0;
	for (size_t i = 0; i < count; i++)
		*ret_at = *ret_at * 10 + (digits[i] - '0');
	return OK;
}

enum err pdf_check(const struct pdf_fuente *f)
{
	unsigned char head[8];
	struct check c = {0};
	int64_t at = 0;

	if (f->size < (int64_t)sizeof(head))
		return ERR_BAD_PDF;
	enum err e = f->read(f->ctx, 0, sizeof(head), head);

	if (e == OK && (memcmp(head, "%PDF-", 5) != 0 || head[5] < '1' || head[5] > '2'))
		e = ERR_BAD_PDF;
	if (e == OK)
		e = find_start(f, &at);
	/* No section overlaps another in a sound file. */
	pdf_lex_begin(&c.lex, f, f->size * 2 + PDF_LEX_WINDOW);
	return e == OK ? take_sections(&c, at) : e;
}

static enum err read_bytes(void *ctx, int64_t at, size_t size, unsigned char *to)
{
	const struct bytes *b = ctx;

	memcpy(to, b->data + at, size);
	return OK;
}

enum err pdf_check_bytes(struct bytes pdf)
{
	struct pdf_fuente f = {.size = (int64_t)pdf.size, .read = read_bytes, .ctx = &pdf};

	return pdf_check(&f);
}
