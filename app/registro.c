#include "app/registro.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include "app/folders.h"
#include "base/file.h"
#include "base/log.h"

#define MOST_BYTES (1024 * 1024)
#define NO_LOG (-1)

/* Written once, before any other thread. */
static struct {
	char path[PATH_MAX];
	char older[PATH_MAX];
	int fd;
} registro = {.fd = NO_LOG};

static int open_file(void)
{
	return open(registro.path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
}

/* Nothing where another program has just done it: the file is young again. */
static void put_away(void)
{
	struct stat st;

	if (stat(registro.path, &st) == 0 && st.st_size >= MOST_BYTES)
		(void)rename(registro.path, registro.older);
}

static size_t room(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && st.st_size < MOST_BYTES ? (size_t)(MOST_BYTES - st.st_size)
							      : MOST_BYTES;
}

/* The number of the descriptor stays: other threads may be writing to it. */
static void on_full(void)
{
	put_away();
	int fresh = open_file();

	if (fresh < 0)
		return;
	(void)dup3(fresh, registro.fd, O_CLOEXEC);
	(void)close(fresh);
	log_limit(room(registro.fd), on_full);
}

static bool name_files(void)
{
	ARENA(a, 64 * 1024);
	const char *folder = folders_state(&a);
	int n = -1;
	int m = -1;

	if (folder == NULL || file_make_folder(folder) != OK)
		return false;
	n = snprintf(registro.path, sizeof(registro.path), "%s/registro.log", folder);
	m = snprintf(registro.older, sizeof(registro.older), "%s/registro.log.1", folder);
	return n > 0 && n < PATH_MAX && m > 0 && m < PATH_MAX;
}

void registro_open(bool debug)
{
	int before = registro.fd;

	registro.fd = NO_LOG;
	if (name_files()) {
		put_away();
		registro.fd = open_file();
	}
	if (registro.fd < 0)
		registro.path[0] = '\0';
	log_limit(0, NULL);
	log_open(registro.fd, debug ? LOG_DEBUG : LOG_INFO);
	if (before >= 0)
		(void)close(before);
	if (registro.fd >= 0)
		log_limit(room(registro.fd), on_full);
}

const char *registro_path(void)
{
	return registro.path;
}
