/*
 * Files whose content is secret (a password, a private key), read straight into the secure heap.
 */
#ifndef CORE_SECRET_FILE_H
#define CORE_SECRET_FILE_H

#include "base/secret.h"

/* ERR_NO_FILE, ERR_TOO_LARGE past `limit`, ERR_IO, ERR_NO_MEMORY. */
enum err secret_file_read(const char *path, size_t limit, struct secret *ret) MUST_CHECK;
/* The same without the newline that editors leave at the end. */
enum err secret_file_password(const char *path, struct secret *ret) MUST_CHECK;

#endif
