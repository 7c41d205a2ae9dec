#include "net/compress.h"

#include <stdlib.h>
#include <strings.h>
#include <zlib.h>
#include <zstd.h>
#include "base/mem.h"

enum { ZSTD_LEVEL = 3, GZIP_LEVEL = 6, GZIP_WINDOW = 15 + 16 };

static bool quality_is_zero(const char *params, size_t size)
{
	size_t i = 0;

	while (i < size && params[i] != '=')
		i++;
	for (i++; i < size; i++)
		if (params[i] >= '1' && params[i] <= '9')
			return false;
	return size > 0;
}

static enum coding coding_of(const char *token, size_t size)
{
	if (size == 4 && strncasecmp(token, "zstd", size) == 0)
		return CODING_ZSTD;
	if (size == 4 && strncasecmp(token, "gzip", size) == 0)
		return CODING_GZIP;
	return CODING_NONE;
}

enum coding compress_choose(const char *accept)
{
	enum coding best = CODING_NONE;

	while (accept != NULL && *accept != '\0') {
		accept += strspn(accept, " \t,");
		size_t whole = strcspn(accept, ",");
		size_t token = strcspn(accept, " \t;,");
		enum coding c = coding_of(accept, token);

		if (c > best && !quality_is_zero(accept + token, whole - token))
			best = c;
		accept += whole;
	}
	return best;
}

const char *compress_name(enum coding coding)
{
	switch (coding) {
	case CODING_ZSTD:
		return "zstd";
	case CODING_GZIP:
		return "gzip";
	case CODING_NONE:
		break;
	}
	return NULL;
}

static voidpf zlib_alloc(voidpf ctx, uInt n, uInt size)
{
	(void)ctx;
	return mem_alloc((size_t)n * size);
}

static void zlib_free(voidpf ctx, voidpf p)
{
	(void)ctx;
	mem_free(p);
}

static enum err run_gzip(struct bytes plain, unsigned char *to, size_t room, size_t *ret_size)
{
	z_stream z = {.zalloc = zlib_alloc, .zfree = zlib_free};

	if (deflateInit2(&z, GZIP_LEVEL, Z_DEFLATED, GZIP_WINDOW, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		return ERR_NO_MEMORY;
	/* zlib's older interface lacks const; it does not write there. */
	z.next_in = (Bytef *)(size_t)plain.data;
	z.avail_in = (uInt)plain.size;
	z.next_out = to;
	z.avail_out = (uInt)room;
	int end = deflate(&z, Z_FINISH);
	size_t size = z.total_out;

	deflateEnd(&z);
	if (end != Z_STREAM_END)
		return ERR_TOO_LARGE;
	*ret_size = size;
	return OK;
}

static enum err run_zstd(struct bytes plain, unsigned char *to, size_t room, size_t *ret_size)
{
	size_t size = ZSTD_compress(to, room, plain.data, plain.size, ZSTD_LEVEL);

	if (ZSTD_isError(size))
		return ERR_TOO_LARGE;
	*ret_size = size;
	return OK;
}

enum err compress_run(
	enum coding coding, struct bytes plain, unsigned char **ret_data, size_t *ret_size)
{
	/* zlib counts in unsigned int. */
	if (coding == CODING_NONE || plain.size == 0 || plain.size > 1U << 30)
		return ERR_TOO_LARGE;
	unsigned char *to = mem_alloc(plain.size);
	if (to == NULL)
		return ERR_NO_MEMORY;
	enum err e = coding == CODING_ZSTD ? run_zstd(plain, to, plain.size, ret_size)
					   : run_gzip(plain, to, plain.size, ret_size);
	if (e != OK) {
		mem_free(to);
		return e;
	}
	*ret_data = to;
	return OK;
}
