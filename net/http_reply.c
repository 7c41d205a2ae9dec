#include "net/http_reply.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "base/clock.h"

#define RETRY_MOST_S (24 * 60 * 60)

/* The value of header `name` in the line, copied to `to`; false where it is another header. */
static bool header_value(const char *line, size_t size, const char *name, char *to, size_t room)
{
	size_t n = strlen(name);

	if (size <= n || strncasecmp(line, name, n) != 0 || line[n] != ':')
		return false;
	for (line += n + 1, size -= n + 1; size > 0 && (*line == ' ' || *line == '\t'); size--)
		line++;
	while (size > 0 && strchr(" \t\r\n", line[size - 1]) != NULL)
		size--;
	if (size >= room)
		return false;
	memcpy(to, line, size);
	to[size] = '\0';
	return true;
}

/* Seconds or an HTTP-date (RFC 9110 section 10.2.3). */
static void take_retry_after(struct http_reply *r, const char *value)
{
	char *end;
	long seconds = strtol(value, &end, 10);

	if (end != value && *end == '\0')
		r->retry_after_s = seconds < 0		    ? 0
				   : seconds > RETRY_MOST_S ? RETRY_MOST_S
							    : (int)seconds;
	else
		r->retry_at = r->date_of(value);
}

/* A whole number that is no offset tells nothing. */
static void take_offset(struct http_reply *r, const char *value)
{
	size_t n = strlen(value);

	r->uploads = n > 0 && n <= 15 && strspn(value, "0123456789") == n;
	r->upload_offset = r->uploads ? strtoll(value, NULL, 10) : 0;
}

static void begin(struct http_reply *r, const char *line, size_t size)
{
	*r = (struct http_reply){
		.date_of = r->date_of,
		.begun = true,
		/* HTTP/1.0 knows no other way than closing; 2 has frames. */
		.framed = size < 8 || strncmp(line, "HTTP/1.1", 8) != 0,
	};
}

void http_reply_line(struct http_reply *r, const char *line, size_t size)
{
	char value[64];

	if (size >= 5 && strncmp(line, "HTTP/", 5) == 0)
		begin(r, line, size);
	else if (size <= 2 && (line[0] == '\r' || line[0] == '\n'))
		r->whole = true;
	else if (header_value(line, size, "Content-Length", value, sizeof(value)) ||
		 header_value(line, size, "Transfer-Encoding", value, sizeof(value)))
		r->framed = true;
	else if (header_value(line, size, "Date", value, sizeof(value)))
		r->date = r->date_of(value);
	else if (header_value(line, size, "Retry-After", value, sizeof(value)))
		take_retry_after(r, value);
	else if (header_value(line, size, "Upload-Offset", value, sizeof(value)))
		take_offset(r, value);
	else if (header_value(line, size, "Upload-Complete", value, sizeof(value)))
		r->upload_complete = strcmp(value, "?1") == 0;
}

int http_reply_retry(const struct http_reply *r)
{
	int64_t now = r->date;

	if (r->retry_at == 0)
		return r->retry_after_s;
	if (now == 0) {
		struct clock system = clock_system(0);

		now = clock_now(&system);
	}
	int64_t seconds = (r->retry_at - now + 999) / 1000;

	return seconds < 0 ? 0 : seconds > RETRY_MOST_S ? RETRY_MOST_S : (int)seconds;
}
