/*
 * Representations made by signed acts, in the world of core_titular: who is there, and the acts of
 * A-16 in one line each.
 */
#ifndef TESTS_HELP_CORE_REPRESENTA_H
#define TESTS_HELP_CORE_REPRESENTA_H

#include "tests/help/core_titular.h"

/* María, whose RFC is also the second one in the moral's certificate; Ana, an accountant. */
extern struct efirma *representa_maria;
extern struct efirma *representa_ana;

/* cmocka fixtures: of a group (the three and the moral have entered), and of each test (nothing of
 * another is left, the clock is the system's). */
int representa_set_up(void **state);
int representa_tear_down(void **state);
int representa_clear(void **state);

struct representa {
	const struct efirma *titular;
	const struct efirma *a;
	const char *permisos; /* "notificaciones:leer medios:firmar" */
	int64_t desde;
	int64_t hasta;
};

/* The request of an alta; in the arena. */
struct m_representante_alta *representa_request(struct arena *a, const struct representa *r);
struct exchange *representa_alta(struct arena *a, const struct representa *r);
/* The second signature, of r->a; alta: the acuse of the first. */
struct exchange *representa_aceptar(
	struct arena *a, const struct representa *r, const struct m_acuse *alta);
/* By that e.firma, which is a side of it. */
struct exchange *representa_baja(
	struct arena *a, const struct representa *r, const struct efirma *by, const char *folio);
/* As if it had been proposed so long before: nothing is sealed at times far from the system's. */
void representa_age(const char *folio, int64_t ms);
/* With as many signatures as it takes; its folio. */
const char *representa_vigente(struct arena *a, const struct representa *r);
/* Hex SHA-256 of the signature base of that act. */
const char *representa_base(struct arena *a, const struct m_acuse *acuse);

/* That value of the acuse's content, "" where there is none. */
const char *representa_valor(const struct m_acuse *acuse, const char *etiqueta);

/* What that e.firma gets for sincronizar as `calidad` of the titular; NULL unless it is told. */
const struct m_sincronizado *representa_sincroniza(struct arena *a, const char *titular,
	const struct efirma *by, const char *calidad, const char *cursor);
/* The wire name of the refusal of that, "" for none. */
const char *representa_entra(struct arena *a, const char *titular, const struct efirma *by);

#endif
