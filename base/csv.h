/*
 * Records of a CSV file (RFC 4180), one at a time, whatever the size of the file: quotes, doubled
 * quotes, line ends inside quotes; lines end with LF or CRLF.
 */
#ifndef BASE_CSV_H
#define BASE_CSV_H

#include <stdio.h>
#include "base/arena.h"
#include "base/err.h"

#define CSV_FIELDS 64
/* Of one record. */
#define CSV_BYTES 65536
/* Of a column's name, its end counted. */
#define CSV_NAME 40

struct csv {
	FILE *in;
	char separator;
	int line; /* of what is read next, from 1 */
};

struct csv_record {
	int line;	    /* where it begins */
	size_t bad_field;   /* with an error: in which field, from 0 */
	const char *reason; /* with ERR_BAD_FIELD: a Spanish clause, what is wrong and what to do */
	size_t count;
	const char *fields[CSV_FIELDS]; /* in the arena */
};

/*
 * The next record that is not an empty line; ERR_NOT_FOUND: there is none. ERR_BAD_FIELD with line
 * and reason where it is none; the rest of its line is skipped, so that reading goes on.
 * ERR_IO, ERR_NO_MEMORY. Its texts may hold any bytes but NUL.
 */
enum err csv_next(struct csv *c, struct arena *a, struct csv_record *ret) MUST_CHECK;

/* A column's name as it may be typed in a spreadsheet: «Convenio 2020», «Plazo días». */
void csv_name(const char *typed, char ret[CSV_NAME]);

#endif
