/*
 * Hats: turns titular and calidad of a request into env.titular, in one place before any rule
 * (wire.md, Requests). Asked for reads while checking, for acts again inside the writer.
 */
#ifndef CORE_AUTHORISE_H
#define CORE_AUTHORISE_H

#include "core/exchange.h"

/*
 * Fills titular, calidad, names and zone of x->env from the store. ERR_NOT_YOURS, ERR_NO_MANDATE,
 * ERR_NO_SCOPE, ERR_NOT_FUNCTIONARY, ERR_NOT_ENABLED (Lineamientos 5.2), ERR_BAD_FIELD.
 */
enum err authorise(struct exchange *x) MUST_CHECK;
/* Fills titular only; what authorise and the rule will ask is asked with one exchange
 * (store_ahead). */
enum err authorise_ahead(struct exchange *x) MUST_CHECK;

#endif
