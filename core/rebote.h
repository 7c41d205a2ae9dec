/*
 * What comes back for a mail that was sent: a delivery status notification (RFC 3464) as a mail
 * server gives it. Which message it is of: by the return path that was its own (name+ID@), else by
 * the id in the envelope's or the message's own fields. Pure; nothing that is in it can make it
 * fail.
 */
#ifndef CORE_REBOTE_H
#define CORE_REBOTE_H

#include "core/envio.h"
#include "core/envio_estado.h"

struct rebote {
	const char *id;
	enum envio_informe informe;
	const char *codigo; /* enhanced status (RFC 3463), as "5.1.1" */
};

/*
 * `para`: the address to which it came, where that is known, or NULL. ERR_BAD_EVIDENCE: no
 * notification, or of no message of ours. In the arena.
 */
enum err rebote_leer(
	struct arena *a, struct bytes mail, const char *para, struct rebote *ret) MUST_CHECK;

#endif
