/*
 * An answer on its way from who gives it to the thread that sends it: a copy on the heap.
 */
#ifndef NET_HTTP_ANSWER_H
#define NET_HTTP_ANSWER_H

#include "net/compress.h"
#include "net/http_in.h"

struct http_answer {
	unsigned char *body; /* NULL: there was no memory, a 503 goes out instead */
	size_t size;
	char *type; /* NULL: none */
	int status, retry_after_s;
	const char *policy; /* the caller's */
	bool varies;	    /* its coding depends on Accept-Encoding */
	bool uploads;	    /* `upload` is told */
	struct http_in_upload upload;
};

/* Never fails visibly: without memory the copy has no body. */
struct http_answer http_answer_copy(const struct http_in_answer *a);
void http_answer_free(struct http_answer *a);
/* Codes the body where it is above 1 KiB, the peer takes a coding and it gets smaller. */
enum coding http_answer_compress(struct http_answer *a, const char *accept_encoding);

#endif
