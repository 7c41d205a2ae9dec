#include "base/db_sealed.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <openssl/crypto.h>
#include <sqlite3.h>
#include "base/mem.h"

/* SQLite's file format, "The Write-Ahead Log": header, then frames of header and page. */
#define WAL_HEADER 32
#define WAL_MAGIC 0x377f0682u /* its last bit: checksums of big-endian words */
#define WAL_SALT 16	      /* in the header: salts and checksum, one block */
#define FRAME_HEADER 24
#define FRAME_SALT 8 /* in a frame's header: salts and checksum, one block */
#define FRAME (FRAME_HEADER + SEALED_PAGE)
#define CHECKSUM 8
/* A rollback journal is written only as the file is made, and then has no page: its header. */
#define JOURNAL_HEADER 512
/* The header is read without a lock: a page that is just being written may look torn. */
#define TRIES 5
#define TRY_US 1000

struct db_sealed {
	sqlite3_vfs vfs; /* first: SQLite hands it back */
	sqlite3_vfs *under;
	struct page_seal *seal;
	char name[48];
	unsigned char page[SEALED_PAGE]; /* to seal into; to read a part from, cleansed after */
};

struct file {
	sqlite3_file lite; /* first: SQLite hands it back */
	struct db_sealed *of;
	const char *name; /* SQLite's, valid till closed */
	sqlite3_file *under;
};

static struct file *file_of(sqlite3_file *lite)
{
	return (struct file *)(void *)lite;
}

static int code_of(enum err e)
{
	switch (e) {
	case OK:
		return SQLITE_OK;
	case ERR_NO_MEMORY:
		return SQLITE_IOERR_NOMEM;
	case ERR_BAD_CACHE:
		return SQLITE_IOERR_DATA;
	default:
		return SQLITE_IOERR_WRITE;
	}
}

static uint32_t word(const unsigned char *p, bool big)
{
	return big ? (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3]
		   : (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

static int under_read(struct file *f, void *to, int amount, int64_t at)
{
	return f->under->pMethods->xRead(f->under, to, amount, at);
}

static int under_write(struct file *f, const void *from, int amount, int64_t at)
{
	return f->under->pMethods->xWrite(f->under, from, amount, at);
}

/* ---- a page of either file ---- */

static struct page_place place(char kind, int64_t at)
{
	return (struct page_place){.kind = (unsigned char)kind, .at = at};
}

static int write_page(struct file *f, char kind, const void *page, int64_t at)
{
	unsigned char *sealed = f->of->page;
	enum err e = page_seal_close(f->of->seal, place(kind, at), page, SEALED_PAGE, sealed);

	return e == OK ? under_write(f, sealed, SEALED_PAGE, at) : code_of(e);
}

/* ---- the WAL ---- */

enum part { PART_NONE, PART_HEADER, PART_FRAME_HEADER, PART_FRAME, PART_PAGE, PART_CHECKSUM };

/* All the ways in which SQLite reads and writes a WAL. */
static enum part part_of(int amount, int64_t at)
{
	if (at == 0 && amount == WAL_HEADER)
		return PART_HEADER;
	if (at == WAL_HEADER - CHECKSUM && amount == CHECKSUM)
		return PART_CHECKSUM;
	if (at < WAL_HEADER)
		return PART_NONE;
	switch ((at - WAL_HEADER) % FRAME) {
	case 0:
		return amount == FRAME_HEADER ? PART_FRAME_HEADER
		       : amount == FRAME      ? PART_FRAME
					      : PART_NONE;
	case FRAME_HEADER - CHECKSUM:
		return amount == CHECKSUM ? PART_CHECKSUM : PART_NONE;
	case FRAME_HEADER:
		return amount == SEALED_PAGE ? PART_PAGE : PART_NONE;
	default:
		return PART_NONE;
	}
}

/* Does a shown header say what SQLite would take? So it was hidden under this key. */
static bool header_is_right(const unsigned char h[WAL_HEADER])
{
	bool big = (h[3] & 1) != 0;
	uint32_t a = 0;
	uint32_t b = 0;

	for (size_t i = 0; i < WAL_HEADER - CHECKSUM; i += 8) {
		a += word(h + i, big) + b;
		b += word(h + i + 4, big) + a;
	}
	return (word(h, true) & ~1u) == WAL_MAGIC && word(h + 8, true) == SEALED_PAGE &&
	       a == word(h + 24, true) && b == word(h + 28, true);
}

/*
 * SQLite takes a header that it does not understand for the end of an old WAL and deletes it, with
 * all that was acknowledged: so another key's, or a damaged one, must be an error. All zero: it was
 * never written, the power failed.
 */
static enum err show_header(struct db_sealed *s, unsigned char h[WAL_HEADER])
{
	static const unsigned char never[WAL_HEADER];

	if (memcmp(h, never, WAL_HEADER) == 0)
		return OK;

	enum err e = page_seal_show(s->seal, h + WAL_SALT);

	return e == OK && !header_is_right(h) ? ERR_BAD_CACHE : e;
}

/*
 * Whole frames are read to check what a crash left: a page that does not open is zero here, its
 * checksum fails, and SQLite ends the WAL before it, as it does with one that was half written.
 */
static enum err show_frame(struct db_sealed *s, unsigned char *frame, int64_t at)
{
	enum err e = page_seal_show(s->seal, frame + FRAME_SALT);

	if (e != OK)
		return e;
	e = page_seal_open(
		s->seal, place('w', at + FRAME_HEADER), frame + FRAME_HEADER, SEALED_PAGE);
	return e == ERR_BAD_CACHE ? OK : e;
}

/* The second half of a block, which can only be shown whole. */
static int read_checksum(struct file *f, unsigned char *to, int64_t at)
{
	unsigned char block[PAGE_SEAL_BLOCK];
	int code = under_read(f, block, sizeof(block), at - (PAGE_SEAL_BLOCK - CHECKSUM));

	if (code != SQLITE_OK)
		return code;
	code = code_of(page_seal_show(f->of->seal, block));
	memcpy(to, block + PAGE_SEAL_BLOCK - CHECKSUM, CHECKSUM);
	return code;
}

static enum err show_part(
	struct db_sealed *s, enum part part, unsigned char *to, int amount, int64_t at)
{
	switch (part) {
	case PART_HEADER:
		return show_header(s, to);
	case PART_FRAME_HEADER:
		return page_seal_show(s->seal, to + FRAME_SALT);
	case PART_FRAME:
		return show_frame(s, to, at);
	default:
		return page_seal_open(s->seal, place('w', at), to, (size_t)amount);
	}
}

static int wal_read(sqlite3_file *lite, void *to, int amount, sqlite3_int64 at)
{
	struct file *f = file_of(lite);
	enum part part = part_of(amount, at);

	if (part == PART_NONE)
		return SQLITE_IOERR_DATA;
	if (part == PART_CHECKSUM)
		return read_checksum(f, to, at);

	int code = under_read(f, to, amount, at);

	if (code == SQLITE_OK)
		code = code_of(show_part(f->of, part, to, amount, at));
	if (code != SQLITE_OK)
		memset(to, 0, (size_t)amount);
	return code;
}

static int write_header(struct file *f, const void *from, int amount, int64_t at, size_t salt)
{
	unsigned char header[WAL_HEADER];

	memcpy(header, from, (size_t)amount);

	enum err e = page_seal_hide(f->of->seal, header + salt);

	return e == OK ? under_write(f, header, amount, at) : code_of(e);
}

static int wal_write(sqlite3_file *lite, const void *from, int amount, sqlite3_int64 at)
{
	switch (part_of(amount, at)) {
	case PART_HEADER:
		return write_header(file_of(lite), from, amount, at, WAL_SALT);
	case PART_FRAME_HEADER:
		return write_header(file_of(lite), from, amount, at, FRAME_SALT);
	case PART_PAGE:
		return write_page(file_of(lite), 'w', from, at);
	default:
		return SQLITE_IOERR_WRITE;
	}
}

/* ---- the database ---- */

static int main_read_page(struct file *f, unsigned char *to, int64_t at)
{
	sqlite3_int64 size = 0;
	int code = under_read(f, to, SEALED_PAGE, at);

	if (code == SQLITE_OK)
		return code_of(page_seal_open(f->of->seal, place('d', at), to, SEALED_PAGE));
	if (code != SQLITE_IOERR_SHORT_READ)
		return code;
	memset(to, 0, SEALED_PAGE);
	/* SQLite would go on with zeros; only in a file that was never written that is right. */
	code = f->under->pMethods->xFileSize(f->under, &size);
	return code == SQLITE_OK && size != 0 ? SQLITE_IOERR_DATA : SQLITE_IOERR_SHORT_READ;
}

/* Was the WAL on the disk written under this key? */
static bool wal_is_ours(struct file *f)
{
	unsigned char h[WAL_HEADER];
	int fd = open(sqlite3_filename_wal(f->name), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

	if (fd < 0)
		return false;

	ssize_t n = pread(fd, h, sizeof(h), 0);

	/* No lock of SQLite's is on a WAL, so none is lost by closing it. */
	close(fd);
	return n == WAL_HEADER && page_seal_show(f->of->seal, h + WAL_SALT) == OK &&
	       header_is_right(h);
}

/* What SQLite asks of the first page before it has read the WAL: its sizes. */
static void assumed_page(unsigned char page[SEALED_PAGE])
{
	memset(page, 0, SEALED_PAGE);
	page[16] = SEALED_PAGE >> 8;
	page[20] = SEALED_RESERVE;
}

/*
 * The first page, as SQLite looks at it when it opens the file, without a lock. Here a wrong key
 * ends, before SQLite has touched the WAL. A page that was torn as it was copied from the WAL is
 * no error: the WAL still has it.
 */
static int first_page(struct file *f, unsigned char page[SEALED_PAGE])
{
	int code = SQLITE_OK;

	for (int i = 0; i < TRIES; i++) {
		if (i != 0)
			f->of->under->xSleep(f->of->under, TRY_US);
		code = main_read_page(f, page, 0);
		if (code != SQLITE_IOERR_DATA)
			return code;
		if (wal_is_ours(f)) {
			assumed_page(page);
			return SQLITE_OK;
		}
	}
	return code;
}

static int main_read(sqlite3_file *lite, void *to, int amount, sqlite3_int64 at)
{
	struct file *f = file_of(lite);
	unsigned char *page = f->of->page;
	int64_t in = at % SEALED_PAGE;

	if (in == 0 && amount == SEALED_PAGE)
		return main_read_page(f, to, at);
	if (in + amount > SEALED_PAGE)
		return SQLITE_IOERR_DATA;

	int code = at < SEALED_PAGE ? first_page(f, page) : main_read_page(f, page, at - in);

	memcpy(to, page + in, (size_t)amount);
	OPENSSL_cleanse(page, SEALED_PAGE);
	return code;
}

static int main_write(sqlite3_file *lite, const void *from, int amount, sqlite3_int64 at)
{
	const unsigned char *page = from;

	if (amount != SEALED_PAGE || at % SEALED_PAGE != 0)
		return SQLITE_IOERR_WRITE;
	/* A database that keeps no room for the seal can't be one of ours. */
	if (at == 0 && (page[16] != SEALED_PAGE >> 8 || page[20] != SEALED_RESERVE))
		return SQLITE_IOERR_WRITE;
	return write_page(file_of(lite), 'd', from, at);
}

/* ---- the journal under which the file is made ---- */

static int journal_read(sqlite3_file *lite, void *to, int amount, sqlite3_int64 at)
{
	return under_read(file_of(lite), to, amount, at);
}

static int journal_write(sqlite3_file *lite, const void *from, int amount, sqlite3_int64 at)
{
	if (at + amount > JOURNAL_HEADER)
		return SQLITE_IOERR_WRITE;
	return under_write(file_of(lite), from, amount, at);
}

/* ---- what passes through ---- */

static sqlite3_file *under(sqlite3_file *lite)
{
	return file_of(lite)->under;
}

static int pass_close(sqlite3_file *lite)
{
	return under(lite)->pMethods->xClose(under(lite));
}

static int pass_truncate(sqlite3_file *lite, sqlite3_int64 size)
{
	return under(lite)->pMethods->xTruncate(under(lite), size);
}

static int pass_sync(sqlite3_file *lite, int flags)
{
	return under(lite)->pMethods->xSync(under(lite), flags);
}

static int pass_size(sqlite3_file *lite, sqlite3_int64 *ret)
{
	return under(lite)->pMethods->xFileSize(under(lite), ret);
}

static int pass_lock(sqlite3_file *lite, int level)
{
	return under(lite)->pMethods->xLock(under(lite), level);
}

static int pass_unlock(sqlite3_file *lite, int level)
{
	return under(lite)->pMethods->xUnlock(under(lite), level);
}

static int pass_reserved(sqlite3_file *lite, int *ret)
{
	return under(lite)->pMethods->xCheckReservedLock(under(lite), ret);
}

static int pass_control(sqlite3_file *lite, int op, void *arg)
{
	return under(lite)->pMethods->xFileControl(under(lite), op, arg);
}

static int pass_sector(sqlite3_file *lite)
{
	return under(lite)->pMethods->xSectorSize(under(lite));
}

/* With it SQLite neither pads the WAL to sectors nor cuts a write in two. */
static int characteristics(sqlite3_file *lite)
{
	(void)lite;
	return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

static int pass_shm_map(sqlite3_file *lite, int region, int size, int extend, void volatile **ret)
{
	return under(lite)->pMethods->xShmMap(under(lite), region, size, extend, ret);
}

static int pass_shm_lock(sqlite3_file *lite, int at, int n, int flags)
{
	return under(lite)->pMethods->xShmLock(under(lite), at, n, flags);
}

static void pass_shm_barrier(sqlite3_file *lite)
{
	under(lite)->pMethods->xShmBarrier(under(lite));
}

static int pass_shm_unmap(sqlite3_file *lite, int remove)
{
	return under(lite)->pMethods->xShmUnmap(under(lite), remove);
}

/* Version 2: shared memory, but no pages mapped past our reading (xFetch). */
#define METHODS(read, write)                                                                       \
	{                                                                                          \
		.iVersion = 2, .xClose = pass_close, .xRead = read, .xWrite = write,               \
		.xTruncate = pass_truncate, .xSync = pass_sync, .xFileSize = pass_size,            \
		.xLock = pass_lock, .xUnlock = pass_unlock, .xCheckReservedLock = pass_reserved,   \
		.xFileControl = pass_control, .xSectorSize = pass_sector,                          \
		.xDeviceCharacteristics = characteristics, .xShmMap = pass_shm_map,                \
		.xShmLock = pass_shm_lock, .xShmBarrier = pass_shm_barrier,                        \
		.xShmUnmap = pass_shm_unmap,                                                       \
	}

static const sqlite3_io_methods main_methods = METHODS(main_read, main_write);
static const sqlite3_io_methods wal_methods = METHODS(wal_read, wal_write);
static const sqlite3_io_methods journal_methods = METHODS(journal_read, journal_write);

/* ---- the VFS ---- */

static struct db_sealed *sealed_of(sqlite3_vfs *vfs)
{
	return (struct db_sealed *)(void *)vfs;
}

/* NULL for files that SQLite would write open: temporary ones. */
static const sqlite3_io_methods *methods_for(int flags)
{
	if (flags & SQLITE_OPEN_MAIN_DB)
		return &main_methods;
	if (flags & SQLITE_OPEN_WAL)
		return &wal_methods;
	return flags & SQLITE_OPEN_MAIN_JOURNAL ? &journal_methods : NULL;
}

static int vfs_open(
	sqlite3_vfs *vfs, const char *name, sqlite3_file *lite, int flags, int *ret_flags)
{
	struct db_sealed *s = sealed_of(vfs);
	struct file *f = file_of(lite);
	const sqlite3_io_methods *methods = methods_for(flags);

	/* Without methods SQLite does not close what did not open. */
	*f = (struct file){.of = s, .name = name, .under = (sqlite3_file *)(void *)(f + 1)};
	if (methods == NULL || name == NULL)
		return SQLITE_CANTOPEN;

	int code = s->under->xOpen(s->under, name, f->under, flags, ret_flags);

	if (code == SQLITE_OK)
		f->lite.pMethods = methods;
	return code;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
	sqlite3_vfs *under = sealed_of(vfs)->under;

	return under->xDelete(under, name, sync);
}

static int vfs_access(sqlite3_vfs *vfs, const char *name, int flags, int *ret)
{
	sqlite3_vfs *under = sealed_of(vfs)->under;

	return under->xAccess(under, name, flags, ret);
}

static int vfs_path(sqlite3_vfs *vfs, const char *name, int size, char *ret)
{
	sqlite3_vfs *under = sealed_of(vfs)->under;

	return under->xFullPathname(under, name, size, ret);
}

static int vfs_random(sqlite3_vfs *vfs, int size, char *ret)
{
	sqlite3_vfs *under = sealed_of(vfs)->under;

	return under->xRandomness(under, size, ret);
}

static int vfs_sleep(sqlite3_vfs *vfs, int microseconds)
{
	sqlite3_vfs *under = sealed_of(vfs)->under;

	return under->xSleep(under, microseconds);
}

static int vfs_time(sqlite3_vfs *vfs, double *ret)
{
	sqlite3_vfs *under = sealed_of(vfs)->under;

	return under->xCurrentTime(under, ret);
}

static int vfs_last_error(sqlite3_vfs *vfs, int size, char *ret)
{
	sqlite3_vfs *under = sealed_of(vfs)->under;

	return under->xGetLastError(under, size, ret);
}

static void fill_vfs(struct db_sealed *s)
{
	snprintf(s->name, sizeof(s->name), "buzon-sealed-%p", (void *)s);
	s->vfs = (sqlite3_vfs){
		.iVersion = 1,
		.szOsFile = (int)sizeof(struct file) + s->under->szOsFile,
		.mxPathname = s->under->mxPathname,
		.zName = s->name,
		.xOpen = vfs_open,
		.xDelete = vfs_delete,
		.xAccess = vfs_access,
		.xFullPathname = vfs_path,
		.xRandomness = vfs_random,
		.xSleep = vfs_sleep,
		.xCurrentTime = vfs_time,
		.xGetLastError = vfs_last_error,
	};
}

enum err db_sealed_make(const struct secret *key, struct db_sealed **ret)
{
	AUTO(db_sealed) s = mem_zalloc(sizeof(*s));

	if (s == NULL)
		return ERR_NO_MEMORY;
	s->under = sqlite3_vfs_find(NULL);
	if (s->under == NULL)
		return ERR_NO_MEMORY;

	enum err e = page_seal_make(key, &s->seal);

	if (e != OK)
		return e;
	fill_vfs(s);
	if (sqlite3_vfs_register(&s->vfs, 0) != SQLITE_OK)
		return ERR_NO_MEMORY;
	*ret = STEAL(s);
	return OK;
}

void db_sealed_free(struct db_sealed *s)
{
	if (s == NULL)
		return;
	/* One that was never registered is not found, which does no harm. */
	sqlite3_vfs_unregister(&s->vfs);
	page_seal_free(s->seal);
	OPENSSL_cleanse(s->page, sizeof(s->page));
	mem_free(s);
}

const char *db_sealed_name(const struct db_sealed *s)
{
	return s->name;
}
