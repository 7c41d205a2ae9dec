/*
 * Notifications on their way in the world of core_medios: issued as a functionary's act leaves
 * them, their avisos carried by real folders that a test can block, at instants of its choice.
 */
#ifndef TESTS_HELP_CORE_AVISOS_H
#define TESTS_HELP_CORE_AVISOS_H

#include "core/aviso.h"
#include "core/avisos.h"
#include "core/evidencia.h"
#include "tests/help/core_envio.h"
#include "tests/help/core_medios.h"
#include "tests/help/dia.h"

/* Of who issues them. */
#define AVISOS_FIRMANTE "XAXX010101000"

/* cmocka fixtures of a group: medios_set_up, with an enabled Buzón and carriers. */
int avisos_set_up(void **state);
int avisos_tear_down(void **state);
/* Of a test: two mails and a mobile of the RFC are validated, nothing else is there, carriers take
 * what they get. */
int avisos_fresh(void **state);

/* A validated medium of that rp ("": the RFC's); its folio. */
const char *avisos_medio(const char *rp, const char *mecanismo, const char *valor);
/* Issued at mundo.now, its aviso due at `sale`; its folio. */
const char *avisos_emitir(int64_t sale, const char *rp);
/* Something of core/avisos.h done to it in a transaction of its own, at mundo.now. */
typedef enum err avisos_obra(struct env *env, const char *folio, int64_t at);
void avisos_do(avisos_obra *what, const char *folio, int64_t at);
/* The clock stands there, and all that is due by then is done, errands too. */
void avisos_run(int64_t now);
/* The carrier of that (correo_carpeta, sms_carpeta) has no room, until avisos_free. */
void avisos_block(const char *folder);
void avisos_free(const char *folder);
/* All messages of that way are tried again at `now`. */
void avisos_retry(const char *via, int64_t now);

/* Columns of its row; events and messages of it. */
int64_t aviso_number(const char *folio, const char *column);
const char *aviso_text(const char *folio, const char *column);
int64_t aviso_eventos(const char *folio, const char *suceso);
int64_t aviso_instante(const char *folio, const char *suceso);
int64_t aviso_envios(const char *folio, const char *plantilla, const char *estado);
/* Jobs of that kind. */
int64_t avisos_jobs(const char *clase);
/* Opens it at mundo.now with the date that is right then: "" or the refusal. */
const char *aviso_abre(const char *folio);
/* As sincronizar tells it to its titular at mundo.now; NULL: it does not. In the arena. */
const struct m_notificacion *aviso_visto(struct arena *a, const char *folio);
/* The acuse as its titular gets it; fails where there is none. */
const struct m_acuse *aviso_acuse_de(struct arena *a, const char *folio);
/* How many acuses name it as theirs. */
int64_t aviso_acuses(const char *folio);

#endif
