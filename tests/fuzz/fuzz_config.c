/*
 * Both programs' configuration files, whatever is in them.
 */
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>
#include "app/config.h"
#include "core/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	ARENA(a, 4 << 20);
	struct config server;
	struct config_app client;
	const char *message;
	char path[64];
	int fd = memfd_create("config", MFD_CLOEXEC);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		return 0;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	enum err s = config_read(&a, path, &server, &message);
	enum err k = config_read_sello(&a, path, &server, &message);
	enum err c = config_app_read(&a, path, &client, &message);

	close(fd);
	return s < ERR_COUNT && k < ERR_COUNT && c < ERR_COUNT ? 0 : 1;
}
