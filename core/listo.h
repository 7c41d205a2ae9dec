/*
 * A service says that it is ready: one line on stdout, for people and scripts, and READY=1 to the
 * service manager that asked for it through NOTIFY_SOCKET, as sd_notify(3) describes.
 */
#ifndef CORE_LISTO_H
#define CORE_LISTO_H

#include "base/macros.h"

/* The line without its end. A manager that can't be told does not stop a service that is ready. */
void listo_say(const char *format, ...) PRINTF_LIKE(1, 2);

#endif
