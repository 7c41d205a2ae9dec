/*
 * Content codings of answers (RFC 9110 section 8.4): zstd where the peer takes it, else gzip.
 */
#ifndef NET_COMPRESS_H
#define NET_COMPRESS_H

#include "base/bytes.h"
#include "base/err.h"

enum coding { CODING_NONE, CODING_GZIP, CODING_ZSTD };

/* The best one an Accept-Encoding value allows (NULL: none); q=0 refuses, "*" is not trusted. */
enum coding compress_choose(const char *accept_encoding);
/* Its name in Content-Encoding; NULL for CODING_NONE. */
const char *compress_name(enum coding coding);
/*
 * The coded bytes in *ret_data, to free with mem_free. ERR_TOO_LARGE where coding would not make
 * them smaller (send them plain then), ERR_NO_MEMORY.
 */
enum err compress_run(enum coding coding, struct bytes plain, unsigned char **ret_data,
	size_t *ret_size) MUST_CHECK;

#endif
