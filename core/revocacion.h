/*
 * Asking SAT's OCSP responder before an act is queued, without making any thread wait for it
 * (wire.md, Evidence). One thread, one http_out; answers are judged, noted and given to the act.
 */
#ifndef CORE_REVOCACION_H
#define CORE_REVOCACION_H

#include "core/writer.h"

struct revocacion;

/* `asked` gets each exchange back (ocsp_tried set), from this module's thread. */
enum err revocacion_start(struct server *s, struct writer *w, void (*asked)(struct exchange *x),
	struct revocacion **ret) MUST_CHECK;
/* Gives back all that wait, without an answer, and ends. */
void revocacion_stop(struct revocacion *r);
AUTO_TYPE(revocacion, struct revocacion, revocacion_stop);
void revocacion_ask(struct revocacion *r, struct exchange *x);

#endif
