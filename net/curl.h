/*
 * libcurl, loaded and not linked: the only door to its header. It costs 10 ms and some thirty
 * libraries at exec, which the first frame does not wait for (experience.md).
 *
 * Only net/http_call.h, which is private to net/http_out.c, includes this.
 */
#ifndef NET_CURL_H
#define NET_CURL_H

/* Its checks of types are macros around the functions' own names. */
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>
#include "base/err.h"

struct curl_lib {
#define CURL(name) __typeof__(curl_##name) *name;
#include "net/curl.def"
#undef CURL
};

/* Whole once curl_load answered OK, and never changed after. */
extern struct curl_lib curl_lib;

/* Once for the process. ERR_NO_LIBCURL where it is not installed. */
enum err curl_load(void) MUST_CHECK;

#endif
