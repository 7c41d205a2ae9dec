#include "core/secret_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/file.h"

#define PASSWORD_BYTES 1024

static enum err read_fd(int fd, size_t limit, struct secret *ret)
{
	SECRET(s);
	ssize_t n;
	enum err e = secret_make(&s, limit + 1);

	if (e != OK)
		return e;
	while (s.size <= limit) {
		do
			n = read(fd, s.data + s.size, limit + 1 - s.size);
		while (n < 0 && errno == EINTR);
		if (n < 0)
			return errno == EISDIR ? ERR_NO_FILE : ERR_IO;
		if (n == 0)
			return secret_set(ret, s.data, s.size);
		s.size += (size_t)n;
	}
	return ERR_TOO_LARGE;
}

enum err secret_file_read(const char *path, size_t limit, struct secret *ret)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return file_error(errno);
	enum err e = read_fd(fd, limit, ret);

	close(fd);
	return e;
}

enum err secret_file_password(const char *path, struct secret *ret)
{
	enum err e = secret_file_read(path, PASSWORD_BYTES, ret);

	if (e != OK)
		return e;
	if (ret->size != 0 && ret->data[ret->size - 1] == '\n')
		secret_chop(ret, 1);
	if (ret->size != 0 && ret->data[ret->size - 1] == '\r')
		secret_chop(ret, 1);
	return OK;
}
