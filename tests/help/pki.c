#include "tests/help/pki.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/file.h"

#define FILE_BYTES (1024 * 1024)

static void must(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "pki: %s\n", what);
	abort();
}

static const char *setting(const char *name, const char *otherwise)
{
	const char *value = getenv(name);

	return value != NULL && value[0] != '\0' ? value : otherwise;
}

/* Made beside and renamed, so that a run that dies leaves nothing half made. */
static void make(const char *script, const char *folder)
{
	char making[PATH_MAX + 16];
	int status = 0;

	snprintf(making, sizeof(making), "%s.%ld", folder, (long)getpid());

	pid_t child = fork();

	must(child >= 0, "fork");
	if (child == 0) {
		execl(script, script, "--todo", making, (char *)NULL);
		_exit(127);
	}
	must(waitpid(child, &status, 0) == child && status == 0, "tools/pki.sh failed");
	must(rename(making, folder) == 0, "cannot rename the new PKI");
}

static void name_folder(const char *script, char *to, size_t size)
{
	const char *given = setting("BUZON_PKI", NULL);
	struct stat st;

	if (given != NULL) {
		snprintf(to, size, "%s", given);
		return;
	}
	must(stat(script, &st) == 0, "no tools/pki.sh: run from the root or set BUZON_ROOT");
	snprintf(to, size, "%s/buzon-pki-%ld-%lld-%lld", setting("BUZON_TMP", "/tmp"),
		(long)getuid(), (long long)st.st_mtime, (long long)st.st_size);
}

const char *pki_dir(void)
{
	static char folder[PATH_MAX];
	char script[PATH_MAX];
	char lock[PATH_MAX + 8];
	struct stat st;

	if (folder[0] != '\0')
		return folder;
	snprintf(script, sizeof(script), "%s/tools/pki.sh", setting("BUZON_ROOT", "."));
	name_folder(script, folder, sizeof(folder));
	snprintf(lock, sizeof(lock), "%s.lock", folder);

	int fd = open(lock, O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600);

	must(fd >= 0 && flock(fd, LOCK_EX) == 0, "cannot lock the PKI's folder");
	if (stat(folder, &st) != 0)
		make(script, folder);
	must(stat(folder, &st) == 0 && st.st_uid == getuid(), "the PKI's folder is not ours");
	close(fd);
	return folder;
}

struct bytes pki_read(struct arena *a, const char *file)
{
	char path[PATH_MAX + 64];
	struct bytes content = {0};

	snprintf(path, sizeof(path), "%s/%s", pki_dir(), file);
	must(file_read(a, path, FILE_BYTES, &content) == OK, path);
	return content;
}

void pki_password(const char *name, struct secret *ret)
{
	ARENA(a, 64 * 1024);
	char file[128];

	snprintf(file, sizeof(file), "%s.pass", name);

	struct bytes text = pki_read(&a, file);

	must(secret_set(ret, text.data, text.size) == OK, "no memory for a password");
}

struct efirma *pki_efirma(const char *name)
{
	ARENA(a, 2 * FILE_BYTES);
	SECRET(password);
	struct efirma *f = NULL;
	const char *cer = arena_printf(&a, "%s.cer", name);
	const char *key = arena_printf(&a, "%s.key", name);

	must(cer != NULL && key != NULL, "no memory");
	pki_password(name, &password);
	must(efirma_open(pki_read(&a, cer), pki_read(&a, key), &password, NULL, pki_now(), &f) ==
			OK,
		name);
	return f;
}

int64_t pki_now(void)
{
	struct clock c = clock_system(0);

	return clock_now(&c);
}
