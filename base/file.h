/*
 * Whole files: read with a limit, written so that a crash leaves the old one or the new one.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <sys/types.h>
#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"

/*
 * The file's bytes in the arena, NUL behind. ERR_NO_FILE (not there, a folder, not readable),
 * ERR_TOO_LARGE past `limit`, ERR_IO.
 */
enum err file_read(struct arena *a, const char *path, size_t limit, struct bytes *ret) MUST_CHECK;
/*
 * Written beside, fsynced, renamed, folder fsynced. `mode` as in chmod. ERR_DISK_FULL (also over
 * quota), ERR_NO_FILE where the folder is missing, ERR_IO.
 */
enum err file_write(const char *path, struct bytes content, mode_t mode) MUST_CHECK;
/*
 * The same where there is none yet: *ret_made tells; of several that do it at once one has, and
 * its file is whole before any of the others is told.
 */
enum err file_write_new(
	const char *path, struct bytes content, mode_t mode, bool *ret_made) MUST_CHECK;
/* The folder and its parents, mode 0700 and synced where made; OK when it is there already. */
enum err file_make_folder(const char *path) MUST_CHECK;
bool file_exists(const char *path);
/* What was written to the file, or what happened to names in its folder, is on disk. */
enum err file_sync(const char *path) MUST_CHECK;
enum err file_sync_folder_of(const char *path) MUST_CHECK;
/*
 * Another name for the file, in the same file system. ERR_EXISTS where there is one of that name,
 * unless it may be replaced: in one step, too.
 */
enum err file_rename(const char *from, const char *to, bool replace) MUST_CHECK;
/* Each gets the other's name, in one step. ERR_INTERNAL where the file system can't. */
enum err file_exchange(const char *one, const char *two) MUST_CHECK;
/* What root makes gets the owner of the file `like`, where there is one; others' is theirs. */
enum err file_give_as(const char *path, const char *like) MUST_CHECK;
/* Is it one file by two names? False where there is none. */
bool file_same(const char *one, const char *two);
/* The sorted names of the folder's plain files that end in `ending`; *ret_names is in the arena. */
enum err file_list(struct arena *a, const char *folder, const char *ending, char ***ret_names,
	size_t *ret_count) MUST_CHECK;
/* The errno of a failed write or read, as an error. */
enum err file_error(int number);

#endif
