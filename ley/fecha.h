/*
 * Civil dates: a day number (days since 1970-01-01, proleptic Gregorian), so that days are counted
 * by subtraction and never by milliseconds. Pure; knows no zone and no locale.
 */
#ifndef LEY_FECHA_H
#define LEY_FECHA_H

#include <stdint.h>
#include "base/arena.h"
#include "base/err.h"

int32_t fecha_of(int year, int month, int day);
void fecha_split(int32_t dia, int *ret_year, int *ret_month, int *ret_day);
/* 0 Sunday ... 6 Saturday. */
int fecha_weekday(int32_t dia);
/* "2026-11-12"; ERR_BAD_FIELD where it is no date. */
enum err fecha_parse(const char *text, int32_t *ret_dia) MUST_CHECK;
/*
 * As a person writes it: that, or "31/dic/2026" (the month in figures or its first letters,
 * whatever the case; one figure for a day is enough). Blanks around it don't count. ERR_BAD_FIELD.
 */
enum err fecha_escrita(const char *text, int32_t *ret_dia) MUST_CHECK;

enum fecha_form {
	FECHA_ISO,   /* 2026-11-12 */
	FECHA_LISTA, /* 12/nov/2026 */
	FECHA_DIA,   /* jue 12/nov/2026 */
	FECHA_LARGA, /* 12 de noviembre de 2026 */
};
/* NULL when memory ends. Fixed Spanish names, no locale. */
const char *fecha_text(struct arena *a, int32_t dia, enum fecha_form form) MUST_CHECK;

#endif
