#include "base/db_mem.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <sqlite3.h>
#include "base/mem.h"

/* SQLite asks for sizes back, so each block carries its own. */

union header {
	size_t size;
	max_align_t align;
};

static void *lite_malloc(int bytes)
{
	union header *h = mem_alloc(sizeof(*h) + (size_t)bytes);

	if (h == NULL)
		return NULL;
	h->size = (size_t)bytes;
	return h + 1;
}

static void lite_free(void *p)
{
	if (p != NULL)
		mem_free((union header *)p - 1);
}

static void *lite_realloc(void *p, int bytes)
{
	union header *h = mem_realloc((union header *)p - 1, sizeof(*h) + (size_t)bytes);

	if (h == NULL)
		return NULL;
	h->size = (size_t)bytes;
	return h + 1;
}

static int lite_size(void *p)
{
	return p != NULL ? (int)((union header *)p - 1)->size : 0;
}

static int lite_roundup(int bytes)
{
	return (bytes + 7) & ~7;
}

static int lite_init(void *unused)
{
	(void)unused;
	return SQLITE_OK;
}

static void lite_shutdown(void *unused)
{
	(void)unused;
}

enum err db_setup(void)
{
	static atomic_bool done;
	static const sqlite3_mem_methods methods = {
		.xMalloc = lite_malloc,
		.xFree = lite_free,
		.xRealloc = lite_realloc,
		.xSize = lite_size,
		.xRoundup = lite_roundup,
		.xInit = lite_init,
		.xShutdown = lite_shutdown,
	};

	if (atomic_exchange(&done, true))
		return OK;
	/* The statistics cost a global lock at every allocation. */
	if (sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0) != SQLITE_OK ||
		sqlite3_config(SQLITE_CONFIG_MALLOC, &methods) != SQLITE_OK)
		return ERR_STORE;
	return OK;
}
