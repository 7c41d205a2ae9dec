/*
 * What padron_archivo.c and its two formats share; nobody else's.
 */
#ifndef CORE_PADRON_ARCHIVO_FORMAS_H
#define CORE_PADRON_ARCHIVO_FORMAS_H

#include "base/csv.h"
#include "core/padron_archivo.h"
#include "core/padron_vistos.h"
#include "net/json_split.h"

/* A record of CSV while its fields grow; an object of JSON and its tree. */
#define PADRON_ROW_BYTES (4 * 1024 * 1024)

/* The columns of a CSV, by their names. */
enum padron_columna {
	COLUMNA_RFC,
	COLUMNA_NOMBRE,
	COLUMNA_ZONA,
	COLUMNA_DOMICILIO,
	COLUMNA_ESTADO,
	COLUMNA_INSCRITO,
	COLUMNA_CONVENIO_2020,
	COLUMNA_RP,
	COLUMNA_SUBDELEGACION,
	COLUMNA_REPRESENTANTE,
	COLUMNA_PERMISOS,
	COLUMNA_DESDE,
	COLUMNA_HASTA,
	COLUMNAS
};

struct padron_archivo {
	FILE *in;
	const struct padron_oido *oido;
	int64_t now;
	bool json;
	bool ended;
	struct padron_vistos vistos;
	struct json_split split;
	struct csv csv;
	size_t at[COLUMNAS]; /* place of that column from 1; 0: not in this file */
	size_t columns;
	struct arena row; /* of the record or object at hand */
	struct csv_record record;
	bool pending;  /* it is the next one's first */
	char convenio; /* what the rows of the RFC at hand said: 's', 'n' or nothing */
};

#define PADRON_UTF8                                                                                 \
	"el archivo no está en UTF-8 (parece windows-1252, como lo guarda Excel); guárdalo como " \
	"«CSV UTF-8 (delimitado por comas)», o conviértelo con: iconv -f WINDOWS-1252 -t UTF-8 " \
	"ARCHIVO > NUEVO."
#define PADRON_UTF16                                                                               \
	"el archivo está en UTF-16 (en Excel, «Texto Unicode»); guárdalo como «CSV UTF-8 "    \
	"(delimitado por comas)», o conviértelo con: iconv -f UTF-16 -t UTF-8 ARCHIVO > NUEVO."
#define PADRON_VACIO "el archivo está vacío; buzond padron --ejemplo muestra uno."

/* Tells, and nothing more is read. Always OK. */
enum err padron_archivo_fatal(struct padron_archivo *p, int linea, const char *dice) MUST_CHECK;
/* A ficha of that RFC begins on that line: there was none before. */
enum err padron_archivo_begin(
	struct padron_archivo *p, struct padron_obra *o, int linea, const char *rfc) MUST_CHECK;

enum err padron_csv_header(struct padron_archivo *p) MUST_CHECK;
enum err padron_csv_next(
	struct padron_archivo *p, struct arena *a, const struct padron_ficha **ret) MUST_CHECK;
enum err padron_json_next(
	struct padron_archivo *p, struct arena *a, const struct padron_ficha **ret) MUST_CHECK;

#endif
