/*
 * One request of the client, from its signature to its end; and the client's own state, which only
 * client.c and call.c see.
 *
 * A call is linked in its client until its `done` was called; it enters by itself, corrects the
 * clock by itself, and takes an act through the outbox (client.h says what is promised).
 */
#ifndef APP_CALL_H
#define APP_CALL_H

#include "app/client.h"

#define KEY_ID_BYTES 44 /* 43 characters of base64url and a NUL */

struct client {
	struct arena arena;
	const struct perfil *perfil;
	struct http_out *out;
	struct trust *trust;
	struct outbox outbox;
	const char *acuses; /* where acuses are saved */
	struct efirma *efirma;
	struct key *reading;
	char reading_id[KEY_ID_BYTES];
	int64_t reading_expires;
	int64_t offset;	    /* the server's clock minus ours */
	int64_t not_before; /* monotonic: the outbox rests until then */
	int back_off_ms;
	int tries; /* of an act by a call that waits */
	client_retry told;
	void *told_ctx;
	client_entered entered;
	void *entered_ctx;
	struct call *calls;
};

/* One request from its signature to its end. */
struct call {
	struct call *next;
	struct client *c;
	struct arena arena;
	enum route route;
	struct bytes body;
	int64_t expires;       /* ms UTC; 0: a read's */
	struct outbox_act act; /* the signed request; .name NULL until signed */
	struct http_out_call *http;
	struct key *new_key; /* ENTRY: enrolled when the answer is OK */
	char new_id[KEY_ID_BYTES];
	struct call *waiter; /* an entry made for this call */
	client_done done;
	void *ctx;
	int64_t begun; /* monotonic */
	bool clock_tried;
	bool enter_tried;
};

void call_destroy(struct call *k);
AUTO_TYPE(call, struct call, call_destroy);

enum err call_make(struct client *c, enum route route, client_done done, void *ctx,
	struct call **ret) MUST_CHECK;
/* The body: the request with the profile's hat; an entry brings certificate and a new key. */
enum err call_fill(struct call *k, const void *request) MUST_CHECK;
/*
 * Links, signs (an act goes to the outbox here) unless it is signed, and sends. Where it fails the
 * call is not linked and still the caller's.
 */
enum err call_go(struct call *k) MUST_CHECK;
void call_unlink(struct call *k);
/* How long `times` rests of the outbox last from now on, the present one first (ms). */
int64_t call_rests(const struct client *c, int times);
bool call_is_act(const struct call *k);
/* Has the client a reading key in force? */
bool call_can_read(const struct client *c);

#endif
