#include "ley/pdf_zip.h"

#include <limits.h>
#include <zlib.h>
#include "base/buf.h"
#include "base/mem.h"

#define CHUNK 4096

static void *z_alloc(void *opaque, unsigned n, unsigned size)
{
	(void)opaque;
	return size != 0 && n > UINT_MAX / size ? NULL : mem_alloc((size_t)n * size);
}

static void z_free(void *opaque, void *p)
{
	(void)opaque;
	mem_free(p);
}

/*
 * zlib's state no larger than the content asks for: clearing and faulting in its usual 268 KB cost
 * more than an acuse's own deflate. The window holds all of the content and the look-ahead (262
 * bytes), the symbol buffer (1 << memory + 6) all of one block: neither costs a byte.
 */
static int log_of(size_t size, int least, int most)
{
	int log = least;

	while (log < most && (size_t)1 << log < size)
		log++;
	return log;
}

static bool begin(z_stream *z, size_t size)
{
	int window = log_of(size + 262, 9, 15);
	int memory = log_of(size + 1, 9, 15) - 6;

	/* Lazy as level 9, but chains of 32 and not 4096: 15 bytes more of 7000, and the QR's rows,
	 * all alike, no longer take a quarter of the page's time. */
	return deflateInit2(z, Z_BEST_COMPRESSION, Z_DEFLATED, window, memory,
		       Z_DEFAULT_STRATEGY) == Z_OK &&
	       deflateTune(z, 8, 32, 64, 32) == Z_OK;
}

enum err pdf_zip(struct arena *a, struct bytes raw, struct bytes *ret)
{
	z_stream z = {.zalloc = z_alloc, .zfree = z_free};

	if (raw.size > INT_MAX / 2)
		return ERR_TOO_LARGE;
	size_t room = compressBound((unsigned long)raw.size) + 64;
	unsigned char *zip = arena_alloc(a, room);

	/* Cutting blocks where base64 begins was tried: 22 bytes of 3600. */
	if (zip == NULL || !begin(&z, raw.size))
		return ERR_NO_MEMORY;
	z.next_in = (unsigned char *)raw.data;
	z.avail_in = (unsigned)raw.size;
	z.next_out = zip;
	z.avail_out = (unsigned)room;
	int state = deflate(&z, Z_FINISH);

	if (state == Z_STREAM_END)
		*ret = bytes_of(zip, z.total_out);
	deflateEnd(&z);
	return state == Z_STREAM_END ? OK : ERR_INTERNAL;
}

static enum err inflate_all(z_stream *z, struct buf *b, size_t limit)
{
	unsigned char chunk[CHUNK];
	int state = Z_OK;

	while (state == Z_OK) {
		z->next_out = chunk;
		z->avail_out = sizeof(chunk);
		state = inflate(z, Z_NO_FLUSH);
		size_t n = sizeof(chunk) - z->avail_out;

		if (n > limit - b->size)
			return ERR_TOO_LARGE;
		buf_add(b, chunk, n);
	}
	if (state == Z_MEM_ERROR)
		return ERR_NO_MEMORY;
	return state == Z_STREAM_END && z->avail_in == 0 ? OK : ERR_BAD_EVIDENCE;
}

enum err pdf_unzip(struct arena *a, struct bytes zip, size_t limit, struct bytes *ret)
{
	z_stream z = {.zalloc = z_alloc, .zfree = z_free};
	struct buf b;

	if (zip.size > INT_MAX / 2)
		return ERR_TOO_LARGE;
	if (inflateInit(&z) != Z_OK)
		return ERR_NO_MEMORY;
	buf_init(&b, a);
	z.next_in = (unsigned char *)zip.data;
	z.avail_in = (unsigned)zip.size;
	enum err e = inflate_all(&z, &b, limit);

	inflateEnd(&z);
	return e == OK ? buf_end(&b, ret) : e;
}
