#include "net/http_answer.h"

#include "base/mem.h"

enum { COMPRESS_ABOVE = 1024 };

struct http_answer http_answer_copy(const struct http_in_answer *a)
{
	struct http_answer copy = {.size = a->body.size,
		.status = a->status,
		.retry_after_s = a->retry_after_s,
		.policy = a->policy,
		.varies = a->body.size > COMPRESS_ABOVE};

	copy.uploads = a->upload != NULL;
	if (copy.uploads)
		copy.upload = *a->upload;
	if (a->content_type != NULL) {
		copy.type = mem_strdup(a->content_type);
		if (copy.type == NULL)
			return copy;
	}
	copy.body = mem_alloc(a->body.size);
	if (copy.body != NULL && a->body.size > 0)
		memcpy(copy.body, a->body.data, a->body.size);
	return copy;
}

void http_answer_free(struct http_answer *a)
{
	mem_free(a->body);
	mem_free(a->type);
	*a = (struct http_answer){0};
}

enum coding http_answer_compress(struct http_answer *a, const char *accept_encoding)
{
	enum coding coding = compress_choose(accept_encoding);
	unsigned char *coded;

	if (!a->varies || coding == CODING_NONE ||
		compress_run(coding, bytes_of(a->body, a->size), &coded, &a->size) != OK)
		return CODING_NONE;
	mem_free(a->body);
	a->body = coded;
	return coding;
}
