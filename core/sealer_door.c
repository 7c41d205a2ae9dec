#include "core/sealer_door.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include "core/sealer_wire.h"

#define WAITING 64

/* Whoever holds the folder's lock is the only one that replaces a socket in it; -1 fails. */
static int lock_folder(const char *path)
{
	struct sockaddr_un at = sealer_wire_address(path);
	char *slash = strrchr(at.sun_path, '/');
	int fd;

	if (slash != NULL)
		slash[slash == at.sun_path] = '\0';
	fd = open(slash != NULL ? at.sun_path : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0 && flock(fd, LOCK_EX) != 0) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static enum err remove_stale(const char *path)
{
	struct stat st;
	int fd = -1;

	if (lstat(path, &st) != 0)
		return errno == ENOENT ? OK : ERR_NO_FILE;
	if (!S_ISSOCK(st.st_mode))
		return ERR_CONFIG;
	enum err e = sealer_wire_connect(path, &fd);

	if (e == OK)
		close(fd);
	if (e == OK || e == ERR_UNAVAILABLE)
		return ERR_UNAVAILABLE;
	return unlink(path) == 0 || errno == ENOENT ? OK : ERR_IO;
}

static enum err listen_at(const char *path, int *ret_fd)
{
	struct sockaddr_un at = sealer_wire_address(path);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return ERR_IO;
	/* It is never open to more than it should be, not even for a moment. */
	mode_t before = umask(0117);
	bool made = bind(fd, (const struct sockaddr *)&at, sizeof(at)) == 0;

	umask(before);
	if (!made || listen(fd, WAITING) != 0) {
		if (made)
			(void)unlink(path);
		close(fd);
		return ERR_IO;
	}
	*ret_fd = fd;
	return OK;
}

enum err sealer_door_open(const char *path, int *ret_fd)
{
	int folder = lock_folder(path);

	if (folder < 0)
		return ERR_NO_FILE;
	enum err e = remove_stale(path);

	if (e == OK)
		e = listen_at(path, ret_fd);
	close(folder);
	return e;
}

enum err sealer_door_give(const char *path, const char *user)
{
	struct passwd *p = user != NULL && geteuid() == 0 ? getpwnam(user) : NULL;

	if (user == NULL || geteuid() != 0)
		return OK;
	if (p == NULL)
		return ERR_CONFIG;
	return lchown(path, p->pw_uid, p->pw_gid) == 0 ? OK : ERR_IO;
}

void sealer_door_close(const char *path, int fd)
{
	/* In this order: while somebody listens nobody else puts a socket there. */
	(void)unlink(path);
	close(fd);
}
