/*
 * The content lines of an iCalendar file (RFC 5545, section 3.1) looked at one by one, before any
 * library reads them: what none of ours has is refused here, with its line.
 */
#ifndef CORE_ICAL_LINEAS_H
#define CORE_ICAL_LINEAS_H

#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"

/*
 * UTF-8 without controls, lines of a length, one VCALENDAR with VEVENTs, properties that are known
 * (or X-), each at most as often as it may be. ERR_BAD_CALENDAR with *ret_message (Spanish),
 * ERR_NO_MEMORY.
 */
enum err ical_lineas(struct arena *a, struct bytes text, const char **ret_message) MUST_CHECK;

#endif
