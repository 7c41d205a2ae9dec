/*
 * Other programs, run without a shell: one that turns bytes into text, one that shows a file, one
 * that gets the terminal until it ends.
 */
#ifndef APP_PROGRAM_H
#define APP_PROGRAM_H

#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"

/*
 * Feeds `input` to the program and takes what it writes, up to `limit` bytes (the rest is dropped),
 * for `timeout_ms` at most; then it is killed. It gets no terminal. ERR_NO_FILE (not installed),
 * ERR_TIMEOUT, ERR_IO (it failed), ERR_NO_MEMORY.
 */
enum err program_filter(struct arena *a, const char *const *argv, struct bytes input, size_t limit,
	int timeout_ms, struct bytes *ret) MUST_CHECK;
/*
 * Gives the terminal to a program, in a process group of its own, until it ends: Ctrl-C there is
 * not for us, its Ctrl-Z stops us too. `input`, unless its data is NULL, is its stdin (in memory,
 * no file). SIGTERM, SIGHUP, SIGINT and SIGQUIT that come to us meanwhile are passed on, and reach
 * us when it ended (2 s, then it is killed). term_suspend before, term_resume after. *ret_status:
 * exit code, or 128 + the signal it died by. ERR_NO_FILE (not installed), ERR_IO, ERR_NO_MEMORY.
 */
enum err program_foreground(
	const char *const *argv, struct bytes input, int *ret_status) MUST_CHECK;
/* Starts a program that goes on by itself, without our terminal. ERR_NO_FILE: not installed. */
enum err program_detach(const char *const *argv) MUST_CHECK;

#endif
