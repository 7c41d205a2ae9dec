/*
 * What the line mode keeps between two lines: what was printed (a number means the row that the
 * person heard, not the one that is there now) and what is being asked.
 */
#ifndef APP_LLANO_STATE_H
#define APP_LLANO_STATE_H

#include "app/app.h"
#include "app/llano.h"
#include "app/paint.h"
#include "tui/echo.h"
#include "tui/line_in.h"
#include "tui/lines_out.h"

#define LLANO_SAID 512 /* paragraphs that are remembered as said */

enum llano_ask {
	LLANO_ORDER,  /* what to do: a number, a name, a key */
	LLANO_FIELD,  /* `field` of the form */
	LLANO_AREA,   /* another line of it */
	LLANO_DIALOG, /* one of the buttons */
	LLANO_WORD,   /* the word of button `field`, to be sure */
	LLANO_PROMPT, /* what the screen asked for: a search */
};

/* What was printed last. */
struct llano_printed {
	uint64_t page; /* which one, by llano_print_id; 0: none */
	uint64_t who;  /* the heading with whose mail it is */
	enum screen hints;
	size_t first; /* rows or lines of the part: from here */
	size_t end;
	size_t total;
	size_t selected;		 /* row of a list */
	size_t found;			 /* line of a text that a search led to */
	uint64_t rows[LLANO_LINES_MOST]; /* of the part, as they read */
	uint64_t said[LLANO_SAID];
	size_t said_count;
	uint64_t question; /* of a dialog, as dialog.shown */
	char status[256];
};

/* What was known when it was last told. */
struct llano_known {
	const struct cuenta *cuenta;
	size_t rows;
	uint64_t buzon; /* of media, representations and activation, as the page tells them */
	char acuse[MODEL_FOLIO];
};

struct llano {
	struct app app;
	struct paint paint;
	struct line_in in;
	struct lines_out out;
	struct echo echo;
	int idle;
	size_t lines;
	bool held;	  /* lines that were read wait for an answer */
	bool owed;	  /* the person acted: what came of it is printed when it is there */
	bool asked_state; /* the line's state is told when it changes */
	bool again;	  /* the whole page, whatever was said of it */
	struct llano_printed printed;
	struct llano_known known;
	enum llano_ask ask;
	size_t field;
	bool through; /* field after field */
	struct edit area;
	size_t area_lines;
};

/* Is an answer of the network or the worker awaited before the page is worth printing? */
bool llano_waits(const struct llano *s);
/* The page as it is now; nothing is printed. */
void llano_make(struct llano *s);

#endif
