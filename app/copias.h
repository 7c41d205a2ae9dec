/*
 * The files of a profile's local copies, one by certificate: a renewed e.firma begins one of its
 * own, and the one before stays, sealed under the old key, till its owner has that key carry over
 * what only this device has (copias_carry) or discards it (copias_remove). Nothing else ends one.
 */
#ifndef APP_COPIAS_H
#define APP_COPIAS_H

#include "app/config.h"
#include "crypto/efirma.h"

struct copias {
	const char *folder; /* of the profile, with a slash behind */
	const char *keys;   /* what opens them (app/cache_key.h) */
};

/* Texts in the arena; nothing is made. ERR_NO_MEMORY. */
enum err copias_of(struct arena *a, const struct perfil *p, struct copias *ret) MUST_CHECK;
/* The name of that certificate's copy in the folder; NULL: no memory. */
const char *copias_name(struct arena *a, const struct cert *cert) MUST_CHECK;
/*
 * The names of the copies of other certificates; none where there is no folder. ERR_NO_FILE where
 * it can't be read, ERR_NO_MEMORY.
 */
enum err copias_others(struct arena *a, const struct copias *c, const struct cert *cert,
	char ***ret_names, size_t *ret_count) MUST_CHECK;
/* The copy of that name, and what SQLite keeps beside it. OK where it is gone already. ERR_IO. */
enum err copias_remove(struct arena *a, const struct copias *c, const char *name) MUST_CHECK;

/*
 * Carries drafts and history from the copy of `old` (efirma_open_old) to that of `now`, which is
 * made if there is none, and then removes the former: what it had from the server is brought again.
 * A draft that both have otherwise keeps the old one too, as <name>.anterior; of the rest that both
 * have, the new one's stays. *ret_carried: how many things were. A death between loses nothing, and
 * it can be done again. ERR_RFC_MISMATCH where the holder is another, ERR_NO_OLD_COPY where `old`
 * has none, ERR_BAD_CACHE where either can't be opened, ERR_DISK_FULL, ERR_IO, ERR_NO_MEMORY.
 */
enum err copias_carry(const struct perfil *p, const struct efirma *old, const struct efirma *now,
	size_t *ret_carried) MUST_CHECK;

#endif
