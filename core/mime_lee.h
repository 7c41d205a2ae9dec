/*
 * Mail from elsewhere, read as far as it is needed: header fields, encoded words, parts, transfer
 * encodings. Never fails over what is in it: what can't be understood is not there, or stays as it
 * is. Lines end with CRLF or LF.
 */
#ifndef CORE_MIME_LEE_H
#define CORE_MIME_LEE_H

#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"

/* A message or a part of one; points into what was read. */
struct mime_parte {
	struct bytes head;
	struct bytes body;
};

/* Head and body; without an empty line all of it is head. */
struct mime_parte mime_lee(struct bytes message);
/* The first field of that name, unfolded, in the arena; NULL: there is none, or no memory. */
const char *mime_campo(struct arena *a, struct bytes head, const char *name);
/* With its encoded words decoded (RFC 2047) and made harmless for a terminal; NULL: no memory. */
const char *mime_palabras(struct arena *a, const char *text);
/* Is its Content-Type that one ("message/delivery-status")? "" ends with / : any below it. */
bool mime_es(struct arena *a, const struct mime_parte *p, const char *type);
/* The n-th part (from 0) of a multipart. False: no such part. */
bool mime_hija(struct arena *a, const struct mime_parte *p, size_t n, struct mime_parte *ret);
/* The body without its transfer encoding, NUL behind. ERR_NO_MEMORY. */
enum err mime_cuerpo(struct arena *a, const struct mime_parte *p, struct bytes *ret) MUST_CHECK;

#endif
