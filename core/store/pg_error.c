#include "core/store/pg_error.h"

#include <string.h>

enum err pg_error_of_state(const char *state)
{
	static const struct {
		const char *state; /* or the class that it begins with */
		enum err err;
	} known[] = {
		{"40001", ERR_BUSY},
		{"40P01", ERR_BUSY},
		{"55P03", ERR_BUSY},
		{"53100", ERR_DISK_FULL},
		{"53200", ERR_NO_MEMORY},
		{"42", ERR_INTERNAL},
	};

	for (size_t i = 0; i < COUNT_OF(known); i++)
		if (strncmp(state, known[i].state, strlen(known[i].state)) == 0)
			return known[i].err;
	return ERR_STORE;
}
