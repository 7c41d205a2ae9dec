/* A request whose body comes in pieces: the first member of what its rq->user is. */
#ifndef CORE_EN_PIEZAS_H
#define CORE_EN_PIEZAS_H

#include "net/http_in.h"

struct en_piezas {
	void (*pieza)(struct http_in_request *rq);
	void (*cierra)(struct http_in_request *rq); /* it is over; NULL: nothing to do */
};

#endif
