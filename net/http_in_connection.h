/*
 * What http_in.c and http_in_pieces.c share: a server and its connections.
 */
#ifndef NET_HTTP_IN_CONNECTION_H
#define NET_HTTP_IN_CONNECTION_H

#include <pthread.h>
#include "net/body.h"
#include "net/http_in_response.h"
#include "net/http_stream.h"
#include "net/listener.h"

struct http_in {
	struct MHD_Daemon *daemon;
	struct http_in_handlers handlers;
	struct http_in_config config;
	struct slow *slow;
	int listener;
	unsigned short port;
	struct canned too_large, bad_request, busy;

	pthread_mutex_t lock; /* what follows, and each connection's shared part */
	pthread_cond_t ended;
	struct http_in_connection *waiting; /* given to the handler, not over yet */
	size_t open;			    /* of those, the ones with a live connection */
	size_t references;		    /* the owner's and one per waiting */
	bool stopping;			    /* no new requests */
	bool forced;			    /* no more waiting either */
};

enum step { STEP_HEAD, STEP_BODY, STEP_PIECES, STEP_GIVEN };

/*
 * One request. MHD's thread owns it until it is given to the handler; from then on the shared part
 * is under the lock of `in`. It is freed when MHD is done with it and it was answered.
 */
struct http_in_connection {
	struct http_in *in;
	struct http_in_request rq;
	enum step step;
	int64_t started;
	char peer[LISTENER_PEER];
	const struct canned *refusal; /* decided; the rest of the body is dropped */
	struct body body;
	uint64_t received;	   /* with what was dropped */
	struct http_stream stream; /* STEP_PIECES: instead of the body */
	uint64_t dropped;	   /* of it, behind the answer */
	struct slow_peer *slow;

	/* Shared. */
	struct http_in_connection *next, *prev;
	struct MHD_Connection *mhd; /* NULL once MHD is done */
	bool suspended;
	bool out; /* a piece is with the handler */
	bool answered;
	struct http_answer answer;
};

/* With the lock of `in`. */
void http_in_waiting_add(struct http_in *in, struct http_in_connection *c);
void http_in_waiting_remove(struct http_in *in, struct http_in_connection *c);
/* Without it; the last that happens to a request that the handler saw. */
void http_in_close(struct http_in_connection *c);
/* On MHD's thread; `answered` was seen under the lock, so the answer is ours now. */
enum MHD_Result http_in_send(struct http_in_connection *c, struct MHD_Connection *mhd);

/* ---- bodies in pieces: http_in_pieces.c, all on MHD's thread ---- */

/* The head is there. False where the body is not wanted in pieces. */
bool http_pieces_begin(
	struct http_in_connection *c, struct MHD_Connection *mhd, enum MHD_Result *ret);
enum MHD_Result http_pieces_data(
	struct http_in_connection *c, struct MHD_Connection *mhd, const char *data, size_t size);
enum MHD_Result http_pieces_end(struct http_in_connection *c, struct MHD_Connection *mhd);
/* MHD is done with it: answered, or the peer left. */
void http_pieces_completed(struct http_in_connection *c);

#endif
