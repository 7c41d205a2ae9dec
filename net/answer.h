/*
 * What an HTTP result means for the request it answers.
 */
#ifndef NET_ANSWER_H
#define NET_ANSWER_H

#include "net/http_out.h"
#include "net/routes.h"

struct answer {
	enum err err;
	const char *campo; /* the field at fault, or NULL */
	int64_t dato; /* what the error brings (reloj-desfasado: the server's ms); 0: nothing */
	const void *message; /* OK: struct of the route's answer */
	struct bytes json;   /* as received */
	bool settled;	     /* the server decided: the same request gets the same answer */
	int retry_after_s;
};

/*
 * Everything of *ret lives in the arena; `err` is ERR_NO_MEMORY where that ends. A refusal counts
 * as settled only when it is the server's own words: a proxy's page must not drop a signed act.
 */
void answer_read(struct arena *a, enum route route, const struct http_out_result *result,
	struct answer *ret);
/* May the same bytes get another answer later? */
bool answer_retries(enum err e);

#endif
