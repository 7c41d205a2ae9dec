/*
 * What a server would send of notifications, made by the law's own functions, and a local copy in
 * memory to put it into.
 */
#ifndef TESTS_HELP_COPIA_H
#define TESTS_HELP_COPIA_H

#include "net/messages.h"
#include "tests/help/dia.h"

/* Bare CFF 12 of 2024-2030, as the wire brings it. */
struct m_calendario calendar_message(struct arena *a);
/* A notification whose aviso was sent then ("2026-11-09 10:15"); its lapse by the law. */
struct m_notificacion notice(
	struct arena *a, const char *folio, const char *aviso, int64_t plazo_dias);
/* The same, notified: opened then (NULL: by lapse), with that acuse. */
struct m_notificacion notified(struct arena *a, const char *folio, const char *aviso,
	const char *abierta, int64_t plazo_dias, const char *acuse);

#endif
