#include "net/answer.h"

static void read_refusal(struct arena *a, int status, struct answer *r)
{
	struct m_fallo f;
	enum err e = codec_decode(a, &message_fallo, CODEC_TOLERANT, r->json, &f, NULL);

	/* What a proxy says of a server that it did not hear from: nobody knows what became of an
	 * act.
	 */
	r->err = e == ERR_NO_MEMORY ? e : status >= 500 ? ERR_TIMEOUT : ERR_BAD_ANSWER;
	if (e != OK)
		return;
	e = err_from_wire(f.error);
	if (e == OK || e == ERR_BAD_ANSWER)
		return;
	r->err = e;
	r->campo = f.campo;
	r->dato = f.dato;
	/* 429 and 5xx are never stored as an act's answer (wire.md). */
	r->settled = status >= 400 && status < 500 && status != 429 && status != 408;
}

void answer_read(
	struct arena *a, enum route route, const struct http_out_result *result, struct answer *ret)
{
	const struct message *m = route_row(route)->answer;
	struct answer r = {.err = result->err, .retry_after_s = result->retry_after_s};

	*ret = r;
	if (r.err != OK)
		return;
	void *copy = arena_copy(a, result->body.data, result->body.size);
	void *message = arena_zalloc(a, m->size);

	if (copy == NULL || message == NULL) {
		ret->err = ERR_NO_MEMORY;
		return;
	}
	r.json = bytes_of(copy, result->body.size);
	if (result->status == 200) {
		r.err = codec_decode(a, m, CODEC_TOLERANT, r.json, message, NULL);
		r.settled = r.err == OK;
		r.message = r.err == OK ? message : NULL;
		if (r.err != OK && r.err != ERR_NO_MEMORY)
			r.err = ERR_BAD_ANSWER;
	} else {
		read_refusal(a, result->status, &r);
	}
	*ret = r;
}

bool answer_retries(enum err e)
{
	switch (e) {
	case ERR_NETWORK:
	case ERR_TIMEOUT:
	case ERR_CUT:
	case ERR_UNAVAILABLE:
	case ERR_BUSY:
	case ERR_STORE:
	case ERR_SEAL:
	case ERR_DISK_FULL:
	case ERR_IO:
	case ERR_NO_MEMORY:
	case ERR_TOO_MANY:
	case ERR_INTERNAL:
		return true;
	default:
		return false;
	}
}
