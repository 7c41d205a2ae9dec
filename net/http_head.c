#include "net/http_head.h"

#include <strings.h>

static const char *const names[HTTP_IN_HEADERS] = {
	[HTTP_IN_HOST] = "Host",
	[HTTP_IN_CONTENT_TYPE] = "Content-Type",
	[HTTP_IN_CONTENT_DIGEST] = "Content-Digest",
	[HTTP_IN_CONTENT_ENCODING] = "Content-Encoding",
	[HTTP_IN_SIGNATURE_INPUT] = "Signature-Input",
	[HTTP_IN_SIGNATURE] = "Signature",
	[HTTP_IN_ACCEPT_ENCODING] = "Accept-Encoding",
	[HTTP_IN_FORWARDED_FOR] = "X-Forwarded-For",
	[HTTP_IN_UPLOAD_OFFSET] = "Upload-Offset",
	[HTTP_IN_UPLOAD_COMPLETE] = "Upload-Complete",
	[HTTP_IN_EXPECT] = "Expect",
};

static bool blank(char c)
{
	return c == ' ' || c == '\t';
}

static const char *trimmed(struct arena *a, const char *value, size_t size)
{
	while (size > 0 && blank(*value)) {
		value++;
		size--;
	}
	while (size > 0 && blank(value[size - 1]))
		size--;
	return arena_copy(a, value, size);
}

static uint64_t number(const char *text)
{
	uint64_t n = 0;

	for (; *text >= '0' && *text <= '9' && n < UINT64_MAX / 20; text++)
		n = n * 10 + (uint64_t)(*text - '0');
	return n;
}

void http_head_take(
	struct http_head *h, const char *key, size_t key_size, const char *value, size_t value_size)
{
	struct http_in_request *rq = h->rq;

	if (value == NULL)
		value = "";
	h->size += key_size + value_size + 4;
	if (strcasecmp(key, "Content-Length") == 0) {
		h->framings++;
		h->length = number(value);
	}
	if (strcasecmp(key, "Transfer-Encoding") == 0) {
		h->framings++;
		h->chunked = true;
	}
	for (int i = 0; i < HTTP_IN_HEADERS; i++) {
		if (strcasecmp(key, names[i]) != 0)
			continue;
		if (rq->headers[i] != NULL)
			rq->repeated[i] = true;
		else
			rq->headers[i] = trimmed(&rq->arena, value, value_size);
		h->failed = h->failed || rq->headers[i] == NULL;
	}
}
