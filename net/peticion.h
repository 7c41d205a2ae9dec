/*
 * Room for a request of any route, by its row's name.
 */
#ifndef NET_PETICION_H
#define NET_PETICION_H

#include "net/routes.h"

union peticion {
#define ROUTE(name, path, asks, ...) struct m_##asks name;
#include "net/routes.def"
#undef ROUTE
};

#endif
