/*
 * The log: one line an event, to one descriptor, with time in UTC, level and area.
 *
 * Callers never pass secrets, bodies, names of people or whole RFCs of strangers; control
 * characters are replaced, so that a peer can't forge a line. Thread-safe: a line is one write.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stddef.h>
#include "base/macros.h"

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

/* Where lines go (default 2) and the least serious level that is kept (default LOG_INFO). */
void log_open(int fd, enum log_level level);
/*
 * Calls `full` once, on the thread that writes, when that many more bytes were written; it may call
 * log_limit again. NULL: never.
 */
void log_limit(size_t bytes, void (*full)(void));
void log_write(enum log_level level, const char *area, const char *format, ...) PRINTF_LIKE(3, 4);

#endif
