#include "net/curl.h"

#include <dlfcn.h>
#include <malloc.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <openssl/crypto.h>
#include "base/mem.h"

#define SONAME "libcurl.so.4"

struct curl_lib curl_lib;

static const struct {
	const char *name;
	size_t at; /* in struct curl_lib */
} symbols[] = {
#define CURL(name) {"curl_" #name, offsetof(struct curl_lib, name)},
#include "net/curl.def"
#undef CURL
};

static void *zero_alloc(size_t n, size_t size)
{
	return size != 0 && n > SIZE_MAX / size ? NULL : mem_zalloc(n * size);
}

/* What it frees may have been a password: of a relay, or of a gateway. */
static void wipe_free(void *p)
{
	if (p != NULL)
		OPENSSL_cleanse(p, malloc_usable_size(p));
	mem_free(p);
}

/* The old place is not left as it was. */
static void *wipe_realloc(void *p, size_t size)
{
	size_t old = p != NULL ? malloc_usable_size(p) : 0;
	void *to = mem_alloc(size);

	if (to == NULL)
		return NULL;
	if (p != NULL)
		memcpy(to, p, old < size ? old : size);
	wipe_free(p);
	return to;
}

/* Never unloaded: threads of its own may still be resolving a name. */
enum err curl_load(void)
{
	void *library = dlopen(SONAME, RTLD_NOW | RTLD_LOCAL);

	if (library == NULL)
		return ERR_NO_LIBCURL;
	for (size_t i = 0; i < COUNT_OF(symbols); i++) {
		void *function = dlsym(library, symbols[i].name);

		if (function == NULL)
			return ERR_NO_LIBCURL;
		/* ISO C has no cast to a pointer to function; POSIX makes both the same. */
		memcpy((char *)&curl_lib + symbols[i].at, &function, sizeof(function));
	}
	return curl_lib.global_init_mem(CURL_GLOBAL_DEFAULT, mem_alloc, wipe_free, wipe_realloc,
		       mem_strdup, zero_alloc) == CURLE_OK
		       ? OK
		       : ERR_NO_MEMORY;
}
