#include "tui/file_complete.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* A folder with more names than this is not completed past them: Tab must answer at once. */
#define NAMES_MAX 10000
#define ALLOWANCE (4 * 1024 * 1024)

struct found {
	char **names;
	size_t count;
	size_t room;
};

void file_complete_reset(struct file_complete *c)
{
	arena_free(&c->arena);
	*c = (struct file_complete){.arena = {.allowance = ALLOWANCE}};
}

static bool add(struct arena *a, struct found *f, char *name)
{
	if (f->count == f->room) {
		size_t room = f->room != 0 ? f->room * 2 : 64;
		char **bigger = arena_array(a, room, sizeof(*bigger));

		if (bigger == NULL)
			return false;
		if (f->count != 0)
			memcpy(bigger, f->names, f->count * sizeof(*bigger));
		f->names = bigger;
		f->room = room;
	}
	f->names[f->count++] = name;
	return true;
}

static int by_name(const void *x, const void *y)
{
	return strcmp(*(char *const *)x, *(char *const *)y);
}

static bool is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static void read_folder(
	struct arena *a, DIR *folder, const char *before, const char *begin, struct found *f)
{
	size_t size = strlen(begin);
	const struct dirent *entry;

	while (f->count < NAMES_MAX && (entry = readdir(folder)) != NULL) {
		if (strncmp(entry->d_name, begin, size) != 0 ||
			(entry->d_name[0] == '.' && begin[0] != '.') ||
			strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		char *path = arena_printf(a, "%s%s", before, entry->d_name);

		if (path != NULL && is_folder(path))
			path = arena_printf(a, "%s/", path);
		if (path == NULL || !add(a, f, path))
			return;
	}
}

static void collect(struct file_complete *c, const char *typed)
{
	const char *home = getenv("HOME");
	char *path = strncmp(typed, "~/", 2) == 0 && home != NULL
			     ? arena_printf(&c->arena, "%s%s", home, typed + 1)
			     : arena_strdup(&c->arena, typed);
	struct found f = {0};

	if (path == NULL)
		return;
	const char *slash = strrchr(path, '/');
	const char *begin = slash != NULL ? slash + 1 : path;
	char *before = arena_copy(&c->arena, path, (size_t)(begin - path));
	DIR *folder = before != NULL ? opendir(before[0] != '\0' ? before : ".") : NULL;

	if (folder == NULL)
		return;
	read_folder(&c->arena, folder, before, begin, &f);
	(void)closedir(folder);
	if (f.count != 0)
		qsort(f.names, f.count, sizeof(*f.names), by_name);
	c->names = f.names;
	c->count = f.count;
}

const char *file_complete_next(struct file_complete *c, const char *typed, bool back)
{
	if (c->active && c->count > 1) {
		c->at = (c->at + (back ? c->count - 1 : 1)) % c->count;
		return c->names[c->at];
	}
	file_complete_reset(c);
	collect(c, typed);
	if (c->count == 0)
		return NULL;
	c->active = c->count > 1;
	c->at = back ? c->count - 1 : 0;
	return c->names[c->at];
}
