#include "core/store/store_guard.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "base/file.h"
#include "base/mem.h"

/* A verb writes for milliseconds; and a file is put elsewhere in as many. */
#define TRIES 100
#define PAUSE_MS 50

struct store_guard {
	int fd;
};

void store_guard_drop(struct store_guard *g)
{
	close(g->fd);
	mem_free(g);
}

static enum err make(int fd, struct store_guard **ret)
{
	struct store_guard *g = fd >= 0 ? mem_alloc(sizeof(*g)) : NULL;

	if (fd < 0)
		return file_error(errno);
	if (g == NULL) {
		close(fd);
		return ERR_NO_MEMORY;
	}
	g->fd = fd;
	*ret = g;
	return OK;
}

/* Is it still the file of that name? */
static bool in_place(const struct store_guard *g, const char *path)
{
	struct stat named;
	struct stat had;

	return stat(path, &named) == 0 && fstat(g->fd, &had) == 0 && named.st_dev == had.st_dev &&
	       named.st_ino == had.st_ino;
}

static enum err lock(struct store_guard *g, int how)
{
	if (flock(g->fd, how | LOCK_NB) == 0)
		return OK;
	return errno == EWOULDBLOCK ? ERR_BUSY : file_error(errno);
}

enum err store_guard_server(const char *place, struct store_guard **ret)
{
	AUTO(store_guard) g = NULL;
	char path[PATH_MAX];

	if (store_shared(place))
		return OK;
	if (snprintf(path, sizeof(path), "%s.servidor", place) >= (int)sizeof(path))
		return ERR_NO_FILE;
	enum err e =
		make(open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY, 0600), &g);

	/* What root makes must not keep the store's own user out. */
	if (e == OK)
		e = file_give_as(path, place);
	if (e == OK)
		e = lock(g, LOCK_EX);
	/* Somebody took the file away meanwhile: theirs to say. */
	if (e == ERR_BUSY || (e == OK && !in_place(g, path)))
		return ERR_STORE_TAKEN;
	if (e == OK)
		*ret = STEAL(g);
	return e;
}

static enum err try_file(const char *place, int how, struct store_guard **ret)
{
	AUTO(store_guard) g = NULL;
	int fd = open(place, O_RDONLY | O_CLOEXEC);

	/* A store that is made now. */
	if (fd < 0 && errno == ENOENT)
		return OK;
	enum err e = make(fd, &g);

	if (e == OK)
		e = lock(g, how);
	/* Another file was put in its place while this one was waited for. */
	if (e == OK && !in_place(g, place))
		e = ERR_BUSY;
	if (e == OK)
		*ret = STEAL(g);
	return e;
}

static enum err take_file(const char *place, int how, struct store_guard **ret)
{
	const struct timespec pause = {.tv_nsec = PAUSE_MS * 1000000L};
	enum err e = store_shared(place) ? OK : try_file(place, how, ret);

	for (int n = 1; e == ERR_BUSY && n < TRIES; n++) {
		nanosleep(&pause, NULL);
		e = try_file(place, how, ret);
	}
	return e;
}

enum err store_guard_use(const char *place, struct store_guard **ret)
{
	return take_file(place, LOCK_SH, ret);
}

enum err store_guard_alone(const char *place, struct store_guard **ret)
{
	return take_file(place, LOCK_EX, ret);
}
