/*
 * What a person sent with the form of a public page: a line of text and a file, of which nothing is
 * kept but its SHA-256 and its size.
 */
#ifndef CORE_FORMULARIO_H
#define CORE_FORMULARIO_H

#include "core/exchange.h"
#include "crypto/sha.h"
#include "net/multipart.h"

#define FORMULARIO_CLAVE 200 /* bytes of the text; more are cut */
#define FORMULARIO_BYTES 10485760
/* With what stands around both. */
#define FORMULARIO_TODO (FORMULARIO_BYTES + (uint64_t)65536)

struct formulario {
	char clave[FORMULARIO_CLAVE + 1]; /* "": none */
	const char *sha256;		  /* hex; NULL: no file, or an empty one */
	int64_t bytes;
	bool grande; /* the file is larger than any that is notified */
	bool malo;   /* it was no whole form */
	/* While it comes. */
	struct multipart form;
	struct multipart_handlers to;
	struct sha256_parts *hash;
	char *into; /* which of the two comes: clave, or NULL */
	bool file;
};

/* ERR_BAD_REQUEST, ERR_NO_MEMORY. Lives in `a` until formulario_end. */
enum err formulario_begin(struct formulario *f, const char *content_type) MUST_CHECK;
void formulario_add(struct formulario *f, struct bytes some);
/* All has come. Without memory it is `malo`. */
void formulario_end(struct formulario *f, struct arena *a);
void formulario_free(struct formulario *f);

#endif
