#define NCURSES_WIDECHAR 1
#define NCURSES_NOMACROS 1
#include <ncurses.h>
/* Both are names of ours too. */
#undef OK
#undef ERR
enum { CURSES_FAILED = -1 };

#include "tui/term.h"

#include <fcntl.h>
#include <langinfo.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>
#include "base/mem.h"
#include "base/utf8.h"
#include "tui/ascii.h"
#include "tui/copy.h"
#include "tui/idle.h"
#include "tui/partial.h"
#include "tui/paste.h"
#include "tui/rescue.h"

#define ESC_LOCAL_MS 25
#define ESC_SSH_MS 75
#define PASTE_ON "\033[?2004h"
#define PASTE_OFF "\033[?2004l"
#define MOUSE_OFF "\033[?1000l\033[?1002l\033[?1003l\033[?1004l\033[?1006l"
/* Past ncurses' own codes and its extended ones. */
#define CODE_PASTE_BEGIN 9000
#define CODE_PASTE_END 9001

struct term {
	SCREEN *screen;
	WINDOW *input; /* a pad: reading a key from it never refreshes the screen */
	bool utf8;
	bool color;
	bool underlines;
	bool brackets; /* the terminal knows bracketed paste */
	bool pasting;
	bool pasted; /* the last event lent the paste out */
	bool ended;
	int wake;
	int epoll;
	int idle;
	int row;
	int col;
	struct paste paste;
	struct partial partial;
	attr_t attrs[TERM_STYLE_COUNT];
	short pairs[TERM_STYLE_COUNT];
	struct termios before;
	char restore[256];
	size_t restore_size;
	size_t reset_size; /* the part of restore that leaves the screen as it is */
};

/* ---- start and end ------------------------------------------------------------------------ */

/* A terminfo string without its padding marks. */
static void add_restore(struct term *t, const char *text)
{
	if (text == NULL || text == (char *)-1)
		return;
	for (; *text != '\0' && t->restore_size < sizeof(t->restore); text++) {
		if (text[0] == '$' && text[1] == '<' && strchr(text, '>') != NULL)
			text = strchr(text, '>');
		else
			t->restore[t->restore_size++] = *text;
	}
}

static void prepare_restore(struct term *t)
{
	static const char *const names[] = {"op", "sgr0", "cnorm", "rmkx"};

	t->restore_size = 0;
	if (t->brackets)
		add_restore(t, PASTE_OFF);
	for (size_t i = 0; i < COUNT_OF(names); i++)
		add_restore(t, tigetstr(names[i]));
	const char *leave = tigetstr("rmcup");

	t->reset_size = t->restore_size;
	add_restore(t, leave);
	/* Without an alternate screen the shell's prompt begins below ours. */
	add_restore(t, leave == NULL || leave == (char *)-1 ? "\r\n" : "\r");
}

static void send(const char *text, size_t size)
{
	(void)fflush(stdout);
	while (size != 0) {
		ssize_t n = write(STDOUT_FILENO, text, size);

		if (n <= 0)
			return;
		text += n;
		size -= (size_t)n;
	}
}

static void arm(struct term *t)
{
	rescue_arm(STDOUT_FILENO, t->restore, t->restore_size, &t->before);
	if (rescue_catch_stderr() != OK)
		return; /* what libraries say then shows on the screen: ugly, not wrong */
}

static bool mono_asked;

void term_mono(bool mono)
{
	mono_asked = mono;
}

static void set_styles(struct term *t)
{
	const char *no_color = getenv("NO_COLOR");

	t->attrs[TERM_MUTED] = A_DIM;
	t->attrs[TERM_BOLD] = t->attrs[TERM_WARNING] = A_BOLD;
	t->attrs[TERM_URGENT] = t->attrs[TERM_DONE] = A_BOLD;
	t->attrs[TERM_FIELD] = A_UNDERLINE;
	t->attrs[TERM_BANNER] = A_REVERSE;
	t->attrs[TERM_QR] = A_REVERSE;
	if (mono_asked || (no_color != NULL && no_color[0] != '\0') || !has_colors() ||
		start_color() == CURSES_FAILED || COLORS < 8 ||
		use_default_colors() == CURSES_FAILED)
		return;
	t->color = true;
	init_pair(1, COLOR_YELLOW, -1);
	init_pair(2, COLOR_RED, -1);
	init_pair(3, COLOR_BLACK, COLOR_WHITE);
	init_pair(4, COLOR_GREEN, -1);
	t->pairs[TERM_WARNING] = 1;
	t->pairs[TERM_URGENT] = 2;
	t->pairs[TERM_QR] = 3;
	t->pairs[TERM_DONE] = 4;
	t->attrs[TERM_QR] = A_NORMAL;
}

/* Keys that terminals send in spite of what their terminfo says (PuTTY, old screens). */
static void define_keys(void)
{
	static const struct {
		const char *bytes;
		int code;
	} more[] = {{"\033[A", KEY_UP}, {"\033[B", KEY_DOWN}, {"\033[C", KEY_RIGHT},
		{"\033[D", KEY_LEFT}, {"\033OA", KEY_UP}, {"\033OB", KEY_DOWN},
		{"\033OC", KEY_RIGHT}, {"\033OD", KEY_LEFT}, {"\033[H", KEY_HOME},
		{"\033[F", KEY_END}, {"\033OH", KEY_HOME}, {"\033OF", KEY_END},
		{"\033[1~", KEY_HOME}, {"\033[4~", KEY_END}, {"\033[7~", KEY_HOME},
		{"\033[8~", KEY_END}, {"\033[3~", KEY_DC}, {"\033[5~", KEY_PPAGE},
		{"\033[6~", KEY_NPAGE}, {"\033[Z", KEY_BTAB}, {"\033OM", KEY_ENTER},
		{"\033[200~", CODE_PASTE_BEGIN}, {"\033[201~", CODE_PASTE_END}};

	for (size_t i = 0; i < COUNT_OF(more); i++)
		(void)define_key(more[i].bytes, more[i].code);
}

static enum err open_screen(struct term *t)
{
	const char *name = getenv("TERM");

	if (isatty(STDIN_FILENO) == 0 || isatty(STDOUT_FILENO) == 0 || name == NULL ||
		name[0] == '\0' || strcmp(name, "dumb") == 0 ||
		tcgetattr(STDIN_FILENO, &t->before) != 0)
		return ERR_NO_TERMINAL;
	use_tioctl(TRUE);
	t->screen = newterm(NULL, stdout, stdin);
	if (t->screen == NULL)
		return ERR_NO_TERMINAL;
	const char *move_cursor = tigetstr("cup");

	if (move_cursor == NULL || move_cursor == (char *)-1)
		return ERR_NO_TERMINAL;
	t->input = newpad(1, 1);
	return t->input != NULL ? OK : ERR_NO_MEMORY;
}

static void set_modes(struct term *t)
{
	(void)cbreak();
	(void)noecho();
	(void)nonl();
	(void)idlok(stdscr, TRUE);
	(void)typeahead(-1);
	(void)intrflush(stdscr, FALSE);
	(void)set_escdelay(getenv("SSH_CONNECTION") != NULL ? ESC_SSH_MS : ESC_LOCAL_MS);
	(void)nodelay(t->input, TRUE);
	(void)keypad(t->input, TRUE);
	define_keys();
	set_styles(t);
	t->underlines = t->utf8 && (termattrs() & A_UNDERLINE) != 0;
	t->brackets = paste_known(getenv("TERM"));
	prepare_restore(t);
	if (t->brackets)
		send(PASTE_ON, sizeof(PASTE_ON) - 1);
}

static bool watch_inputs(struct term *t)
{
	struct epoll_event in = {.events = EPOLLIN};

	t->wake = rescue_watch();
	t->epoll = t->wake >= 0 ? epoll_create1(EPOLL_CLOEXEC) : -1;
	return t->epoll >= 0 && epoll_ctl(t->epoll, EPOLL_CTL_ADD, STDIN_FILENO, &in) == 0 &&
	       epoll_ctl(t->epoll, EPOLL_CTL_ADD, t->wake, &in) == 0;
}

enum err term_start(struct term **ret_term)
{
	struct term *t = mem_zalloc(sizeof(*t));

	if (t == NULL)
		return ERR_NO_MEMORY;
	t->wake = -1;
	t->epoll = -1;
	t->idle = idle_open();
	t->utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	/* Our handlers first: ncurses leaves a signal alone that has one. */
	bool watched = watch_inputs(t);
	enum err e = watched ? open_screen(t) : ERR_NO_TERMINAL;

	if (e != OK) {
		term_stop(t);
		return e;
	}
	set_modes(t);
	arm(t);
	*ret_term = t;
	return OK;
}

void term_stop(struct term *t)
{
	if (t == NULL)
		return;
	if (t->screen != NULL) {
		if (t->brackets)
			send(PASTE_OFF, sizeof(PASTE_OFF) - 1);
		if (t->input != NULL)
			(void)delwin(t->input);
		(void)endwin();
		delscreen(t->screen);
		(void)tcsetattr(STDIN_FILENO, TCSANOW, &t->before);
	}
	rescue_disarm();
	rescue_free_stderr();
	rescue_unwatch();
	if (t->epoll >= 0)
		(void)close(t->epoll);
	paste_drop(&t->paste);
	mem_free(t);
}

void term_suspend(struct term *t)
{
	if (t->brackets)
		send(PASTE_OFF, sizeof(PASTE_OFF) - 1);
	(void)endwin();
	(void)fflush(stdout);
	rescue_disarm();
	rescue_free_stderr();
}

static void take_size(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row != 0 && size.ws_col != 0 &&
		(size.ws_row != LINES || size.ws_col != COLS))
		(void)resize_term(size.ws_row, size.ws_col);
}

void term_resume(struct term *t)
{
	arm(t);
	take_size();
	/* Whoever had it may have died in any state: colours, hidden cursor, mouse, focus. */
	send(t->restore, t->reset_size);
	if (t->brackets)
		send(MOUSE_OFF, sizeof(MOUSE_OFF) - 1);
	if (t->brackets)
		send(PASTE_ON, sizeof(PASTE_ON) - 1);
	(void)clearok(curscr, TRUE);
	term_flush(t);
}

/* ---- keys --------------------------------------------------------------------------------- */

int term_fd(const struct term *t)
{
	return t->epoll;
}

void term_idle(struct term *t)
{
	struct pollfd p = {.fd = STDIN_FILENO, .events = POLLIN};

	/* A key that came meanwhile is something left to do. FIONREAD would not see one that the
	 * kernel still carries from the line to us; poll waits for it. */
	if (poll(&p, 1, 0) <= 0)
		idle_tell(t->idle);
}

static uint32_t named_key(wint_t code)
{
	static const struct {
		int code;
		uint32_t key;
	} named[] = {{KEY_UP, KEYS_UP}, {KEY_DOWN, KEYS_DOWN}, {KEY_LEFT, KEYS_LEFT},
		{KEY_RIGHT, KEYS_RIGHT}, {KEY_HOME, KEYS_HOME}, {KEY_FIND, KEYS_HOME},
		{KEY_END, KEYS_END}, {KEY_SELECT, KEYS_END}, {KEY_PPAGE, KEYS_PGUP},
		{KEY_NPAGE, KEYS_PGDN}, {KEY_BTAB, KEYS_BACKTAB}, {KEY_BACKSPACE, KEYS_BACKSPACE},
		{KEY_DC, KEYS_DELETE}, {KEY_IC, KEYS_INSERT}, {KEY_ENTER, KEYS_ENTER}};

	if (code >= (wint_t)KEY_F(1) && code <= (wint_t)KEY_F(12))
		return KEYS_F1 + (code - (wint_t)KEY_F(1));
	for (size_t i = 0; i < COUNT_OF(named); i++)
		if ((wint_t)named[i].code == code)
			return named[i].key;
	return KEYS_NONE;
}

/* 0: *ret_code is a character or, where *ret_named, a code of ncurses; CURSES_FAILED: nothing. */
static int read_code(struct term *t, wint_t *ret_code, bool *ret_named)
{
	int got;

	if (t->utf8) {
		got = wget_wch(t->input, ret_code);
		*ret_named = got == KEY_CODE_YES;
		return got == CURSES_FAILED ? CURSES_FAILED : 0;
	}
	for (;;) {
		uint32_t c;

		got = wgetch(t->input);
		if (got == CURSES_FAILED)
			return CURSES_FAILED;
		*ret_code = (wint_t)got;
		*ret_named = got > 0xff;
		if (*ret_named)
			return 0;
		if (partial_add(&t->partial, (unsigned char)got, &c)) {
			*ret_code = (wint_t)c;
			return 0;
		}
	}
}

static bool end_paste(struct term *t, struct key_event *ret_event)
{
	t->pasting = false;
	if (t->paste.text == NULL)
		return false;
	t->pasted = true;
	*ret_event = (struct key_event){
		.kind = KEY_KIND_PASTE, .text = t->paste.text, .size = t->paste.size};
	return true;
}

/* ncurses says ERR for "nothing" and for "gone" alike. */
static bool gone(void)
{
	struct pollfd p = {.fd = STDIN_FILENO, .events = POLLIN};
	int waiting = 0;

	if (poll(&p, 1, 0) <= 0)
		return false;
	if ((p.revents & (POLLHUP | POLLERR | POLLNVAL)) != 0)
		return true;
	return ioctl(STDIN_FILENO, FIONREAD, &waiting) != 0 || waiting == 0;
}

/* Ctrl-Z and changes of size. */
static bool take_notes(struct term *t)
{
	char notes[64];
	ssize_t n = read(t->wake, notes, sizeof(notes));

	if (n <= 0)
		return false;
	if (memchr(notes, 'z', (size_t)n) != NULL) {
		term_suspend(t);
		rescue_stop_here();
		term_resume(t);
	} else {
		take_size();
		(void)clearok(curscr, TRUE);
	}
	return true;
}

bool term_key(struct term *t, struct key_event *ret_event)
{
	wint_t code = 0;
	bool named = false;

	if (t->pasted)
		paste_drop(&t->paste);
	t->pasted = false;
	if (take_notes(t)) {
		*ret_event = (struct key_event){.kind = KEY_KIND_RESIZE};
		return true;
	}
	while (!t->ended && read_code(t, &code, &named) != CURSES_FAILED) {
		if (named && code == CODE_PASTE_BEGIN) {
			paste_drop(&t->paste);
			t->pasting = true;
		} else if (named && code == CODE_PASTE_END) {
			if (end_paste(t, ret_event))
				return true;
		} else if (t->pasting) {
			if (!named)
				paste_add(&t->paste, code == '\r' ? '\n' : code);
		} else {
			uint32_t key = named ? named_key(code) : keys_of_char(code);

			if (key == KEYS_NONE)
				continue;
			*ret_event = (struct key_event){.kind = KEY_KIND_KEY, .key = key};
			return true;
		}
	}
	if (t->ended || !gone())
		return false;
	t->ended = true;
	*ret_event = (struct key_event){.kind = KEY_KIND_EOF};
	return true;
}

/* ---- cells -------------------------------------------------------------------------------- */

struct term_size term_size(const struct term *t)
{
	(void)t;
	return (struct term_size){.rows = LINES, .cols = COLS};
}

bool term_utf8(const struct term *t)
{
	return t->utf8;
}

bool term_color(const struct term *t)
{
	return t->color;
}

bool term_underlines(const struct term *t)
{
	return t->underlines;
}

void term_erase(struct term *t)
{
	(void)t;
	(void)werase(stdscr);
}

/* The next character of the text that may reach a cell, as this locale can show it; 0 at the end.
 */
static wchar_t next_char(bool utf8, const char **text)
{
	while (**text != '\0') {
		uint32_t c = 0xfffd;
		size_t n = utf8_decode(*text, strnlen(*text, 4), &c);

		*text += n != 0 ? n : 1;
		if (c == '\t' || c == '\n')
			c = ' ';
		if (utf8_harmful(c))
			continue;
		if (!utf8 && c > 0x7f && wctob((wint_t)c) == EOF)
			c = (unsigned char)ascii_near(c);
		return (wchar_t)c;
	}
	return L'\0';
}

int term_width(const char *text)
{
	bool utf8 = MB_CUR_MAX > 1;
	int cells = 0;
	wchar_t c;

	while ((c = next_char(utf8, &text)) != L'\0')
		cells += wcwidth(c) > 0 ? wcwidth(c) : 0;
	return cells;
}

static void set_style(struct term *t, enum term_style style)
{
	(void)attr_set(t->attrs[style], t->pairs[style], NULL);
}

int term_put(struct term *t, int row, int col, int width, const char *text, enum term_style style)
{
	wchar_t line[512];
	size_t n = 0;
	int used = 0;
	wchar_t c;

	if (row < 0 || row >= LINES || col < 0 || col >= COLS)
		return 0;
	width = width < COLS - col ? width : COLS - col;
	while (n < COUNT_OF(line) && (c = next_char(t->utf8, &text)) != L'\0') {
		int w = wcwidth(c);

		if (w < 0 || (w == 0 && n == 0))
			continue;
		if (used + w > width)
			break;
		line[n++] = c;
		used += w;
	}
	if (n == 0)
		return 0;
	set_style(t, style);
	(void)mvaddnwstr(row, col, line, (int)n);
	set_style(t, TERM_NORMAL);
	return used;
}

void term_blank(struct term *t, int row, int col, int width, enum term_style style)
{
	if (row < 0 || row >= LINES || col < 0 || col >= COLS)
		return;
	width = width < COLS - col ? width : COLS - col;
	set_style(t, style);
	for (int i = 0; i < width; i++)
		(void)mvaddch(row, col + i, ' ');
	set_style(t, TERM_NORMAL);
}

bool term_shows(const struct term *t, int row, int col, const char *text)
{
	wchar_t in[CCHARW_MAX + 1] = {0};
	cchar_t cell;
	attr_t attrs;
	short pair;

	if (row < 0 || row >= LINES || col < 0 || col >= COLS ||
		mvin_wch(row, col, &cell) == CURSES_FAILED ||
		getcchar(&cell, in, &attrs, &pair, NULL) == CURSES_FAILED)
		return false;
	return in[0] == next_char(t->utf8, &text);
}

void term_cursor(struct term *t, int row, int col)
{
	t->row = row;
	t->col = col;
}

void term_flush(struct term *t)
{
	int row = t->row < LINES ? t->row : LINES - 1;
	int col = t->col < COLS ? t->col : COLS - 1;

	(void)move(row > 0 ? row : 0, col > 0 ? col : 0);
	(void)wnoutrefresh(stdscr);
	(void)doupdate();
}

void term_redraw(struct term *t)
{
	(void)t;
	(void)clearok(curscr, TRUE);
}

void term_bell(struct term *t)
{
	(void)t;
	(void)beep();
}

enum err term_copy(struct term *t, const char *text)
{
	ARENA(a, 8 * COPY_MAX);
	const struct copy_env env = {getenv("TERM"), getenv("TMUX") != NULL, getenv("STY") != NULL};
	const char *sequence = NULL;
	enum err e = copy_sequence(&a, &env, text, &sequence);

	(void)t;
	if (e == OK)
		send(sequence, strlen(sequence));
	return e;
}
