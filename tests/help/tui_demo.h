/*
 * A small program of pages for the tests of the toolkit: run it in the child of a vt.
 */
#ifndef TESTS_HELP_TUI_DEMO_H
#define TESTS_HELP_TUI_DEMO_H

enum demo { DEMO_LIST, DEMO_FORM, DEMO_DIALOG, DEMO_TEXT, DEMO_EMPTY, DEMO_NO_HANGUP, DEMO_MONO };

/*
 * DEMO_MONO is the dialog where the person asked for no colours. `context` is an enum demo *. Its
 * exit code: 0 after q, 7 at the end of input, 27 after Esc, 40 + n where button n was pressed (the
 * form: 60 where the RFC is FÑA010203AB1, else 61), 55 after S where the password has five bytes,
 * 69 without a terminal, 96 where n finds nothing, 97 where a list asked for rows it doesn't show.
 */
int tui_demo(void *context);

#endif
