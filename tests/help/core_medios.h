/*
 * Contact media in the world of core_titular: acts about them, and what was sent, read from the
 * outbox as whoever received it would.
 */
#ifndef TESTS_HELP_CORE_MEDIOS_H
#define TESTS_HELP_CORE_MEDIOS_H

#include "core/medio.h"
#include "core/medios.h"
#include "tests/help/core_lote.h"
#include "tests/help/core_titular.h"

#define HORA_MS INT64_C(3600000)

/* The jobs of that world: done when a test says so. */
extern struct tareas *tareas;

/*
 * cmocka fixtures: titular_set_up, where the titular has no Buzón yet and acts may be signed and
 * sealed at any instant (the link of the test wraps cadena_check_time: tests.mk).
 */
int medios_set_up(void **state);
int medios_tear_down(void **state);
/* No media, messages, or jobs any more. */
void medios_forget(void);
/* Which jobs are about media themselves; messages have theirs. */
#define MEDIOS_TAREAS "clase IN ('medio', 'recordatorio')"
/* lote_run, of those only. */
size_t medios_run(struct tareas *t, int64_t now);

/* The act of the titular, answered; "" or the refusal's wire name. *ret_folio (may be NULL): of the
 * acuse, in the world's arena. */
const char *medio_alta(
	const char *mecanismo, const char *valor, const char *reemplaza, const char **ret_folio);
const char *medio_alta_rp(const char *rp, const char *mecanismo, const char *valor,
	const char *reemplaza, const char **ret_folio);
const char *medio_valida(const char *folio, const char *codigo, const char **ret_acuse);
const char *medio_reenvia(const char *folio);
const char *medio_elimina(const char *folio, bool bajo_minimo, const char **ret_acuse);
/* Registers and validates, which must work; its folio. */
const char *medio_listo(const char *mecanismo, const char *valor, const char *reemplaza);
/* `dato` of the last refusal. */
extern int64_t medio_dato;

/* From the last message of that medium: its code, the text of its link. */
const char *medio_codigo(const char *folio);
const char *medio_enlace(const char *folio);
/* Another code than that. */
const char *medio_otro_codigo(const char *codigo);
/* As an acuse's row tells it; fails where there is none. */
const struct m_acuse *medio_acuse(struct arena *a, const char *folio);
/* The value of that row of its content, or NULL. */
const char *medio_dice(struct arena *a, const char *folio, const char *label);
/* How a medium stands: "pendiente", "validado", or the motivo of its baja. */
const char *medio_estado(const char *folio);

#endif
