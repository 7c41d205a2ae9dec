/*
 * Is a document that arrived what the functionary signed (Lineamientos 7.1, 7.9)?
 */
#ifndef APP_PAPERS_H
#define APP_PAPERS_H

#include "crypto/trust.h"
#include "screens/model.h"

/*
 * Fills the document's checks once it is whole: its hash, the hash that the notification announced
 * (`announced` may be NULL), the signature, the certificate as of `at` (ms UTC: the aviso's).
 */
enum err papers_check(struct model_documento *d, const struct trust *t, const char *announced,
	int64_t at) MUST_CHECK;

#endif
