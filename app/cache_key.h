/*
 * The keys of the local copies, under the e.firma, by signing certificate: who signs for forty
 * profiles unlocks once.
 *
 * FOLDER/<keyid>.llave holds a master secret of 32 random bytes, wrapped for that certificate's key
 * (RSA-OAEP); a profile's key is HKDF-SHA256 of it and the profile's name. The folder is there
 * already (file_make_folder). Nothing of this is ever deleted here.
 */
#ifndef APP_CACHE_KEY_H
#define APP_CACHE_KEY_H

#include <stdbool.h>
#include "base/err.h"
#include "base/secret.h"
#include "crypto/efirma.h"

/*
 * The 32 bytes for db_open_sealed. The master is made at first use (of several processes that do it
 * at once, one makes it). ERR_BAD_CACHE where the file is damaged or another's; ERR_DISK_FULL,
 * ERR_NO_FILE (no folder), ERR_IO, ERR_NO_MEMORY.
 */
enum err cache_key_open(const struct efirma *f, const char *folder, const char *perfil,
	struct secret *ret_key) MUST_CHECK;
/* Does this certificate have its master there? One that never opened a copy has not. */
bool cache_key_exists(const struct cert *c, const char *folder);

#endif
