#include "app/llano.h"

#include <langinfo.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "app/effects.h"
#include "app/llano_ask.h"
#include "app/llano_order.h"
#include "app/llano_print.h"
#include "base/texto.h"
#include "tui/idle.h"

#define TEXT_BYTES ((size_t)256 * 1024)

bool llano_usable(void)
{
	struct stat st;

	if (isatty(STDIN_FILENO) != 0)
		return true;
	/* /dev/null is what who starts us without anybody gives. */
	return fstat(STDIN_FILENO, &st) == 0 &&
	       (S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode) || S_ISREG(st.st_mode));
}

/* Entered, and the first synchronisation is still under way: there is nothing to show yet. */
static bool first_sync(const struct llano *s)
{
	const struct model *m = &s->app.actual->model;
	enum screen screen = s->app.stack[s->app.depth - 1].view->screen;

	return m->entrado && m->linea.sincronizado == 0 && m->linea.desde == 0 &&
	       screen != SCREEN_acceso && screen != SCREEN_bloqueo;
}

bool llano_waits(const struct llano *s)
{
	return s->app.call_ticket != 0 || s->app.job_ticket != 0 || first_sync(s);
}

void llano_make(struct llano *s)
{
	paint_make(&s->paint, &s->app);
}

/* What came of an act is printed once it is all there; what comes by itself is one line. */
static void refresh(struct llano *s)
{
	bool fresh;

	s->app.dirty = false;
	llano_make(s);
	fresh = llano_print_id(s) != s->printed.page;
	if (llano_waits(s) && !s->again) {
		llano_print_waiting(s);
		if (s->ask != LLANO_ORDER)
			llano_ask_begin(s, false);
	} else if (s->owed || fresh) {
		llano_print(s);
		s->owed = false;
		llano_ask_begin(s, fresh);
	} else if (!llano_ask_busy(s)) {
		llano_print_news(s);
	}
}

/* ---- lines -------------------------------------------------------------------------------- */

static void order(struct llano *s, struct bytes line)
{
	ARENA(a, TEXT_BYTES);
	const char *text = line_in_text(&a, line);

	if (text == NULL)
		llano_say(s, "! %s", err_sentence(ERR_NO_MEMORY));
	else
		llano_order_line(s, text);
}

static void line(struct llano *s, struct bytes text)
{
	app_seen(&s->app);
	/* The terminal shows the end of what was typed. */
	if (s->echo.tty)
		s->out.open = false;
	llano_print_ready(s);
	if (!llano_ask_line(s, text))
		order(s, text);
	if (s->app.quit)
		return;
	if (s->owed || s->app.dirty)
		refresh(s);
	llano_ask_prompt(s);
}

/*
 * From a pipe each line waits for what the one before it asked, and for what came of it to be in
 * the local copy; a person is never held.
 */
static bool held(const struct llano *s)
{
	return !s->echo.tty && (llano_waits(s) || s->app.actual->keep.writing > 0);
}

static void lines(struct llano *s)
{
	struct bytes text;
	enum line_in_kind kind = LINE_IN_LINE;

	while (!s->app.quit && !held(s) && kind != LINE_IN_NONE) {
		kind = line_in_next(&s->in, &text);
		if (kind == LINE_IN_LINE) {
			line(s, text);
		} else if (kind == LINE_IN_TOO_LONG) {
			llano_say(s, _("! Esa línea es demasiado larga; no se tomó nada de ella."));
			llano_ask_prompt(s);
		} else if (kind == LINE_IN_END) {
			s->app.quit = true;
		}
	}
	s->held = held(s);
}

/* ---- the loop ----------------------------------------------------------------------------- */

static void look(struct llano *s)
{
	bool secret = llano_ask_secret(s);
	uint64_t page = s->printed.page;

	app_tick(&s->app);
	if (s->app.quit || !s->app.dirty)
		return;
	refresh(s);
	/* Only where something was said does the prompt stand there again. */
	if (fflush(s->out.file) == 0 && s->out.size == 0)
		return;
	if (secret && s->printed.page != page)
		line_in_forget(&s->in);
	llano_ask_prompt(s);
}

static enum err wait(struct llano *s)
{
	struct http_out_fd fds[3];
	size_t n = 0;
	size_t in = 0;
	size_t wake = 0;

	fds[n++] = (struct http_out_fd){.fd = worker_fd(s->app.worker)};
	if (s->echo.wake >= 0) {
		wake = n;
		fds[n++] = (struct http_out_fd){.fd = s->echo.wake};
	}
	if (!s->in.ended && !held(s)) {
		in = n;
		fds[n++] = (struct http_out_fd){.fd = s->in.fd};
	}
	idle_tell(s->idle);
	/* What was held was read long ago: nothing would tell that it is there. */
	bool pending = s->held && !held(s);
	enum err err = http_out_wait(s->app.out, fds, n, pending ? 0 : app_patience(&s->app));

	if (err == OK && wake != 0 && fds[wake].ready && echo_signals(&s->echo))
		llano_ask_prompt(s);
	if (err == OK && in != 0 && fds[in].ready)
		line_in_read(&s->in);
	return err;
}

static enum err loop(struct llano *s)
{
	enum err err = OK;

	while (err == OK && !s->app.quit) {
		lines(s);
		if (!s->app.quit)
			look(s);
		err = lines_out_flush(&s->out);
		if (err == OK && !s->app.quit)
			err = wait(s);
	}
	return err;
}

/* ---- what effects need -------------------------------------------------------------------- */

static void front_bell(void *ctx)
{
	struct llano *s = ctx;

	/* There is no page yet where memory ends that early. */
	if (s->out.file != NULL && s->app.notice[0] != '\0')
		llano_print_status(s, s->app.notice);
	else if (s->out.file != NULL)
		llano_say(s, _("No se puede ahora, o no hay nada así."));
	/* That is the answer. */
	s->owed = false;
}

/* Another program gets the terminal: as it found it, and with all that was said. */
static void front_suspend(void *ctx)
{
	struct llano *s = ctx;

	echo_on(&s->echo);
	(void)!lines_out_flush(&s->out);
}

static void front_resume(void *ctx)
{
	(void)ctx;
}

static void front_redraw(void *ctx)
{
	((struct llano *)ctx)->again = true;
}

/* There is no clipboard to reach: a line that says nothing else is easily taken from. */
static void front_copy(void *ctx, const char *text)
{
	(void)fprintf(((struct llano *)ctx)->out.file, "%s\n", text);
}

/* ---- from start to end -------------------------------------------------------------------- */

static size_t lines_of(size_t asked)
{
	const char *text = getenv("LINES");
	size_t n = asked != 0 ? asked : text != NULL ? strtoul(text, NULL, 10) : 0;

	/* The prompt and the line that tells which part it is take two. */
	if (asked == 0 && n > 5)
		n -= 3;
	if (n == 0)
		n = LLANO_LINES;
	return n < LLANO_LINES_MOST ? n : LLANO_LINES_MOST;
}

static enum err run(struct llano *s, int clave_fd)
{
	enum err err = app_start(&s->app, clave_fd);

	if (err != OK)
		return err;
	llano_say(s, _("Buzón IMSS en líneas. Escribe ayuda para saber cómo se usa, salir para "
		       "terminar."));
	llano_print_known(s);
	s->owed = true;
	refresh(s);
	llano_ask_prompt(s);
	err = lines_out_flush(&s->out);
	return err == OK ? loop(s) : err;
}

/* What was signed is on the disk already: it only has to be said. */
static void farewell(struct llano *s)
{
	size_t n = s->app.actual != NULL ? s->app.actual->model.por_enviar : 0;

	if (n > 0)
		llano_say(s,
			_("Queda firmado y por enviar: %zu. Se envía solo la próxima vez que entres."),
			n);
	else if (s->out.open)
		(void)fputc('\n', s->out.file);
	(void)!lines_out_flush(&s->out);
}

static enum err start(struct llano *s, int clave_fd)
{
	bool utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	enum err err = lines_out_open(&s->out, STDOUT_FILENO, utf8);

	if (err == OK)
		err = line_in_open(&s->in, STDIN_FILENO);
	if (err == OK)
		err = run(s, clave_fd);
	return err;
}

enum err llano_run(const struct config_app *config, const char *perfil, int clave_fd, size_t lines)
{
	static struct llano llano;
	struct llano *s = &llano;
	const struct front front = {
		s, front_bell, front_suspend, front_resume, front_redraw, front_copy};
	enum err err = zona_setup();

	*s = (struct llano){.lines = lines_of(lines), .idle = idle_open()};
	s->printed.hints = SCREEN_COUNT;
	if (err == OK)
		err = app_open(&s->app, config, perfil, &front);
	if (err != OK)
		return err;
	paint_init(&s->paint);
	echo_open(&s->echo, STDIN_FILENO);
	err = start(s, clave_fd);
	if (s->out.file != NULL)
		farewell(s);
	echo_close(&s->echo);
	app_close(&s->app);
	paint_free(&s->paint);
	edit_free(&s->area);
	line_in_close(&s->in);
	lines_out_close(&s->out);
	return err;
}
