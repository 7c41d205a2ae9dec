#include "ley/pdf_lex.h"

#include <string.h>

void pdf_lex_begin(struct pdf_lex *l, const struct pdf_fuente *f, int64_t patience)
{
	*l = (struct pdf_lex){.f = f, .left = patience};
}

static bool fill(struct pdf_lex *l)
{
	int64_t left = l->f->size - l->at;
	size_t size = left < PDF_LEX_WINDOW ? (size_t)left : PDF_LEX_WINDOW;

	l->window_size = 0;
	l->err = l->f->read(l->f->ctx, l->at, size, l->window);
	if (l->err != OK)
		return false;
	l->window_at = l->at;
	l->window_size = size;
	return true;
}

int pdf_lex_byte(struct pdf_lex *l)
{
	if (l->err != OK || l->at < 0 || l->at >= l->f->size || l->left-- <= 0)
		return -1;
	bool here = l->window_size != 0 && l->at >= l->window_at &&
		    l->at < l->window_at + (int64_t)l->window_size;

	if (!here && !fill(l))
		return -1;
	return l->window[l->at++ - l->window_at];
}

/* The byte that was read is read again. */
static void back(struct pdf_lex *l, int c)
{
	if (c >= 0)
		l->at--;
}

static bool is_blank(int c)
{
	return c == 0 || c == '\t' || c == '\n' || c == '\f' || c == '\r' || c == ' ';
}

static bool is_regular(int c)
{
	return c > 0 && !is_blank(c) && strchr("()<>[]{}/%", c) == NULL;
}

/* Blanks and comments; the first byte behind them. */
static int skip(struct pdf_lex *l)
{
	int c = pdf_lex_byte(l);

	for (;;) {
		while (is_blank(c))
			c = pdf_lex_byte(l);
		if (c != '%')
			return c;
		while (c >= 0 && c != '\n' && c != '\r')
			c = pdf_lex_byte(l);
	}
}

static int hex(int c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Parentheses nest; a backslash takes the next byte's meaning away. */
static enum pdf_word string(struct pdf_lex *l)
{
	int64_t depth = 1;

	while (depth > 0) {
		int c = pdf_lex_byte(l);

		if (c == '\\')
			c = pdf_lex_byte(l) >= 0 ? 'x' : -1;
		if (c < 0)
			return PDF_WORD_END;
		depth += c == '(';
		depth -= c == ')';
	}
	return PDF_WORD_STRING;
}

static enum pdf_word hex_string(struct pdf_lex *l)
{
	int c;

	do
		c = pdf_lex_byte(l);
	while (is_blank(c) || hex(c) >= 0);
	return c == '>' ? PDF_WORD_STRING : PDF_WORD_END;
}

/* /En#63rypt is /Encrypt (7.3.5). */
static enum pdf_word name(struct pdf_lex *l)
{
	size_t n = 0;
	int c = pdf_lex_byte(l);

	for (; is_regular(c); c = pdf_lex_byte(l)) {
		if (c == '#') {
			int high = hex(pdf_lex_byte(l));
			int low = hex(pdf_lex_byte(l));

			if (high < 0 || low < 0)
				return PDF_WORD_END;
			c = high * 16 + low;
		}
		if (n < sizeof(l->text) - 1)
			l->text[n++] = (char)c;
	}
	back(l, c);
	l->text[n] = '\0';
	return PDF_WORD_NAME;
}

/* Digits alone make a value; signs and points a number that is none that matters here. */
static enum pdf_word number_or_keyword(struct pdf_lex *l)
{
	size_t size = strlen(l->text);

	l->number = -1;
	if (strspn(l->text, "+-.0123456789") != size)
		return PDF_WORD_KEYWORD;
	if (strspn(l->text, "0123456789") != size || size > 15)
		return PDF_WORD_NUMBER;
	l->number = 0;
	for (const char *p = l->text; *p != '\0'; p++)
		l->number = l->number * 10 + (*p - '0');
	return PDF_WORD_NUMBER;
}

static enum pdf_word regular(struct pdf_lex *l, int c)
{
	size_t n = 0;

	for (; is_regular(c); c = pdf_lex_byte(l))
		if (n < sizeof(l->text) - 1)
			l->text[n++] = (char)c;
	back(l, c);
	l->text[n] = '\0';
	return n != 0 ? number_or_keyword(l) : PDF_WORD_END;
}

enum pdf_word pdf_lex_word(struct pdf_lex *l)
{
	int c = skip(l);

	switch (c) {
	case '(':
		return string(l);
	case '/':
		return name(l);
	case '[':
		return PDF_WORD_ARRAY;
	case ']':
		return PDF_WORD_ARRAY_END;
	case '<':
		c = pdf_lex_byte(l);
		if (c == '<')
			return PDF_WORD_DICT;
		back(l, c);
		return hex_string(l);
	case '>':
		return pdf_lex_byte(l) == '>' ? PDF_WORD_DICT_END : PDF_WORD_END;
	default:
		return regular(l, c);
	}
}
