#include "tests/help/vt.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include <vterm.h>

#define RAW_KEPT 65536

extern char **environ;

struct vt {
	VTerm *vterm;
	VTermScreen *screen;
	int master;
	int idle;
	pid_t pid;
	bool gone;   /* the program closed the terminal */
	bool reaped; /* status is known */
	int status;
	int rows, cols;
	VTermPos cursor;
	bool altscreen;
	bool cursor_hidden;
	bool mouse;
	long cpu_ms;
	size_t total;
	size_t settled_at; /* of `total`; SIZE_MAX: keys were sent since */
	char raw[RAW_KEPT];
	size_t raw_size;
	unsigned barrier;
	struct termios last; /* settings seen before the program went away */
	char text[512 * 1024];
};

static long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* ---- the terminal ------------------------------------------------------------------------- */

static void answer(const char *bytes, size_t size, void *user)
{
	struct vt *vt = user;

	(void)!write(vt->master, bytes, size);
}

static int on_cursor(VTermPos pos, VTermPos old, int visible, void *user)
{
	struct vt *vt = user;

	(void)old;
	(void)visible;
	vt->cursor = pos;
	return 1;
}

static int on_property(VTermProp prop, VTermValue *value, void *user)
{
	struct vt *vt = user;

	if (prop == VTERM_PROP_ALTSCREEN)
		vt->altscreen = value->boolean != 0;
	if (prop == VTERM_PROP_CURSORVISIBLE)
		vt->cursor_hidden = value->boolean == 0;
	if (prop == VTERM_PROP_MOUSE)
		vt->mouse = value->number != VTERM_PROP_MOUSE_NONE;
	return 1;
}

static const VTermScreenCallbacks callbacks = {.movecursor = on_cursor, .settermprop = on_property};

static void feed(struct vt *vt, const char *bytes, size_t size)
{
	vterm_input_write(vt->vterm, bytes, size);
	vterm_screen_flush_damage(vt->screen);
	vt->total += size;
	if (size > RAW_KEPT) {
		bytes += size - RAW_KEPT;
		size = RAW_KEPT;
	}
	if (vt->raw_size + size > RAW_KEPT) {
		size_t drop = vt->raw_size + size - RAW_KEPT;

		memmove(vt->raw, vt->raw + drop, vt->raw_size - drop);
		vt->raw_size -= drop;
	}
	memcpy(vt->raw + vt->raw_size, bytes, size);
	vt->raw_size += size;
}

/* ---- start -------------------------------------------------------------------------------- */

static bool open_terminal(struct vt *vt)
{
	vt->vterm = vterm_new(vt->rows, vt->cols);
	if (vt->vterm == NULL)
		return false;
	vterm_set_utf8(vt->vterm, 1);
	vterm_output_set_callback(vt->vterm, answer, vt);
	vt->screen = vterm_obtain_screen(vt->vterm);
	vterm_screen_enable_altscreen(vt->screen, 1);
	vterm_screen_set_callbacks(vt->screen, &callbacks, vt);
	vterm_screen_reset(vt->screen, 1);
	return true;
}

static void child_environment(char *const envp[], int idle)
{
	char number[16];

	clearenv();
	for (size_t i = 0; envp[i] != NULL; i++)
		putenv(envp[i]);
	snprintf(number, sizeof(number), "%d", idle);
	setenv("BUZON_IDLE_FD", number, 1);
}

static struct vt *launch(int (*child)(void *), void *context, char *const argv[],
	char *const envp[], int rows, int cols)
{
	struct vt *vt = calloc(1, sizeof(*vt));
	struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols};
	int idle[2];

	if (vt == NULL)
		return NULL;
	vt->rows = rows;
	vt->cols = cols;
	vt->settled_at = SIZE_MAX;
	if (!open_terminal(vt) || pipe(idle) != 0) {
		free(vt);
		return NULL;
	}
	fflush(NULL);
	vt->pid = forkpty(&vt->master, NULL, NULL, &size);
	if (vt->pid == 0) {
		close(idle[0]);
		child_environment(envp, idle[1]);
		if (child != NULL)
			_exit(child(context));
		execvpe(argv[0], argv, environ);
		_exit(127);
	}
	close(idle[1]);
	vt->idle = idle[0];
	if (vt->pid < 0) {
		close(idle[0]);
		vterm_free(vt->vterm);
		free(vt);
		return NULL;
	}
	fcntl(vt->idle, F_SETFL, O_NONBLOCK);
	fcntl(vt->idle, F_SETFD, FD_CLOEXEC);
	fcntl(vt->master, F_SETFL, O_NONBLOCK);
	fcntl(vt->master, F_SETFD, FD_CLOEXEC);
	return vt;
}

struct vt *vt_start(char *const argv[], char *const envp[], int rows, int cols)
{
	return launch(NULL, NULL, argv, envp, rows, cols);
}

struct vt *vt_start_child(
	int (*child)(void *context), void *context, char *const envp[], int rows, int cols)
{
	return launch(child, context, NULL, envp, rows, cols);
}

/* ---- waiting ------------------------------------------------------------------------------ */

static void read_master(struct vt *vt)
{
	char chunk[8192];
	ssize_t n;

	while ((n = read(vt->master, chunk, sizeof(chunk))) > 0)
		feed(vt, chunk, (size_t)n);
	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		vt->gone = true;
}

static int open_slave(const struct vt *vt)
{
	char name[64];

	return ptsname_r(vt->master, name, sizeof(name)) == 0
		       ? open(name, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
		       : -1;
}

/*
 * The kernel hands a pty's bytes over later than write() returns: a mark of ours, written behind
 * the program's own output, tells when all of it has arrived. The mark never reaches the screen.
 */
static bool read_to_barrier(struct vt *vt, int slave, long deadline)
{
	static char pending[4 * 1024 * 1024];
	char mark[48];
	size_t size = 0;
	int length = snprintf(mark, sizeof(mark), "\033]7770;barrier-%u\007", ++vt->barrier);

	int written = 0;

	while (now_ms() < deadline && size + 8192 < sizeof(pending)) {
		struct pollfd p = {.fd = vt->master, .events = POLLIN};
		/* Full of a large page, it takes the mark once some of that was read. */
		ssize_t put = written < length
				      ? write(slave, mark + written, (size_t)(length - written))
				      : 0;

		if (put < 0 && errno != EAGAIN && errno != EINTR)
			return false;
		written += put > 0 ? (int)put : 0;
		(void)poll(&p, 1, 10);
		ssize_t n = read(vt->master, pending + size, sizeof(pending) - size);

		if (n > 0)
			size += (size_t)n;
		char *at = memmem(pending, size, mark, (size_t)length);

		if (at != NULL) {
			feed(vt, pending, (size_t)(at - pending));
			feed(vt, at + length, size - (size_t)(at + length - pending));
			return true;
		}
		if (n == 0 || (n < 0 && errno == EIO)) {
			vt->gone = true;
			break;
		}
	}
	feed(vt, pending, size);
	return vt->gone;
}

/* A byte came: has the program read all its input, too? Then take what it wrote. */
static bool settled(struct vt *vt, long deadline, bool *ret_done)
{
	int slave = open_slave(vt);
	int waiting = 0;

	*ret_done = false;
	if (slave < 0) {
		read_master(vt);
		vt->gone = true;
		*ret_done = true;
		return true;
	}
	(void)tcgetattr(slave, &vt->last);
	/* Keys may be on their way through the kernel yet: poll waits until they are there. */
	(void)poll(&(struct pollfd){.fd = slave, .events = POLLIN}, 1, 0);
	(void)ioctl(slave, FIONREAD, &waiting);
	if (waiting == 0)
		*ret_done = read_to_barrier(vt, slave, deadline);
	close(slave);
	return waiting != 0 || *ret_done;
}

static void drain_idle(struct vt *vt)
{
	char bytes[256];

	while (read(vt->idle, bytes, sizeof(bytes)) > 0)
		;
}

bool vt_wait_idle(struct vt *vt, int ms)
{
	long deadline = now_ms() + ms;

	while (!vt->gone && now_ms() < deadline) {
		struct pollfd p[2] = {
			{.fd = vt->master, .events = POLLIN}, {.fd = vt->idle, .events = POLLIN}};
		bool done;

		(void)poll(p, 2, (int)(deadline - now_ms()));
		if (p[0].revents != 0)
			read_master(vt);
		if ((p[1].revents & POLLIN) == 0) {
			/* The program closed its end or ended: what it wrote last is still coming.
			 */
			if ((p[1].revents & POLLHUP) != 0) {
				struct pollfd rest = {.fd = vt->master, .events = POLLIN};

				(void)poll(&rest, 1, 20);
			}
			continue;
		}
		drain_idle(vt);
		if (!settled(vt, deadline, &done))
			return false;
		vt->settled_at = done ? vt->total : vt->settled_at;
		if (done)
			return true;
	}
	return vt->gone;
}

bool vt_settle(struct vt *vt, int ms)
{
	struct pollfd p[2] = {
		{.fd = vt->master, .events = POLLIN}, {.fd = vt->idle, .events = POLLIN}};

	return (vt->settled_at == vt->total && poll(p, 2, 0) == 0) || vt_wait_idle(vt, ms);
}

bool vt_wait_text(struct vt *vt, const char *text, int ms)
{
	long deadline = now_ms() + ms;

	while (!vt_contains(vt, text)) {
		struct pollfd p = {.fd = vt->master, .events = POLLIN};

		if (vt->gone || now_ms() >= deadline)
			return false;
		(void)poll(&p, 1, (int)(deadline - now_ms()));
		read_master(vt);
	}
	return true;
}

bool vt_send(struct vt *vt, const char *bytes)
{
	size_t size = strlen(bytes);

	/* Of nothing no new idleness will come. */
	if (size == 0)
		return !vt->gone;
	vt->settled_at = SIZE_MAX;
	drain_idle(vt);
	while (size != 0 && !vt->gone) {
		ssize_t n = write(vt->master, bytes, size);

		if (n > 0) {
			bytes += n;
			size -= (size_t)n;
			continue;
		}
		if (errno != EAGAIN)
			return false;
		/* The program must read before more fits. */
		struct pollfd p = {.fd = vt->master, .events = POLLIN | POLLOUT};

		(void)poll(&p, 1, 100);
		read_master(vt);
	}
	return size == 0;
}

long vt_key(struct vt *vt, const char *bytes)
{
	size_t before = vt->total;

	if (!vt_send(vt, bytes) || !vt_wait_idle(vt, VT_MS))
		return -1;
	return (long)(vt->total - before);
}

/* ---- what is on the screen ---------------------------------------------------------------- */

static size_t put_utf8(uint32_t c, char *to)
{
	if (c < 0x80) {
		to[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		to[0] = (char)(0xc0 | c >> 6);
		to[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		to[0] = (char)(0xe0 | c >> 12);
		to[1] = (char)(0x80 | (c >> 6 & 0x3f));
		to[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	to[0] = (char)(0xf0 | c >> 18);
	to[1] = (char)(0x80 | (c >> 12 & 0x3f));
	to[2] = (char)(0x80 | (c >> 6 & 0x3f));
	to[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

static size_t row_text(const struct vt *vt, int row, char *to)
{
	size_t size = 0;
	size_t end = 0;

	for (int col = 0; col < vt->cols; col++) {
		VTermScreenCell cell;

		if (vterm_screen_get_cell(vt->screen, (VTermPos){row, col}, &cell) == 0 ||
			cell.chars[0] == (uint32_t)-1)
			continue;
		if (cell.chars[0] == 0)
			to[size++] = ' ';
		for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i] != 0; i++)
			size += put_utf8(cell.chars[i], to + size);
		if (cell.chars[0] != 0 && cell.chars[0] != ' ')
			end = size;
	}
	to[end] = '\0';
	return end;
}

const char *vt_row(struct vt *vt, int n)
{
	(void)row_text(vt, n, vt->text);
	return vt->text;
}

const char *vt_screen(struct vt *vt)
{
	size_t size = 0;

	vt->text[0] = '\0';
	for (int row = 0; row < vt->rows; row++) {
		size += row_text(vt, row, vt->text + size);
		vt->text[size++] = '\n';
	}
	vt->text[size] = '\0';
	return vt->text;
}

bool vt_contains(struct vt *vt, const char *text)
{
	return strstr(vt_screen(vt), text) != NULL;
}

void vt_cursor(struct vt *vt, int *ret_row, int *ret_col)
{
	*ret_row = vt->cursor.row;
	*ret_col = vt->cursor.col;
}

bool vt_row_has(struct vt *vt, int row, char attribute)
{
	for (int col = 0; col < vt->cols; col++) {
		VTermScreenCell cell;

		if (vterm_screen_get_cell(vt->screen, (VTermPos){row, col}, &cell) == 0)
			continue;
		if ((attribute == 'b' && cell.attrs.bold) ||
			(attribute == 'u' && cell.attrs.underline) ||
			(attribute == 'r' && cell.attrs.reverse) ||
			(attribute == 'c' && (!VTERM_COLOR_IS_DEFAULT_FG(&cell.fg) ||
						     !VTERM_COLOR_IS_DEFAULT_BG(&cell.bg))))
			return true;
	}
	return false;
}

size_t vt_bytes(const struct vt *vt)
{
	return vt->total;
}

const char *vt_raw(const struct vt *vt, size_t *ret_size)
{
	*ret_size = vt->raw_size;
	return vt->raw;
}

bool vt_altscreen(const struct vt *vt)
{
	return vt->altscreen;
}

bool vt_cursor_shown(const struct vt *vt)
{
	return !vt->cursor_hidden;
}

bool vt_mouse(const struct vt *vt)
{
	return vt->mouse;
}

pid_t vt_pid(const struct vt *vt)
{
	return vt->pid;
}

bool vt_is_cooked(const struct vt *vt)
{
	return (vt->last.c_lflag & (ECHO | ICANON)) == (ECHO | ICANON);
}

/* ---- acting on it ------------------------------------------------------------------------- */

void vt_resize(struct vt *vt, int rows, int cols)
{
	struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols};

	drain_idle(vt);
	vt->rows = rows;
	vt->cols = cols;
	vterm_set_size(vt->vterm, rows, cols);
	(void)ioctl(vt->master, TIOCSWINSZ, &size);
}

void vt_signal(struct vt *vt, int number)
{
	drain_idle(vt);
	if (!vt->reaped)
		(void)kill(vt->pid, number);
}

void vt_hang_up(struct vt *vt)
{
	close(vt->master);
	vt->master = -1;
	vt->gone = true;
}

static int exit_of(int status)
{
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int vt_end(struct vt *vt)
{
	long deadline = now_ms() + VT_MS;
	/* Held open, so that the program's last settings and bytes outlive it. */
	int slave = vt->reaped || vt->master < 0 ? -1 : open_slave(vt);
	bool killed = false;

	while (!vt->reaped) {
		struct pollfd p = {.fd = vt->master, .events = POLLIN};

		struct rusage used;

		if (wait4(vt->pid, &vt->status, WNOHANG, &used) == vt->pid) {
			vt->reaped = true;
			vt->cpu_ms = (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000 +
				     (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1000;
			break;
		}
		if (now_ms() >= deadline && !killed) {
			(void)kill(vt->pid, SIGKILL);
			killed = true;
		}
		(void)poll(&p, 1, 2);
		read_master(vt);
	}
	if (slave >= 0) {
		(void)tcgetattr(slave, &vt->last);
		(void)read_to_barrier(vt, slave, now_ms() + 1000);
		close(slave);
	}
	vt->gone = true;
	return killed ? -1 : exit_of(vt->status);
}

long vt_cpu(const struct vt *vt)
{
	return vt->cpu_ms;
}

int vt_close(struct vt *vt)
{
	int code = vt_end(vt);

	if (vt->master >= 0)
		close(vt->master);
	close(vt->idle);
	vterm_free(vt->vterm);
	free(vt);
	return code;
}
