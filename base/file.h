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
/* The folder and its parents, mode 0700 where made; OK when it is there already. */
enum err file_make_folder(const char *path) MUST_CHECK;
bool file_exists(const char *path);
/* The sorted names of the folder's plain files that end in `ending`; *ret_names is in the arena. */
enum err file_list(struct arena *a, const char *folder, const char *ending, char ***ret_names,
	size_t *ret_count) MUST_CHECK;
/* The errno of a failed write or read, as an error. */
enum err file_error(int number);

#endif
