/*
 * A form that a stranger sends to the public page, cut anywhere on its way.
 */
#include <stdint.h>
#include "net/multipart.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t seen;

static void begins(void *ctx, const char *name, bool file)
{
	(void)ctx;
	seen += strlen(name) + file;
}

static void take(void *ctx, struct bytes some)
{
	(void)ctx;
	for (size_t i = 0; i < some.size; i++)
		seen += some.data[i];
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct multipart_handlers to = {.begins = begins, .data = take};
	struct multipart m;

	if (size == 0 || multipart_begin(&m, "multipart/form-data; boundary=x-y", &to) != OK)
		return 0;
	/* Its first byte says how large the pieces are. */
	size_t step = data[0] % 16 + 1U;

	for (size_t at = 1; at < size; at += step)
		multipart_add(&m, bytes_of(data + at, size - at < step ? size - at : step));
	return multipart_ended(&m) && seen == SIZE_MAX ? 1 : 0;
}
