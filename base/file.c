#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum err file_error(int number)
{
	switch (number) {
	case ENOSPC:
	case EDQUOT:
	case EFBIG:
		return ERR_DISK_FULL;
	case ENOENT:
	case ENOTDIR:
	case EISDIR:
	case EACCES:
	case EPERM:
		return ERR_NO_FILE;
	case ENOMEM:
		return ERR_NO_MEMORY;
	default:
		return ERR_IO;
	}
}

static enum err read_all(int fd, unsigned char *to, size_t limit, size_t *ret_size)
{
	size_t size = 0;

	for (;;) {
		ssize_t n = read(fd, to + size, limit + 1 - size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return file_error(errno);
		size += (size_t)n;
		if (size > limit)
			return ERR_TOO_LARGE;
		if (n == 0)
			break;
	}
	*ret_size = size;
	return OK;
}

enum err file_read(struct arena *a, const char *path, size_t limit, struct bytes *ret)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat s;
	size_t size = 0;

	if (fd < 0)
		return file_error(errno);
	if (fstat(fd, &s) != 0 || S_ISDIR(s.st_mode)) {
		close(fd);
		return ERR_NO_FILE;
	}
	/* A pipe or a file of /proc has no size: the limit is the room. */
	size_t room = s.st_size > 0 && (size_t)s.st_size < limit ? (size_t)s.st_size : limit;
	unsigned char *data = arena_alloc(a, room + 2);
	enum err e = data == NULL ? ERR_NO_MEMORY : read_all(fd, data, room, &size);

	close(fd);
	if (e != OK)
		return e;
	data[size] = 0;
	*ret = bytes_of(data, size);
	return OK;
}

static enum err write_all(int fd, struct bytes content)
{
	for (size_t done = 0; done < content.size;) {
		ssize_t n = write(fd, content.data + done, content.size - done);

		if (n < 0 && errno != EINTR)
			return file_error(errno);
		done += n > 0 ? (size_t)n : 0;
	}
	return fsync(fd) == 0 ? OK : file_error(errno);
}

enum err file_sync_folder_of(const char *path)
{
	char folder[PATH_MAX];
	const char *slash = strrchr(path, '/');
	int n = slash == NULL
			? snprintf(folder, sizeof(folder), ".")
			: snprintf(folder, sizeof(folder), "%.*s", (int)(slash - path) + 1, path);
	int fd = n < (int)sizeof(folder) ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

	if (fd < 0)
		return ERR_IO;
	int failed = fsync(fd);

	close(fd);
	return failed == 0 ? OK : ERR_IO;
}

/* The content in a file of its own beside `path`, named in `beside`. */
static enum err write_beside(
	const char *path, struct bytes content, mode_t mode, char beside[PATH_MAX])
{
	if (snprintf(beside, PATH_MAX, "%s.XXXXXX", path) >= PATH_MAX)
		return ERR_NO_FILE;
	int fd = mkostemp(beside, O_CLOEXEC);

	if (fd < 0)
		return file_error(errno);
	enum err e = fchmod(fd, mode) == 0 ? write_all(fd, content) : ERR_IO;

	if (close(fd) != 0 && e == OK)
		e = file_error(errno);
	if (e != OK)
		unlink(beside);
	return e;
}

enum err file_write(const char *path, struct bytes content, mode_t mode)
{
	char beside[PATH_MAX];
	enum err e = write_beside(path, content, mode, beside);

	if (e != OK)
		return e;
	if (rename(beside, path) != 0) {
		e = file_error(errno);
		unlink(beside);
		return e;
	}
	return file_sync_folder_of(path);
}

enum err file_write_new(const char *path, struct bytes content, mode_t mode, bool *ret_made)
{
	char beside[PATH_MAX];
	enum err e = write_beside(path, content, mode, beside);

	if (e != OK)
		return e;

	/* Unlike a rename, a link takes no other's place. */
	int failed = link(beside, path) == 0 ? 0 : errno;

	unlink(beside);
	if (failed != 0 && failed != EEXIST)
		return file_error(failed);
	e = file_sync_folder_of(path);
	if (e == OK)
		*ret_made = failed == 0;
	return e;
}

enum err file_sync(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return file_error(errno);
	enum err e = fsync(fd) == 0 ? OK : file_error(errno);

	close(fd);
	return e;
}

/* Where there are no flags for it, a link takes no other's place either. */
static int rename_new(const char *from, const char *to)
{
	if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return errno;
	if (link(from, to) != 0)
		return errno;
	return unlink(from) == 0 ? 0 : errno;
}

enum err file_rename(const char *from, const char *to, bool replace)
{
	int failed = !replace ? rename_new(from, to) : rename(from, to) == 0 ? 0 : errno;

	if (failed == EEXIST)
		return ERR_EXISTS;
	return failed == 0 ? file_sync_folder_of(to) : file_error(failed);
}

enum err file_exchange(const char *one, const char *two)
{
	if (renameat2(AT_FDCWD, one, AT_FDCWD, two, RENAME_EXCHANGE) == 0)
		return file_sync_folder_of(two);
	return errno == EINVAL || errno == ENOSYS ? ERR_INTERNAL : file_error(errno);
}

enum err file_give_as(const char *path, const char *like)
{
	struct stat st;

	if (geteuid() != 0 || stat(like, &st) != 0)
		return OK;
	return lchown(path, st.st_uid, st.st_gid) == 0 ? OK : file_error(errno);
}

bool file_same(const char *one, const char *two)
{
	struct stat a;
	struct stat b;

	return stat(one, &a) == 0 && stat(two, &b) == 0 && a.st_dev == b.st_dev &&
	       a.st_ino == b.st_ino;
}

enum err file_make_folder(const char *path)
{
	char part[PATH_MAX];

	if (snprintf(part, sizeof(part), "%s", path) >= (int)sizeof(part))
		return ERR_NO_FILE;
	for (char *p = part + 1;; p++) {
		char c = *p;

		if (c != '/' && c != '\0')
			continue;
		*p = '\0';
		if (mkdir(part, 0700) == 0) {
			/* What is synced into it later is lost with its own name. */
			enum err e = file_sync_folder_of(part);

			if (e != OK)
				return e;
		} else if (errno != EEXIST) {
			return file_error(errno);
		}
		*p = c;
		if (c == '\0')
			return OK;
	}
}

bool file_exists(const char *path)
{
	return access(path, F_OK) == 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool ends_with(const char *name, const char *ending)
{
	size_t n = strlen(name);
	size_t m = strlen(ending);

	return n >= m && strcmp(name + n - m, ending) == 0;
}

enum err file_list(struct arena *a, const char *folder, const char *ending, char ***ret_names,
	size_t *ret_count)
{
	DIR *d = opendir(folder);
	size_t count = 0;
	size_t room = 16;
	char **names = arena_array(a, room, sizeof(*names));
	enum err e = d == NULL ? file_error(errno) : OK;

	for (struct dirent *entry; e == OK && names != NULL && (entry = readdir(d)) != NULL;) {
		if (entry->d_name[0] == '.' || !ends_with(entry->d_name, ending))
			continue;
		if (count == room) {
			char **more = arena_array(a, room *= 2, sizeof(*names));

			if (more != NULL)
				memcpy(more, names, count * sizeof(*names));
			names = more;
		}
		if (names == NULL || (names[count++] = arena_strdup(a, entry->d_name)) == NULL)
			names = NULL;
	}
	if (d != NULL)
		closedir(d);
	if (e != OK)
		return e;
	if (names == NULL)
		return ERR_NO_MEMORY;
	qsort(names, count, sizeof(*names), by_name);
	*ret_names = names;
	*ret_count = count;
	return OK;
}
