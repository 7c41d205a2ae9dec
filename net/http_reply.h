/*
 * The head of an answer as it comes, line by line: is it whole, can the body's end be told from a
 * cut, what does it say of time.
 */
#ifndef NET_HTTP_REPLY_H
#define NET_HTTP_REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct http_reply {
	int64_t (*date_of)(const char *text); /* an HTTP-date as ms UTC; 0: none */

	bool begun;  /* the first line came */
	bool whole;  /* the blank line behind the headers came */
	bool framed; /* its end can be told from a cut */
	int64_t date;
	int64_t retry_at; /* ms UTC, from an HTTP-date; 0: none */
	int retry_after_s;
	bool uploads; /* an Upload-Offset came */
	bool upload_complete;
	int64_t upload_offset;
};

/* One line, its end included. Each head (100, the CONNECT of a proxy, the answer) begins anew. */
void http_reply_line(struct http_reply *r, const char *line, size_t size);
/* What Retry-After asks for, at most a day; against the server's clock where it told it. */
int http_reply_retry(const struct http_reply *r);

#endif
