#include "net/request.h"

#include <stdlib.h>

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Length of the host at `text`, an IPv6 address in brackets included; 0 where there is none. */
static size_t host_size(const char *text)
{
	if (text[0] == '[') {
		size_t n = strspn(text + 1, "0123456789abcdef:.");

		return n >= 2 && text[n + 1] == ']' ? n + 2 : 0;
	}
	return strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789.-");
}

static bool loopback(const char *host, size_t size)
{
	static const char *const names[] = {"localhost", "127.0.0.1", "[::1]"};

	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (size == strlen(names[i]) && memcmp(host, names[i], size) == 0)
			return true;
	return false;
}

/* ":8443" or nothing; 0 in *ret_port where there is none. */
static bool read_port(const char *text, unsigned *ret_port)
{
	size_t digits = 0;

	*ret_port = 0;
	if (text[0] == '\0')
		return true;
	if (text[0] != ':')
		return false;
	digits = strspn(text + 1, "0123456789");
	if (digits == 0 || digits > 5 || text[digits + 1] != '\0')
		return false;
	*ret_port = (unsigned)strtoul(text + 1, NULL, 10);
	return *ret_port != 0 && *ret_port <= 65535;
}

enum err request_server(
	struct arena *a, const char *url, const char **ret_base, const char **ret_authority)
{
	char *text = arena_strdup(a, url);
	unsigned port;

	if (text == NULL)
		return ERR_NO_MEMORY;
	for (char *c = text; *c != '\0'; c++)
		*c = lower(*c);
	size_t size = strlen(text);

	if (size != 0 && text[size - 1] == '/')
		text[size - 1] = '\0';
	bool secure = strncmp(text, "https://", 8) == 0;
	const char *host = text + (secure ? 8 : 7);

	if (!secure && strncmp(text, "http://", 7) != 0)
		return ERR_BAD_FIELD;
	size_t n = host_size(host);

	if (n == 0 || n > 253 || !read_port(host + n, &port) || (!secure && !loopback(host, n)))
		return ERR_BAD_FIELD;
	const char *authority = port == 0 || port == (secure ? 443 : 80)
					? arena_printf(a, "%.*s", (int)n, host)
					: arena_printf(a, "%.*s:%u", (int)n, host, port);
	const char *base =
		authority != NULL ? arena_printf(a, "%s://%s", secure ? "https" : "http", authority)
				  : NULL;

	if (base == NULL)
		return ERR_NO_MEMORY;
	*ret_base = base;
	if (ret_authority != NULL)
		*ret_authority = authority;
	return OK;
}

enum err request_body(struct arena *a, enum route route, const void *message,
	const struct m_hat *hat, struct bytes *ret_body)
{
	const struct message *m = route_row(route)->request;
	void *copy = arena_copy(a, message, m->size);

	if (copy == NULL)
		return ERR_NO_MEMORY;
	/* Whoever acts for another than the profile's has said so in the request itself. */
	if (m->has_hat && ((const struct m_hat *)copy)->titular == NULL)
		memcpy(copy, hat, sizeof(*hat));
	return codec_encode(a, m, copy, ret_body);
}

enum err request_sign(struct arena *a, const char *servidor, enum route route, struct bytes body,
	const struct request_signer *signer, struct request *ret)
{
	struct request r = {.body = body};
	unsigned char nonce[HTTPSIG_NONCE_BYTES];
	const char *base = NULL;
	enum err e = request_server(a, servidor, &base, &r.rq.authority);

	if (e != OK)
		return e;
	r.rq.method = "POST";
	r.rq.path = route_row(route)->path;
	r.rq.content_type = REQUEST_CONTENT_TYPE;
	r.url = arena_printf(a, "%s%s", base, r.rq.path);
	if (r.url == NULL)
		return ERR_NO_MEMORY;
	e = httpsig_digest(a, body, &r.rq.content_digest);
	if (e == OK)
		e = httpsig_nonce(signer->created, nonce);
	if (e == OK)
		e = httpsig_sign(a, &r.rq, signer->key, signer->keyid, signer->created / 1000,
			signer->expires / 1000, nonce, &r.sig);
	if (e == OK)
		*ret = r;
	return e;
}

const char *const *request_headers(struct arena *a, const struct httpsig_request *rq)
{
	const char **h = arena_array(a, 5, sizeof(*h));

	if (h == NULL)
		return NULL;
	h[0] = arena_printf(a, "Content-Type: %s", rq->content_type);
	h[1] = arena_printf(a, "Content-Digest: %s", rq->content_digest);
	h[2] = arena_printf(a, "Signature-Input: %s", rq->signature_input);
	h[3] = arena_printf(a, "Signature: %s", rq->signature);
	for (int i = 0; i < 4; i++)
		if (h[i] == NULL)
			return NULL;
	return h;
}
