/*
 * A person's desk in a world (e2e.h): configurations of its own choice, the screen on a terminal of
 * 40 by 100, and what lies in the data folder. What can't be done fails the test that asks.
 */
#ifndef TESTS_HELP_E2E_MESA_H
#define TESTS_HELP_E2E_MESA_H

#include "tests/help/e2e.h"
#include "tests/help/vt.h"

struct mesa_perfil {
	const char *nombre;
	const char *rfc;     /* E2E_FISICA */
	const char *calidad; /* "propio" */
	const char *efirma;  /* NAME of the PKI's .cer, .key, .pass; "fisica" */
	bool tecleada;	     /* no clave_comando: the password is typed */
	unsigned port;	     /* the server's */
};

/* Adds the profile to the configuration of that file (below the world's folder). */
void mesa_perfil(struct e2e *w, const char *config, const struct mesa_perfil *p);
/* The screen of the profile, at the form that asks for its e.firma. */
struct vt *mesa_screen(struct e2e *w, const char *config, const char *perfil);
/* The same, begun by that command (argv; it execs the rest). */
struct vt *mesa_screen_by(
	struct e2e *w, const char *const *by, const char *config, const char *perfil);
/* Validar, until Inicio is there, whole. */
void mesa_enter(struct vt *vt);
/* Types, waits (VT_MS) for the text and for the whole page. */
void mesa_to(struct vt *vt, const char *keys, const char *text);
/* The same for what comes by itself, within a minute. */
void mesa_wait(struct vt *vt, const char *text);
void mesa_show(struct vt *vt, const char *text);
void mesa_hide(struct vt *vt, const char *text);
/* Until a row of the page (from the fourth) has both. */
void mesa_row(struct vt *vt, const char *name, const char *text);
/* A `:` line from Inicio and back: the one thing besides drafts that no server has. */
void mesa_order(struct vt *vt, const char *line, const char *until);
/* The newest line of the history is that one. */
void mesa_history(struct vt *vt, const char *line);
/* Ctrl-C, a signal: nothing is tidied, and the terminal was given back. */
void mesa_leave(struct vt *vt);
/* By q, from Inicio. */
void mesa_quit(struct vt *vt);

/* The profile's folder of data; with a slash behind. */
const char *mesa_folder(struct e2e *w, struct arena *a, const char *perfil);
/* The path of the copy under NAME's certificate. */
const char *mesa_copy(struct e2e *w, struct arena *a, const char *perfil, const char *efirma);

#endif
