/*
 * buzond: the Institute's side. What it can do is in verbos.def.
 */
#include <libintl.h>
#include <locale.h>
#include "base/clock.h"
#include "base/db.h"
#include "base/db_mem.h"
#include "base/log.h"
#include "base/secret.h"
#include "core/verbos.h"
#include "ley/zona.h"

static enum err set_up(void)
{
	struct secret_status status = {0};
	enum err e = secret_setup(&status);

	if (e == OK && !status.dumps_off)
		log_write(LOG_WARN, "inicio", "no se pudieron impedir los volcados de memoria");
	if (e == OK)
		e = db_setup();
	return e == OK ? zona_setup() : e;
}

int main(int argc, char **argv)
{
	struct clock clock = clock_system(0);

	setlocale(LC_ALL, "");
	/* Numbers are read and written for programs, not for a country. */
	setlocale(LC_NUMERIC, "C");
	textdomain("buzon-tui");
	enum err e = set_up();

	if (e != OK) {
		fprintf(stderr, "%s\n", err_sentence(e));
		return err_exit(e);
	}
	return verbos_run(argc, argv, clock_now(&clock), stdout, stderr);
}
