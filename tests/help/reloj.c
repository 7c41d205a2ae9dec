#include "tests/help/reloj.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include "tests/help/cm.h"
#include "tests/help/pki.h"

static char preload[PATH_MAX + 16], off[48] = "BUZON_RELOJ_MS=0", asan[300];
static const char *const words[] = {"env", preload, off, asan, NULL};

const char *const *reloj_words(void)
{
	const char *build = getenv("BUZON_BUILD");
	const char *had = getenv("ASAN_OPTIONS");
	char path[PATH_MAX], real[PATH_MAX];

	if (preload[0] != '\0')
		return words;
	snprintf(path, sizeof(path), "%s/tests/help/reloj.so", build != NULL ? build : "build");
	assert_non_null(realpath(path, real));
	snprintf(preload, sizeof(preload), "LD_PRELOAD=%s", real);
	snprintf(asan, sizeof(asan), "ASAN_OPTIONS=%s:verify_asan_link_order=0",
		had != NULL ? had : "");
	return words;
}

void reloj_off(int64_t ms)
{
	snprintf(off, sizeof(off), "BUZON_RELOJ_MS=%lld", (long long)ms);
}

void reloj_at(int64_t at)
{
	reloj_off(at - pki_now());
}
