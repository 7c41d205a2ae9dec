#include "core/folios.h"

/* Small, so that a folio stays near its act; large enough that a busy server leases seldom. */
#define BLOCK 64

static int64_t first_of(const struct folios *f, int64_t now)
{
	return f->next > now ? f->next : now;
}

static enum err lease(struct folios *f, struct store *s, int64_t now, int64_t count)
{
	int64_t size = count > BLOCK ? count : BLOCK;
	int64_t end;

	if (count == 0 || first_of(f, now) + count <= f->end)
		return OK;
	enum err e = store_lease(s, now, size, &end);

	if (e == OK)
		*f = (struct folios){.next = end - size, .end = end};
	return e;
}

enum err folios_begin(struct folios *f, struct store *s, int64_t now, size_t count)
{
	bool apart = store_leases_apart(s);
	enum err e = apart ? lease(f, s, now, (int64_t)count) : OK;

	if (e == OK)
		e = store_begin(s);
	return e == OK && !apart ? lease(f, s, now, (int64_t)count) : e;
}

void folios_rolled_back(struct folios *f, const struct store *s, const struct folios *before)
{
	if (!store_leases_apart(s))
		*f = *before;
}

enum err folios_take(struct folios *f, int64_t now, int64_t *ret_at)
{
	int64_t at = first_of(f, now);

	if (at >= f->end)
		return ERR_INTERNAL;
	f->next = at + 1;
	*ret_at = at;
	return OK;
}
