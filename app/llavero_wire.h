/*
 * What buzon-tui and its helper buzon-llavero agree on:
 *
 *   buzon-llavero buscar|guardar|borrar|probar|desbloquear HUELLA
 *
 * The secret goes through pipes alone: what `buscar` finds to stdout, what `guardar` stores from
 * stdin, both up to the end of the stream. What happened is the exit code.
 */
#ifndef APP_LLAVERO_WIRE_H
#define APP_LLAVERO_WIRE_H

#define LLAVERO_PROGRAM "buzon-llavero"
#define LLAVERO_SECRET_MOST 1024 /* bytes */

enum llavero_exit {
	LLAVERO_DONE = 0,
	LLAVERO_USAGE = 64,
	LLAVERO_FAILED = 70, /* the service said no, and not why */
	LLAVERO_NO_BUS = 100,
	LLAVERO_NO_SERVICE,
	LLAVERO_LOCKED,
	LLAVERO_EMPTY, /* open, and nothing is stored for that certificate */
};

#endif
