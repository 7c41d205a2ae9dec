/*
 * What the cuenta says of contact media: where each stands at an instant, what is validated, what
 * registering or removing one does (Lineamientos 5.1, 5.2; R-1). Pure; the server decides.
 */
#ifndef SCREENS_CONTACTO_H
#define SCREENS_CONTACTO_H

#include "screens/model.h"
#include "screens/parrafos.h"

/* Words of the wire (struct m_medio). */
#define CONTACTO_CORREO "correo"
#define CONTACTO_CELULAR "celular"
#define CONTACTO_TODOS "*" /* all Registros Patronales */

/* The draft of a new one (local_put). */
#define CONTACTO_BORRADOR "borrador/medio"

#define CONTACTO_CORREOS 5 /* of one RFC (5.1) */
#define CONTACTO_HORAS 72  /* to validate one (5.2) */
#define CONTACTO_CODIGO 5  /* digits of a code */

enum contacto_estado {
	CONTACTO_EN_PROCESO,
	CONTACTO_VALIDADO,
	CONTACTO_VENCIDO, /* 72 h passed, even before the server says so */
	CONTACTO_BAJA,
};

/* At `now`, ms UTC; the last instant of the 72 h counts. */
enum contacto_estado contacto_estado(const struct m_medio *x, int64_t now);
/* "En proceso", "Validado" …; to be shown as it is. */
const char *contacto_estatus(enum contacto_estado e);
/* "Correo Electrónico" or "Teléfono", as on the portal. */
const char *contacto_mecanismo(const char *word);
/* For whom it is: the RFC, all RPs, or that one. */
const char *contacto_de(struct parrafos *p, const char *rp);
bool contacto_es(const struct m_medio *x, const char *mecanismo, const char *rp);

/* Validated media of that kind: `rp` NULL, of the RFC; else those that serve that RP. */
size_t contacto_validados(const struct model *m, const char *mecanismo, const char *rp);
/* A representative may have no permit to see them: then the server told none, whatever there is. */
bool contacto_visibles(const struct model *m);
/*
 * A mail and a mobile of the RFC are validated: the terms can be signed. Where they can't be seen
 * it is the server that says.
 */
bool contacto_listo(const struct model *m);
/* Without that one the RFC has no validated mail or no validated mobile. */
bool contacto_bajo_minimo(const struct model *m, const struct m_medio *without);
/* That medium where it is in use (pending or validated) for the same (ley/correo.h); or NULL. */
const struct m_medio *contacto_repetido(const struct model *m, const char *mecanismo,
	const char *medio, const char *rp, int64_t now);
/* It takes a place: in use, and not to replace another that still is. */
bool contacto_ocupa(const struct model *m, const struct m_medio *x, int64_t now);
/*
 * The i-th place that is taken, the newest first: by a validated one, or by one in process that
 * will not replace another. NULL past the last.
 */
const struct m_medio *contacto_lugar(
	const struct model *m, const char *mecanismo, const char *rp, int64_t now, size_t i);
/* The one in process that will replace that one; NULL: none. */
const struct m_medio *contacto_heredero(const struct model *m, const char *folio, int64_t now);
/* What a new mobile takes the place of: the validated one, else one in process; NULL: nothing. */
const struct m_medio *contacto_celular(const struct model *m, const char *rp, int64_t now);
/* The instant from which on something that is in process is not any more; 0: nothing is. */
int64_t contacto_hasta(const struct model *m);

/* "quedan 71 h"; *ret_until (may be NULL) is brought forward to when that changes. */
const char *contacto_restan(struct parrafos *p, int64_t vence, int64_t now, int64_t *ret_until);
/* "hasta el dom 15/nov/2026 17:52 (quedan 71 h)", with the domicile's hour. */
void contacto_plazo(struct parrafos *p, const struct model *m, const struct m_medio *x, int64_t now,
	int64_t *ret_until);
/* What registering a new one in the place of that one does, and when. */
void contacto_reemplazo(struct parrafos *p, const struct model *m, const struct m_medio *old);
/* What became of the last message to it. */
void contacto_aviso(struct parrafos *p, const struct m_medio *x);

#endif
