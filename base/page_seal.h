/*
 * Sealed pages: AES-256-GCM with a random nonce, bound to the place where the page belongs.
 *
 * A page keeps its size: its last PAGE_SEAL_BYTES are zero while it is open, and hold nonce and tag
 * while it is sealed. What opens is what was sealed under this key, for this place.
 */
#ifndef BASE_PAGE_SEAL_H
#define BASE_PAGE_SEAL_H

#include <stddef.h>
#include <stdint.h>
#include "base/err.h"
#include "base/macros.h"
#include "base/secret.h"

#define PAGE_SEAL_KEY_BYTES 32
#define PAGE_SEAL_BYTES 28 /* nonce 12, tag 16 (SP 800-38D) */
#define PAGE_SEAL_BLOCK 16

struct page_seal; /* of one thread at a time; holds the expanded key, cleansed when freed */

/* Where a page belongs: the kind of file and the byte of it where the page starts. */
struct page_place {
	unsigned char kind;
	int64_t at;
};

/* ERR_INTERNAL where the key is not of PAGE_SEAL_KEY_BYTES, ERR_NO_MEMORY. */
enum err page_seal_make(const struct secret *key, struct page_seal **ret) MUST_CHECK;
void page_seal_free(struct page_seal *s);
AUTO_TYPE(page_seal, struct page_seal, page_seal_free);

/*
 * `to` gets the sealed page (not the same memory). ERR_INTERNAL where the page's last bytes are not
 * zero: opened again it would not be the same. ERR_NO_MEMORY.
 */
enum err page_seal_close(struct page_seal *s, struct page_place place, const unsigned char *page,
	size_t size, unsigned char *to) MUST_CHECK;
/* In place. ERR_BAD_CACHE: another key, another place, or altered; then the page is all zero. */
enum err page_seal_open(
	struct page_seal *s, struct page_place place, unsigned char *page, size_t size) MUST_CHECK;

/*
 * One block, in place, without room for a tag: hides it, and makes any change of it a change of
 * all of it (AES-256 under a key of its own). For blocks that check themselves.
 */
enum err page_seal_hide(struct page_seal *s, unsigned char block[PAGE_SEAL_BLOCK]) MUST_CHECK;
enum err page_seal_show(struct page_seal *s, unsigned char block[PAGE_SEAL_BLOCK]) MUST_CHECK;

#endif
