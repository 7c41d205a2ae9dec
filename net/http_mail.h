/*
 * A call of http_out.c that hands a message over to a mail relay (RFC 5321). Only http_call.c uses
 * it.
 */
#ifndef NET_HTTP_MAIL_H
#define NET_HTTP_MAIL_H

#include "net/http_call.h"

/* All that SMTP alone wants of the easy handle; false: no memory. */
bool http_mail_set(struct http_out_call *c, const struct http_out_request *rq) MUST_CHECK;
/*
 * A refusal is an answer: err is OK and status its code. What broke while the message's end was
 * waited for has none: the relay may have it.
 */
struct http_out_result http_mail_result(const struct http_out_call *c, CURLcode code);

#endif
