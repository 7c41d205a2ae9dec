#include "net/http_in_response.h"

#include <inttypes.h>
#include <stdio.h>
#include "base/mem.h"

/* Nothing to add where value is NULL. */
static bool header(struct MHD_Response *r, const char *name, const char *value)
{
	return value == NULL || MHD_add_response_header(r, name, value) == MHD_YES;
}

static bool common_headers(struct MHD_Response *r)
{
	return header(r, "Cache-Control", "no-store") &&
	       header(r, "X-Content-Type-Options", "nosniff");
}

/* ---- made at start ---- */

bool canned_make(struct canned *c, enum err e)
{
	char text[128];
	int size = snprintf(text, sizeof(text), "{\"error\":\"%s\"}", err_wire(e));

	c->status = (unsigned)err_http(e);
	c->response = MHD_create_response_from_buffer((size_t)size, text, MHD_RESPMEM_MUST_COPY);
	return c->response != NULL && common_headers(c->response) &&
	       header(c->response, "Content-Type", "application/json") &&
	       header(c->response, "Connection", "close");
}

bool canned_make_busy(struct canned *c)
{
	c->status = MHD_HTTP_SERVICE_UNAVAILABLE;
	c->response = MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
	return c->response != NULL && common_headers(c->response) &&
	       header(c->response, "Retry-After", "5") &&
	       header(c->response, "Connection", "close");
}

void canned_free(struct canned *c)
{
	if (c->response != NULL)
		MHD_destroy_response(c->response);
}

/* ---- any other ---- */

/* draft-ietf-httpbis-resumable-upload, section 4. */
static bool upload_headers(struct MHD_Response *r, const struct http_in_upload *u)
{
	char offset[24];
	char length[24];

	snprintf(offset, sizeof(offset), "%" PRId64, u->offset);
	snprintf(length, sizeof(length), "%" PRId64, u->length);
	return header(r, "Upload-Offset", offset) && header(r, "Upload-Length", length) &&
	       header(r, "Upload-Complete", u->complete ? "?1" : "?0");
}

static bool answer_headers(struct MHD_Response *r, const struct http_answer *a, enum coding coding)
{
	char seconds[16];

	snprintf(seconds, sizeof(seconds), "%d", a->retry_after_s);
	return common_headers(r) && header(r, "Content-Type", a->type) &&
	       header(r, "Retry-After", a->retry_after_s > 0 ? seconds : NULL) &&
	       header(r, "Vary", a->varies ? "Accept-Encoding" : NULL) &&
	       header(r, "Content-Encoding", compress_name(coding)) &&
	       header(r, "Content-Security-Policy", a->policy) &&
	       header(r, "Referrer-Policy", a->policy != NULL ? "no-referrer" : NULL) &&
	       (!a->uploads || upload_headers(r, &a->upload));
}

struct MHD_Response *http_in_response(struct http_answer *a, const char *accept_encoding)
{
	if (a->body == NULL)
		return NULL;
	enum coding coding = http_answer_compress(a, accept_encoding);
	struct MHD_Response *r =
		MHD_create_response_from_buffer_with_free_callback(a->size, a->body, mem_free);

	if (r == NULL)
		return NULL;
	a->body = NULL;
	if (answer_headers(r, a, coding))
		return r;
	MHD_destroy_response(r);
	return NULL;
}
