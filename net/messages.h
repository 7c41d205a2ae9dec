/*
 * The structs of messages.def: declarations only, so that screens and ley can speak of them.
 * Texts, bytes and lists belong to the arena of whoever decoded or built the message.
 */
#ifndef NET_MESSAGES_H
#define NET_MESSAGES_H

#include <stdbool.h>
#include <stdint.h>
#include "base/bytes.h"

/* 9999-12-31T23:59:59.999Z: past it an instant is a mistake. */
#define MAX_MS INT64_C(253402300799999)

/* Who is asked for (titular, an RFC) and as what ("propio", "representante", "funcionario"). */
struct m_hat {
	const char *titular;
	const char *calidad;
};

#define MESSAGE(m, what) struct m_##m {
#define HAT(m) struct m_hat hat;
#define TEXT(m, member, max, need) const char *member;
#define INT(m, member, min, max, need) int64_t member;
#define BOOL(m, member, need) bool member;
#define DATA(m, member, max, need) struct bytes member;
#define ONE(m, member, sub, need) const struct m_##sub *member;
#define MANY(m, member, sub, max)                                                                  \
	struct m_##sub *member;                                                                    \
	size_t member##_count;
#define END(m)                                                                                     \
	}                                                                                          \
	;
#include "net/messages.def"
#undef MESSAGE
#undef HAT
#undef TEXT
#undef INT
#undef BOOL
#undef DATA
#undef ONE
#undef MANY
#undef END

#endif
