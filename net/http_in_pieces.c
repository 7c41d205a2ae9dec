#include "net/http_in_connection.h"

#include <strings.h>
#include "net/slow.h"

/*
 * Behind an answer the rest of a body is read and dropped up to that: else the peer, still sending,
 * would see a reset instead of the answer.
 */
#define DRAIN (1024 * 1024)

static bool begin_waiting(struct http_in_connection *c, struct MHD_Connection *mhd)
{
	struct http_in *in = c->in;

	pthread_mutex_lock(&in->lock);
	bool stopping = in->stopping;

	if (!stopping) {
		c->mhd = mhd;
		http_in_waiting_add(in, c);
	}
	pthread_mutex_unlock(&in->lock);
	return !stopping;
}

static void end_waiting(struct http_in_connection *c)
{
	struct http_in *in = c->in;

	pthread_mutex_lock(&in->lock);
	c->mhd = NULL;
	http_in_waiting_remove(in, c);
	in->open--;
	in->references--; /* the owner's is left */
	pthread_cond_broadcast(&in->ended);
	pthread_mutex_unlock(&in->lock);
	c->next = c->prev = NULL;
}

static bool is_answered(struct http_in_connection *c)
{
	pthread_mutex_lock(&c->in->lock);
	bool answered = c->answered;

	pthread_mutex_unlock(&c->in->lock);
	return answered;
}

/* The peer asks before it sends (RFC 9110 section 10.1.1), or sends too much to be read. */
static bool answer_now(const struct http_in_request *rq)
{
	const char *expect = rq->headers[HTTP_IN_EXPECT];

	return rq->length > DRAIN || (expect != NULL && strcasecmp(expect, "100-continue") == 0);
}

bool http_pieces_begin(
	struct http_in_connection *c, struct MHD_Connection *mhd, enum MHD_Result *ret)
{
	struct http_in *in = c->in;
	struct http_in_stream want = {0};

	if (in->handlers.streams == NULL)
		return false;
	if (!begin_waiting(c, mhd)) {
		*ret = MHD_queue_response(mhd, in->busy.status, in->busy.response);
		return true;
	}
	if (!in->handlers.streams(in->handlers.ctx, &c->rq, &want)) {
		end_waiting(c);
		return false;
	}
	c->step = STEP_PIECES;
	http_stream_begin(&c->stream, &want);
	slow_expect(in->slow, c->slow, true);
	*ret = is_answered(c) && answer_now(&c->rq) ? http_in_send(c, mhd) : MHD_YES;
	return true;
}

enum handed { HANDED_WAITS, HANDED_BACK, HANDED_NEVER };

/* Gives the piece to the handler; the connection waits until it is back, unless the server ends. */
static enum handed hand(struct http_in_connection *c, struct MHD_Connection *mhd, bool last)
{
	struct http_in *in = c->in;

	pthread_mutex_lock(&in->lock);
	c->out = true;
	pthread_mutex_unlock(&in->lock);
	c->rq.body = http_stream_hand(&c->stream);
	c->rq.last = last;
	c->rq.excess = c->stream.excess;
	in->handlers.piece(in->handlers.ctx, &c->rq);
	pthread_mutex_lock(&in->lock);
	bool out = c->out;
	bool waits = out && !in->forced;

	if (waits) {
		/* Under the lock, so that who gives it back from another thread resumes after this.
		 */
		MHD_suspend_connection(mhd);
		c->suspended = true;
	}
	pthread_mutex_unlock(&in->lock);
	return waits ? HANDED_WAITS : out ? HANDED_NEVER : HANDED_BACK;
}

static bool is_stopping(struct http_in *in)
{
	pthread_mutex_lock(&in->lock);
	bool stopping = in->stopping;

	pthread_mutex_unlock(&in->lock);
	return stopping;
}

/* MHD_NO ends the connection: then what is there is handed over, too. */
enum MHD_Result http_pieces_data(
	struct http_in_connection *c, struct MHD_Connection *mhd, const char *data, size_t size)
{
	if (is_answered(c)) {
		c->dropped += size;
		return c->dropped <= DRAIN ? MHD_YES : MHD_NO;
	}
	/* Another server takes the rest. */
	if (is_stopping(c->in) || http_stream_slow(&c->stream))
		return MHD_NO;
	if (http_stream_add(&c->stream, data, size) != OK)
		return MHD_NO;
	if (!http_stream_ripe(&c->stream))
		return MHD_YES;
	return hand(c, mhd, c->stream.excess) != HANDED_NEVER ? MHD_YES : MHD_NO;
}

enum MHD_Result http_pieces_end(struct http_in_connection *c, struct MHD_Connection *mhd)
{
	struct http_in *in = c->in;

	slow_expect(in->slow, c->slow, false);
	while (!is_answered(c))
		switch (hand(c, mhd, true)) {
		case HANDED_WAITS:
			return MHD_YES;
		case HANDED_NEVER:
			return MHD_queue_response(mhd, in->busy.status, in->busy.response);
		case HANDED_BACK:
			break;
		}
	return http_in_send(c, mhd);
}

void http_pieces_completed(struct http_in_connection *c)
{
	struct http_in *in = c->in;

	pthread_mutex_lock(&in->lock);
	bool out = c->out;
	bool ends = c->answered || (!out && !http_stream_has(&c->stream));

	c->mhd = NULL;
	c->suspended = false;
	c->out = true;
	in->open--;
	if (ends)
		http_in_waiting_remove(in, c);
	pthread_cond_broadcast(&in->ended);
	pthread_mutex_unlock(&in->lock);
	if (ends) {
		http_in_close(c);
	} else if (!out) {
		c->rq.body = http_stream_hand(&c->stream);
		c->rq.left = c->rq.last = true;
		in->handlers.piece(in->handlers.ctx, &c->rq);
	}
	/* Else the handler still has a piece: http_in_more or http_in_answer ends it. */
}

void http_in_more(struct http_in_request *rq)
{
	struct http_in_connection *c = rq->connection;
	struct http_in *in = c->in;

	pthread_mutex_lock(&in->lock);
	bool orphan = c->mhd == NULL;

	http_stream_back(&c->stream);
	c->out = false;
	if (orphan)
		http_in_waiting_remove(in, c);
	else if (c->suspended) {
		c->suspended = false;
		MHD_resume_connection(c->mhd);
	}
	pthread_mutex_unlock(&in->lock);
	if (orphan)
		http_in_close(c);
}
