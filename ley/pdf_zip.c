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

static bool dense_char(unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       c == '+' || c == '/' || c == '=' || c == '_' || c == '-';
}

/*
 * The end of the stretch that begins at `from`: prose and base64 want Huffman codes of their own.
 * Base64 is `run` such characters without a break; broken lines of it stay together.
 */
static size_t stretch(struct bytes raw, size_t from, size_t run)
{
	size_t dense = 0;
	size_t gap = 0;
	bool in_dense = false;

	for (size_t i = from; i < raw.size; i++) {
		bool is = dense_char(raw.data[i]);

		dense = is ? dense + 1 : 0;
		gap = is && dense >= run ? 0 : gap + 1;
		if (!in_dense && dense == run) {
			if (i + 1 - run > from)
				return i + 1 - run;
			in_dense = true;
		}
		if (in_dense && !is && gap > run + 16)
			return i + 1 - gap;
	}
	return raw.size;
}

/*
 * One try: memory level and `run` of stretch(), 0 for one stretch. *size is the room and then what
 * was written; false where memory ended or it does not fit.
 */
static bool deflate_once(struct bytes raw, int level, size_t run, unsigned char *to, size_t *size)
{
	z_stream z = {.zalloc = z_alloc, .zfree = z_free};
	size_t at = 0;
	int state = Z_OK;

	if (deflateInit2(&z, Z_BEST_COMPRESSION, Z_DEFLATED, 15, level, Z_DEFAULT_STRATEGY) != Z_OK)
		return false;
	z.next_out = to;
	z.avail_out = (unsigned)*size;
	while (state == Z_OK) {
		size_t end = run != 0 ? stretch(raw, at, run) : raw.size;

		z.next_in = (unsigned char *)raw.data + at;
		z.avail_in = (unsigned)(end - at);
		state = deflate(&z, end < raw.size ? Z_BLOCK : Z_FINISH);
		at = end;
		if (z.avail_out == 0)
			break;
	}
	*size = z.total_out;
	deflateEnd(&z);
	return state == Z_STREAM_END;
}

enum err pdf_zip(struct arena *a, struct bytes raw, struct bytes *ret)
{
	static const size_t RUNS[] = {0, 64, 100, 300};

	if (raw.size > INT_MAX / 2)
		return ERR_TOO_LARGE;
	/* A block may need some bytes more than deflateBound knows of. */
	size_t room = compressBound((unsigned long)raw.size) + raw.size / 8 + 256;
	unsigned char *best = arena_alloc(a, room);
	unsigned char *other = arena_alloc(a, room);
	size_t best_size = 0;

	if (best == NULL || other == NULL)
		return ERR_NO_MEMORY;
	for (size_t i = 0; i < COUNT_OF(RUNS) * 3; i++) {
		size_t size = room;

		if (!deflate_once(raw, 5 + (int)(i % 3) * 2, RUNS[i / 3], other, &size))
			return ERR_NO_MEMORY;
		if (best_size == 0 || size < best_size) {
			memcpy(best, other, size);
			best_size = size;
		}
	}
	*ret = bytes_of(best, best_size);
	return OK;
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
