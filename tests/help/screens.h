/*
 * A screen without a terminal: keys in, effects and the page's text out, at any instant.
 */
#ifndef TESTS_HELP_SCREENS_H
#define TESTS_HELP_SCREENS_H

#include "screens/view.h"
#include "tests/help/dia.h"

struct pantalla {
	struct model m;
	struct local *local; /* in memory: the model reads it, the functions below write it */
	const struct view *view;
	void *state;
	struct effect effect; /* what the last event gave */
	struct arena arena;   /* of the texts that were rendered */
	int64_t now;
};

/* An entered profile with the bare calendar of CFF 12 (2024-2030) and no notifications. */
void pantalla_init(struct pantalla *p, const char *zona, const char *now);
void pantalla_free(struct pantalla *p);
/* A notification whose aviso was sent then; its lapse by the law's own functions. */
void pantalla_aviso(struct pantalla *p, const char *folio, const char *aviso, int plazo_dias);
/* The same, already notified: opened then (NULL: by lapse), with that acuse. */
void pantalla_notificada(struct pantalla *p, const char *folio, const char *aviso,
	const char *abierta, int plazo_dias, const char *acuse);
/* A notification as the server would tell it. */
void pantalla_fila_de(struct pantalla *p, struct m_notificacion n);
/* The catalogue of kinds, as a synchronisation tells it. */
void pantalla_catalogo(struct pantalla *p, const struct m_catalogo *c);
/* How the Buzón stands, as a synchronisation tells it. */
void pantalla_cuenta(struct pantalla *p, const struct m_cuenta *c);
/*
 * The same with those media, and the rest usual: in the padrón, not enabled, texts of version 1
 * with PANTALLA_TERMINOS and PANTALLA_PRIVACIDAD as content; to be changed, and told again.
 */
#define PANTALLA_TERMINOS "Términos: la Ñ se lee.\n"
#define PANTALLA_PRIVACIDAD "Aviso de privacidad.\n"
struct m_cuenta pantalla_medios(struct pantalla *p, struct m_medio *medios, size_t count);
/* Time passes: the copy is judged, as the loop has it done. */
void pantalla_at(struct pantalla *p, const char *now);
/* The row; fails the test where there is none. */
struct fila pantalla_fila(struct pantalla *p, const char *folio);
/* An e.firma that was opened: in force between the two. */
void pantalla_efirma(struct pantalla *p, bool open, const char *from, const char *to);
/* The one that stood there is closed. */
void pantalla_open(struct pantalla *p, const struct effect *from);
/* The screen alone: another one may be opened. */
void pantalla_close(struct pantalla *p);
/* A key as the loop would look it up; fails the test where the screen has no action for it. */
struct effect pantalla_key(struct pantalla *p, const char *key);
struct effect pantalla_event(struct pantalla *p, struct event event);
struct effect pantalla_press(struct pantalla *p, const char *button);
struct effect pantalla_type(struct pantalla *p, const char *field, const char *value);
struct effect pantalla_arrived(struct pantalla *p, enum route route, enum err err, bool pending);
/* The page as plain lines, not wrapped. */
const char *pantalla_text(struct pantalla *p);
/* The page itself. */
struct page pantalla_page(struct pantalla *p);
/* Fails the test, showing the page, unless the text is there (or is not). */
void pantalla_says(struct pantalla *p, const char *text);
void pantalla_hides(struct pantalla *p, const char *text);
/* The cell of that column (its key) of a list's row. */
const char *pantalla_cell(struct pantalla *p, size_t row, const char *column);
/* Making the page fails cleanly wherever memory ends, and comes to be with enough. */
void pantalla_no_memory(struct pantalla *p);

#endif
