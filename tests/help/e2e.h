/*
 * A whole world for tests of the finished programs: a real buzond over TLS on a free port, with
 * OCSP, a store and two enabled particulares; and buzon-tui run as a person or a script would.
 *
 * Everything is in a folder of its own, so that worlds can run side by side. What the world needs
 * and cannot have fails the test that asks. Programs come from $BUZON_BUILD (build).
 */
#ifndef TESTS_HELP_E2E_H
#define TESTS_HELP_E2E_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include "base/arena.h"

#define E2E_FISICA "PEÑJ800101AB1"
#define E2E_FISICA_NOMBRE "JOSÉ PEÑA ÑANDÚ"
#define E2E_MORAL "FÑ&010203AB1"
#define E2E_MORAL_NOMBRE "FERRETERÍA ÑANDÚ & HIJOS SA DE CV"
#define E2E_DOCUMENTO "Cédula de liquidación Ñ"

struct e2e {
	struct arena arena; /* as long as the world */
	char dir[256];
	const char *store;	  /* the SQLite file; set before e2e_open to put it elsewhere */
	const char *place;	  /* postgresql://, set before or by itself (pg.h); NULL: `store` */
	const char *authority;	  /* one more host:port that the server accepts, or NULL */
	const char *const *setup; /* argv that runs in the server's place and execs it, or NULL */
	unsigned port;
	unsigned front;		/* by which functionaries come instead, set any time; 0: none */
	unsigned ocsp_port;	/* once it has run it comes back on it */
	const char *ocsp_index; /* what it answers from; NULL: the PKI's */
	pid_t server;
	pid_t ocsp;
	bool sin_activar; /* set before: nobody's Buzón is enabled yet */
	unsigned oficios; /* issued so far */
	int64_t aviso;	  /* an instant at which avisos go out at once (Lineamientos 7.3) */
};

struct vt;

struct e2e_run {
	int code; /* exit code, 128 + signal, -1 past its time */
	const char *out;
	const char *err;
};

/* `w` is zeroed but for what may be set before. Profiles fisica and moral are there. */
void e2e_open(struct e2e *w);
void e2e_close(struct e2e *w);

/* The server again, on the same port. */
void e2e_server_start(struct e2e *w);
/* Sends the signal and waits (VT_MS): its exit code, 128 + signal, -1 when it had to be killed. */
int e2e_server_stop(struct e2e *w, int number);

/* The OCSP responder (openssl ocsp), which e2e_open starts; it needs `dir` and `arena` only. */
void e2e_ocsp_start(struct e2e *w);
void e2e_ocsp_stop(struct e2e *w);

/* A profile: the e.firma of NAME.cer, NAME.key and NAME.pass; extra lines replace the usual. */
struct e2e_perfil {
	const char *nombre;
	const char *rfc;	 /* E2E_FISICA */
	const char *calidad;	 /* propio */
	const char *certificado; /* files of the PKI; NAME.cer, NAME.key, NAME.pass by themselves */
	const char *llave;
	const char *pass; /* "-": no clave_comando, so that it is asked */
	unsigned port;	  /* the server's */
	const char *ca;	  /* tls_ca.pem */
};
void e2e_perfil(struct e2e *w, const struct e2e_perfil *p);

/*
 * A notification for that RFC, issued over the wire, whose aviso counts as sent at w->aviso; its
 * folio. Each has an oficio of its own: PRUEBA/2026/0001, 0002 ... The server is up.
 */
const char *e2e_notificar(struct e2e *w, const char *rfc);
/* The PDF that is notified. */
const char *e2e_pdf(struct e2e *w);

/* "buzon-tui" and "buzond" are the built ones; anything else by PATH. */
const char *e2e_program(struct e2e *w, const char *name);
char *const *e2e_env(struct e2e *w);
/* Runs it to its end (60 s) in the world's folder. */
struct e2e_run e2e_run(struct e2e *w, struct arena *a, const char *const argv[]);
#define E2E_RUN(w, a, ...) e2e_run((w), (a), (const char *const[]){__VA_ARGS__, NULL})
/* A verb of buzond that signs with the functionary's e.firma, at this world's server. */
struct e2e_run e2e_oficina(struct e2e *w, struct arena *a, const char *const argv[]);
#define E2E_OFICINA(w, a, ...) e2e_oficina((w), (a), (const char *const[]){__VA_ARGS__, NULL})
/* In the background, its output to files of that name (.out, .err). */
pid_t e2e_spawn(struct e2e *w, const char *name, const char *const argv[]);
/* The exit code, 128 + signal; -1 past `ms` (it lives on). */
int e2e_wait(pid_t pid, int ms);

/* A file of the world's folder as text; "" where there is none. */
const char *e2e_file(struct e2e *w, struct arena *a, const char *name);
const char *e2e_path(struct e2e *w, struct arena *a, const char *name);
/* The first number, or text, that the statement finds in the store. */
int64_t e2e_number(struct e2e *w, const char *sql);
const char *e2e_text(struct e2e *w, struct arena *a, const char *sql);
/* How many acuses name that folio, but for the one whose own it is. */
int64_t e2e_acuses_of(struct e2e *w, const char *folio);
/* The member of a one-line JSON object; the test fails where it is not text. */
const char *e2e_json(struct arena *a, const char *line, const char *member);
/* The screen of that profile (NULL: the first), once its first page is there. */
struct vt *e2e_screen(struct e2e *w, const char *perfil, int rows, int cols);
/* As on a device where that profile was never opened: its local copies are gone. */
void e2e_forget_copy(struct e2e *w, const char *perfil);
/* Tab until the marked line holds the text. */
void e2e_focus(struct vt *vt, const char *text);
/* In a list on the screen: g and down until the marked row holds the text. */
void e2e_row(struct vt *vt, const char *text);
/* Types and waits (VT_MS) for the text; shows the screen where it does not come. */
void e2e_type(struct vt *vt, const char *keys, const char *text);
/* A socket that listens on a free loopback port. */
int e2e_listen(unsigned *ret_port);

#endif
