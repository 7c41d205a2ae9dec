/*
 * The words of a PDF (ISO 32000-1, 7.2 and 7.3), read forwards from any offset of a file that need
 * not be in memory. Only pdf_check.c uses it.
 */
#ifndef LEY_PDF_LEX_H
#define LEY_PDF_LEX_H

#include <stdbool.h>
#include "ley/pdf_check.h"

#define PDF_LEX_WINDOW 4096
#define PDF_LEX_WORD 64 /* of a name or keyword; longer ones are none that matter, and are cut */

enum pdf_word {
	PDF_WORD_END, /* of the file, or of the reader's patience, or an error: `err` tells */
	PDF_WORD_NUMBER,
	PDF_WORD_NAME,
	PDF_WORD_KEYWORD,
	PDF_WORD_STRING,
	PDF_WORD_DICT,	    /* << */
	PDF_WORD_DICT_END,  /* >> */
	PDF_WORD_ARRAY,	    /* [ */
	PDF_WORD_ARRAY_END, /* ] */
};

struct pdf_lex {
	const struct pdf_fuente *f;
	int64_t at;
	int64_t left; /* bytes that may still be read: what loops ends */
	enum err err;
	unsigned char window[PDF_LEX_WINDOW];
	int64_t window_at;
	size_t window_size;
	/* The word: its text without its slash, a number's value (whole and not negative, else -1).
	 */
	char text[PDF_LEX_WORD];
	int64_t number;
};

void pdf_lex_begin(struct pdf_lex *l, const struct pdf_fuente *f, int64_t patience);
/* The byte at l->at, and on; -1 at the end. */
int pdf_lex_byte(struct pdf_lex *l);
enum pdf_word pdf_lex_word(struct pdf_lex *l);

#endif
