#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>
#include "app/idioma.h"
#include "app/interactive.h"
#include "app/llano.h"
#include "app/registro.h"
#include "app/verbs.h"
#include "base/log.h"
#include "base/secret.h"
#include "base/texto.h"
#include "ley/zona.h"
#include "net/json_line.h"
#include "tui/dumb.h"
#include "tui/term.h"

/* A hundred thousand notifications fit; a server can't make it grow past that. */
#define PROGRAM_ALLOWANCE (512 * 1024 * 1024)

static void tell(const struct verb_call *v, enum err e)
{
	ARENA(a, 64 * 1024);
	struct json_line j;

	if (v->opt[OPTION_json] == NULL) {
		/* A bad line of the configuration, or how a command is written, is a sentence of
		 * its own. */
		if (v->detail != NULL)
			fprintf(stderr, e == ERR_CONFIG || e == ERR_USAGE ? "%s\n%s\n" : "%s: %s\n",
				v->detail, err_sentence(e));
		else
			fprintf(stderr, "%s\n", err_sentence(e));
		return;
	}
	json_line_begin(&j, &a);
	json_line_text(&j, "error", err_wire(e));
	json_line_text(&j, "detalle", v->detail);
	json_line_text(&j, "mensaje", err_sentence(e));
	if (json_line_end(&j, stderr) != OK)
		fprintf(stderr, "%s\n", err_sentence(e));
}

/* Where it is, is of interest to whom asked for more of it. */
static void tell_log(const struct verb_call *v, enum err e)
{
	/* Help and version leave none. */
	if (registro_path()[0] == '\0')
		return;
	log_write(LOG_INFO, "buzon-tui", "fin: %s", err_wire(e));
	if (v->opt[OPTION_depurar] != NULL)
		fprintf(stderr, _("Bitácora: %s\n"), registro_path());
}

static enum err setup(void)
{
	struct secret_status status;
	enum err e = secret_setup(&status);

	if (e == OK && (!status.heap_locked || !status.dumps_off))
		log_write(LOG_DEBUG, "secretos",
			"memoria bloqueada: %d; volcados apagados: %d; olvido: %d",
			status.heap_locked, status.dumps_off, status.heap_wiped);
	return e == OK ? zona_setup() : e;
}

/* A terminal that can't be drawn on is no reason not to work. */
static enum err any_screen(const struct verb_call *v, const struct config_app *config)
{
	const char *perfil = v->opt[OPTION_perfil];
	bool lines = v->opt[OPTION_llano] != NULL || config->llano;

	if (!lines && dumb_terminal() && llano_usable()) {
		fprintf(stderr, "%s\n",
			_("Esta terminal no deja mover el cursor (o no lo es): sigue en "
			  "líneas, como con --llano."));
		lines = true;
	}
	return lines ? llano_run(config, perfil, v->clave_fd, v->lineas)
		     : interactive_run(config, perfil, v->clave_fd);
}

static enum err screen(struct verb_call *v)
{
	struct config_app config;
	const struct perfil *p = NULL;
	enum err e = verbs_config(v, &config);

	/* A name that is none is told before the screen comes up. */
	if (e == OK && v->opt[OPTION_perfil] != NULL) {
		v->detail = v->opt[OPTION_perfil];
		e = config_app_perfil(&config, v->opt[OPTION_perfil], &p);
	}
	if (e != OK)
		return e;
	v->detail = NULL;
	teclas_use(&config.teclas);
	term_mono(config.mono);
	return any_screen(v, &config);
}

static enum err run(struct verb_call *v)
{
	if (v->opt[OPTION_ayuda] != NULL) {
		verbs_help(v->verb);
		return OK;
	}
	if (v->opt[OPTION_version] != NULL) {
		puts("buzon-tui " BUZON_VERSION);
		return OK;
	}
	registro_open(v->opt[OPTION_depurar] != NULL);
	log_write(LOG_INFO, "buzon-tui", "%s %s", BUZON_VERSION,
		v->verb != NULL ? v->verb : "pantalla");
	enum err e = setup();

	if (e != OK)
		return e;
	return v->verb != NULL ? verbs_run(v) : screen(v);
}

/* Who read the output has gone ("| head"): that is their wish, not a fault of a disk. */
static bool reader_left(void)
{
	struct pollfd out = {.fd = STDOUT_FILENO, .events = POLLOUT};

	return poll(&out, 1, 0) == 1 && (out.revents & POLLERR) != 0;
}

int main(int argc, char **argv)
{
	ARENA(a, PROGRAM_ALLOWANCE);
	struct verb_call v = {0};
	const char *message = NULL;

	idioma_setup();
	/* A reader that left ("| head") and a server that closed are errors of a write, not deaths.
	 */
	signal(SIGPIPE, SIG_IGN);
	enum err e = verbs_read(&a, argc, argv, &v, &message);

	if (message != NULL)
		fprintf(stderr, "%s\n", message);
	if (e != OK)
		return err_exit(e);
	e = run(&v);
	if (fflush(stdout) != 0 || ferror(stdout) != 0)
		e = e == OK ? ERR_IO : e;
	if (e != OK && !(e == ERR_IO && reader_left()))
		tell(&v, e);
	tell_log(&v, e);
	return err_exit(e);
}
