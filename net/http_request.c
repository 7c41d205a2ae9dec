#include "net/http_request.h"

#include <string.h>
#include "base/mem.h"

static size_t text_size(const char *text)
{
	return text != NULL ? strlen(text) + 1 : 0;
}

static size_t lines_count(const char *const *lines)
{
	size_t n = 0;

	while (lines != NULL && lines[n] != NULL)
		n++;
	return n;
}

static const char *put_text(char **at, const char *text)
{
	size_t size = text_size(text);
	char *to = *at;

	if (size == 0)
		return NULL;
	*at += size;
	return memcpy(to, text, size);
}

struct http_out_request *http_request_copy(const struct http_out_request *rq)
{
	size_t lines = lines_count(rq->headers);
	size_t size = sizeof(*rq) + (lines + 1) * sizeof(char *) + text_size(rq->url) +
		      text_size(rq->method) + text_size(rq->ca_file) + text_size(rq->mail_to) +
		      text_size(rq->mail_from) + rq->body.size;

	for (size_t i = 0; i < lines; i++)
		size += text_size(rq->headers[i]);
	struct http_out_request *to = mem_zalloc(size);
	if (to == NULL)
		return NULL;
	const char **headers = (const char **)(void *)(to + 1);
	char *at = (char *)(headers + lines + 1);

	*to = *rq;
	to->headers = headers;
	for (size_t i = 0; i < lines; i++)
		headers[i] = put_text(&at, rq->headers[i]);
	to->url = put_text(&at, rq->url);
	to->method = put_text(&at, rq->method);
	to->ca_file = put_text(&at, rq->ca_file);
	to->mail_to = put_text(&at, rq->mail_to);
	to->mail_from = put_text(&at, rq->mail_from);
	/* An empty body is a body: POST. */
	if (rq->body.data != NULL)
		to->body = bytes_of(memcpy(at, rq->body.data, rq->body.size), rq->body.size);
	return to;
}
