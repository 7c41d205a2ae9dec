/* Preloaded into buzond by the bench: a disk that takes 5 ms more for each fsync. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>
#include <unistd.h>

#define EXTRA_NS 5000000

static int slow(int (*real)(int), int fd)
{
	struct timespec more = {.tv_nsec = EXTRA_NS};

	nanosleep(&more, NULL);
	return real(fd);
}

int fsync(int fd)
{
	return slow((int (*)(int))dlsym(RTLD_NEXT, "fsync"), fd);
}

int fdatasync(int fd)
{
	return slow((int (*)(int))dlsym(RTLD_NEXT, "fdatasync"), fd);
}
