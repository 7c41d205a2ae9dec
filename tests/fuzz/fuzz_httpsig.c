/*
 * Any bytes as the parts of a signed request, a line each: Signature-Input, Signature,
 * Content-Digest, authority, path, Content-Type, then the body. What passes must be evidence later.
 */
#include <stdint.h>
#include <stdlib.h>
#include "net/httpsig.h"

#define ALLOWANCE (1u << 20)
#define LINES 6

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

static size_t lines_of(struct bytes text)
{
	size_t n = 0;

	for (size_t i = 0; i < text.size; i++)
		n += text.data[i] == '\n';
	return n;
}

/* Cuts the next line off *rest. */
static const char *cut(struct arena *a, struct bytes *rest)
{
	size_t n = 0;

	while (n < rest->size && rest->data[n] != '\n')
		n++;
	const char *line = arena_copy(a, rest->data, n);

	n += n < rest->size;
	*rest = bytes_of(rest->data + n, rest->size - n);
	return line;
}

static void parse(struct arena *a, const struct httpsig_request *rq)
{
	struct httpsig sig;
	const char *digest = NULL;
	enum err e = httpsig_parse(a, rq, &sig);

	must(e == OK || e == ERR_BAD_REQUEST || e == ERR_NO_MEMORY);
	if (e != OK)
		return;
	must(sig.nonce.size == HTTPSIG_NONCE_BYTES && strlen(sig.keyid) == 43);
	must(sig.created >= 0 && sig.expires >= 0 && sig.signature.size != 0);
	must(sig.base.size <= HTTPSIG_BASE_MOST && lines_of(sig.base) == 5);
	must(httpsig_base_digest(a, sig.base, &digest) == OK);
	must(strcmp(digest, rq->content_digest) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	ARENA(a, ALLOWANCE);
	struct bytes rest = bytes_of(data, size);
	const char *lines[LINES];
	const char *digest = NULL;

	if (size > 16384)
		return 0;
	for (int i = 0; i < LINES; i++)
		lines[i] = cut(&a, &rest);
	struct httpsig_request rq = {.method = "POST",
		.signature_input = lines[0],
		.signature = lines[1],
		.content_digest = lines[2],
		.authority = lines[3],
		.path = lines[4],
		.content_type = lines[5]};

	parse(&a, &rq);
	must(httpsig_base_digest(&a, bytes_of(data, size), &digest) != OK || digest != NULL);
	must(httpsig_digest(&a, rest, &digest) == OK);
	/* The header is right for the body exactly where it is the one we make. */
	must((httpsig_check_digest(&a, lines[2], rest) == OK) == (strcmp(lines[2], digest) == 0));
	return 0;
}
