/*
 * A screen (screens.h) of an RFC that gave access and was given some: an accountant in force until
 * the end of the year, one that is over, and a proposal to itself that waits for its signature.
 */
#ifndef TESTS_HELP_DOS_LADOS_H
#define TESTS_HELP_DOS_LADOS_H

#include "screens/representacion.h"
#include "tests/help/screens.h"

#define CONTADOR "RUSA820922TT8"
#define CLIENTE "PEÑJ800101AB1"
#define DADA "BI-20261110-090000001"
#define PROPUESTA "BI-20261112-115000002"
#define VIEJA "BI-20250101-090000003"
#define BASE "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
#define DOS_LADOS_MOST 1000

struct dos_lados {
	struct pantalla p;
	struct m_cuenta cuenta; /* changed by the test; told by pantalla_cuenta */
	struct m_representacion dadas[3];
	struct m_representacion recibidas[DOS_LADOS_MOST];
	struct m_permiso propios[1];
	struct mundo_perfil perfiles[2];
	struct mundo mundo;
};

/* "notificaciones:leer". */
extern struct m_permiso dos_lados_leer[1];

/* At 12:00 of 12 Nov 2026; the proposal is from 11:50 and lapses after 12:20. */
void dos_lados_init(struct dos_lados *d);
void dos_lados_free(struct dos_lados *d);
void dos_lados_show(struct dos_lados *d, enum screen screen, const char *folio);
/* Acts for another with that level in Notificaciones (NULL: none). */
void dos_lados_represent(struct dos_lados *d, const char *nivel);
/* A second profile on this device, "otro". */
void dos_lados_side_by_side(struct dos_lados *d, const char *rfc, const char *calidad);
/* The hint line offers that word. */
bool dos_lados_hinted(struct dos_lados *d, const char *word);
void dos_lados_status_says(struct dos_lados *d, const char *text);
/* Of a dialogue; "" past the last. */
const char *dos_lados_button(struct dos_lados *d, size_t index);

#endif
