#include "tests/help/alto.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define STOP_MS 30000

/* The state behind the name, which may hold anything (proc_pid_stat(5)). */
static bool thread_stopped(pid_t pid, const char *thread)
{
	char path[64];
	char text[512] = "";

	(void)snprintf(path, sizeof(path), "/proc/%d/task/%.16s/stat", (int)pid, thread);
	FILE *f = fopen(path, "r");

	/* It has ended meanwhile. */
	if (f == NULL)
		return true;
	(void)!fread(text, 1, sizeof(text) - 1, f);
	(void)fclose(f);
	const char *end = strrchr(text, ')');

	return end == NULL || strchr("TtZX", end[2]) != NULL;
}

static bool all_stopped(pid_t pid)
{
	char path[64];
	bool all = true;

	(void)snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	DIR *threads = opendir(path);

	if (threads == NULL)
		return false;
	for (const struct dirent *d; all && (d = readdir(threads)) != NULL;)
		all = d->d_name[0] == '.' || thread_stopped(pid, d->d_name);
	(void)closedir(threads);
	return all;
}

bool alto(pid_t pid)
{
	if (kill(pid, SIGSTOP) != 0)
		return false;
	for (int ms = 0; ms < STOP_MS; ms++) {
		if (all_stopped(pid))
			return true;
		nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
	}
	return false;
}
