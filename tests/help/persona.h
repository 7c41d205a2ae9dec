/*
 * A person at the screen of an e2e world (tests/help/e2e.h): starts the program with what they
 * have in their environment and configuration, and reads what it shows. Every wait ends by what the
 * screen shows or by the program being idle; what does not come fails the test with the screen.
 */
#ifndef TESTS_HELP_PERSONA_H
#define TESTS_HELP_PERSONA_H

#include "tests/help/e2e.h"
#include "tests/help/vt.h"

struct persona {
	const char *perfil;	  /* NULL: the first */
	const char *const *env;	  /* "NAME=value" beside e2e_env's, NULL-terminated; NULL: none */
	const char *const *words; /* arguments, NULL-terminated; NULL: none */
	int rows, cols;		  /* 0: 24x80 */
};

/* The program; what it shows first is not waited for. */
struct vt *persona_start(struct e2e *w, const struct persona *p);
/* From the form, with the profile's clave_comando, to Inicio with its first synchronisation. */
void persona_enter(struct vt *vt);
struct vt *persona_entered(struct e2e *w, const struct persona *p);
/* Types, and waits for the text and for the whole page. */
void persona_to(struct vt *vt, const char *keys, const char *text);
/* Types, and waits until it was taken. */
void persona_keys(struct vt *vt, const char *keys);
/* What is not there yet is waited for. */
void persona_shows(struct vt *vt, const char *text);
void persona_hides(struct vt *vt, const char *text);
/* The last line comes to hold the text; it is the prompt with just that, and perhaps a note. */
void persona_last(struct vt *vt, const char *text);
void persona_prompt(struct vt *vt, const char *text);
/* The rows between the first (it has a clock) and the last, in `to`. */
void persona_body(struct vt *vt, char *to, size_t size);
/* The raw bytes since the start (the last 64 KiB) hold the text. */
bool persona_raw(struct vt *vt, const char *text);
/* Ctrl-C; the terminal was given back. */
void persona_leave(struct vt *vt);

/* The world's own configuration and behind it `more`; "": the world's own. */
void persona_config(struct e2e *w, const char *more);
/* A program of that name in the world's folder, run by sh; its path. */
const char *persona_script(struct e2e *w, const char *name, const char *text);
/* A notification of fisica's, opened; its folio. */
const char *persona_abierta(struct e2e *w);

#endif
