/*
 * Words that every file may use: attributes, AUTO/steal, sizes.
 *
 * AUTO(type) declares a variable whose destructor runs when it leaves scope; each type names its
 * destructor with AUTO_TYPE(). A NULL (or zeroed) object must be accepted by its destructor.
 */
#ifndef BASE_MACROS_H
#define BASE_MACROS_H

#include <stddef.h>

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF_LIKE(f, a) __attribute__((format(printf, f, a)))

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))
/* The text of a macro's value. */
#define TEXT_OF(x) TEXT_OF_(x)
#define TEXT_OF_(x) #x

/* Defines the cleanup of `type *` variables: calls destroy(p) where p may be NULL. */
#define AUTO_TYPE(name, type, destroy)                                                             \
	static inline void auto_##name(type **p)                                                   \
	{                                                                                          \
		if (*p != NULL)                                                                    \
			destroy(*p);                                                               \
	}                                                                                          \
	typedef type *auto_##name##_pointer
#define AUTO(name) __attribute__((cleanup(auto_##name))) auto_##name##_pointer

/* Hands an AUTO object over: returns it and leaves NULL behind. */
#define STEAL(p)                                                                                   \
	__extension__({                                                                            \
		__typeof__(p) stolen_ = (p);                                                       \
		(p) = NULL;                                                                        \
		stolen_;                                                                           \
	})

#endif
