/*
 * A message of whatever values: it is refused, or our own reader finds in it what was put in, and
 * no header more.
 */
#include <stdint.h>
#include "base/utf8.h"
#include "core/mime.h"
#include "core/mime_lee.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t lines_that_begin(struct bytes head, const char *name)
{
	size_t found = 0;

	for (size_t at = 0; at < head.size; at++)
		if ((at == 0 || head.data[at - 1] == '\n') && head.size - at >= strlen(name) &&
			memcmp(head.data + at, name, strlen(name)) == 0)
			found++;
	return found;
}

static void check(struct arena *a, const struct mime_mail *m, struct bytes message)
{
	struct mime_parte whole = mime_lee(message);
	struct mime_parte part;
	const char *subject = mime_campo(a, whole.head, "Subject");
	const char *read = subject != NULL ? mime_palabras(a, subject) : NULL;
	const char *want = utf8_clean(a, m->subject);

	/* What stands at the ends of a header is not kept by any reader. */
	if (read != NULL && want != NULL && strchr(want, ' ') == NULL && strcmp(read, want) != 0)
		__builtin_trap();
	if (lines_that_begin(whole.head, "To:") != 1 || lines_that_begin(whole.head, "Bcc:") != 0 ||
		lines_that_begin(whole.head, "Subject:") != 1)
		__builtin_trap();
	if (!mime_hija(a, &whole, 0, &part) || !mime_hija(a, &whole, 1, &part) ||
		mime_hija(a, &whole, 2, &part))
		__builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	ARENA(a, 16 << 20);
	char *text = arena_copy(&a, data, size);
	const char *parts[5] = {"", "", "", "", ""};
	size_t count = 0;
	struct bytes message;

	for (size_t at = 0; text != NULL && at < size && count < COUNT_OF(parts);
		at += strlen(text + at) + 1)
		parts[count++] = text + at;
	struct mime_mail m = {.from_name = parts[1],
		.from = "a@b.mx",
		.to = parts[2],
		.subject = parts[0],
		.id = "abcdefghijklmnopqrstuvwxyz@b.mx",
		.date = 0,
		.text = parts[3],
		.html = parts[4]};

	if (text != NULL && size < 65536 && mime_write(&a, &m, &message) == OK)
		check(&a, &m, message);
	return 0;
}
