/*
 * A command's session: profile, e.firma in hand, entered. One process, nothing kept but the outbox.
 */
#ifndef APP_SESION_H
#define APP_SESION_H

#include "app/client.h"
#include "app/verbs.h"

struct sesion {
	struct verb_call *v;
	const struct perfil *perfil;
	struct http_out *out;
	struct client *client;
	struct m_entrado entrado;
};

void sesion_close(struct sesion *s);
#define SESION(name) __attribute__((cleanup(sesion_close))) struct sesion name = {0}

/* The profile that --perfil names, with --confianza in its place. ERR_CONFIG, ERR_NO_PROFILE. */
enum err sesion_perfil(struct verb_call *v, const struct perfil **ret) MUST_CHECK;
/*
 * Opens the profile's e.firma (asking up to three times). `old`: one whose time may be over, to
 * open with it what was kept under it. What is wrong is v->detail.
 */
enum err sesion_efirma(
	struct verb_call *v, const struct perfil *p, bool old, struct efirma **ret) MUST_CHECK;
/* Opens the e.firma (asking up to three times) and enters. Says PRUEBA on stderr where it is so. */
enum err sesion_open(struct verb_call *v, struct sesion *ret) MUST_CHECK;
/* The same for that profile with an e.firma that is open already; it stays the caller's. */
enum err sesion_open_with(struct verb_call *v, const struct perfil *p, const struct efirma *f,
	struct sesion *ret) MUST_CHECK;
/*
 * Sends what the outbox holds and tells on stderr what became of it, and of what was refused
 * earlier. Failures are told, not returned: what can't go stays.
 */
void sesion_flush(struct sesion *s);
/* A call that waits; the field at fault becomes the command's detail. */
enum err sesion_call(struct sesion *s, struct arena *a, enum route route, const void *request,
	void *ret_answer, struct bytes *ret_json) MUST_CHECK;
/* Text from a server, harmless for a terminal; "" where memory ends or it is NULL. */
const char *sesion_clean(struct arena *a, const char *text);
/* The same, filled up with blanks to that many cells of a terminal. */
const char *sesion_cell(struct arena *a, const char *text, int cells);

#endif
