/*
 * A program (or a function in a child) on a real pty, with libvterm as the terminal.
 *
 * Nothing polls or sleeps: vt_wait_idle waits for the byte that the program writes to
 * BUZON_IDLE_FD each time it has nothing left to do. The terminal's queries are answered.
 */
#ifndef TESTS_HELP_VT_H
#define TESTS_HELP_VT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * How long what must come is waited for: a machine may be very busy. Less than the client's own
 * limit of a request (30 s), so that one who waits for the network where it should not is seen.
 */
#define VT_MS 25000

struct vt;

/*
 * Runs argv[0] (looked up in PATH) with exactly envp (BUZON_IDLE_FD is added) on a terminal of
 * that size. stderr is the terminal too. NULL where it can't.
 */
struct vt *vt_start(char *const argv[], char *const envp[], int rows, int cols);
/* The same for a function of the test: the child exits with what it returns. */
struct vt *vt_start_child(
	int (*child)(void *context), void *context, char *const envp[], int rows, int cols);
/* Types bytes; "\r" is Enter, "\x1b[B" the down arrow. False where the program is gone. */
bool vt_send(struct vt *vt, const char *bytes);
/*
 * Until the program is idle after all that was sent (it read everything and wrote the byte), or
 * ended. False when `ms` pass first.
 */
bool vt_wait_idle(struct vt *vt, int ms);
/* The same where no key was sent: at once, if it is idle and has written nothing since. */
bool vt_settle(struct vt *vt, int ms);
/* Until the screen contains the text (idle or not). */
bool vt_wait_text(struct vt *vt, const char *text, int ms);
/* vt_send + vt_wait_idle(VT_MS); the bytes that the program sent meanwhile, -1 on failure. */
long vt_key(struct vt *vt, const char *bytes);
/* Row n (0 = top) without trailing blanks, and the whole screen, rows ended by '\n'; until the next
 * call. */
const char *vt_row(struct vt *vt, int n);
const char *vt_screen(struct vt *vt);
bool vt_contains(struct vt *vt, const char *text);
void vt_cursor(struct vt *vt, int *ret_row, int *ret_col);
/* Has any cell of the row the attribute? 'b' bold, 'u' underlined, 'r' reverse, 'c' a colour */
bool vt_row_has(struct vt *vt, int row, char attribute);
/* Bytes from the program since the start, and the bytes themselves (the last 64 KiB). */
size_t vt_bytes(const struct vt *vt);
const char *vt_raw(const struct vt *vt, size_t *ret_size);
/* Is the alternate screen up? Is bracketed paste on? */
bool vt_altscreen(const struct vt *vt);
bool vt_cursor_shown(const struct vt *vt);
/* Does the terminal send mouse events? */
bool vt_mouse(const struct vt *vt);
void vt_resize(struct vt *vt, int rows, int cols);
void vt_signal(struct vt *vt, int number);
/* Closes the terminal, as a lost line does. */
void vt_hang_up(struct vt *vt);
pid_t vt_pid(const struct vt *vt);
/* The terminal's settings as the program left them (ECHO and ICANON on = given back). */
bool vt_is_cooked(const struct vt *vt);
/*
 * Waits for its end (VT_MS, then SIGKILL): the exit code, 128 + signal, or -1 when it had to be
 * killed. The screen can still be read.
 */
int vt_end(struct vt *vt);
/* ms of processor that it used, all in all; after vt_end. */
long vt_cpu(const struct vt *vt);
/* vt_end and frees. */
int vt_close(struct vt *vt);

#endif
