#include "app/openssl_lines.h"

#include <stdio.h>
#include "app/evidence.h"
#include "base/texto.h"

enum err openssl_lines(struct arena *a, const struct m_acuse *m, const char *folder)
{
	enum err e = evidence_openssl(a, m, folder);

	if (e != OK)
		return e;
	fprintf(stderr, _("Compruébalo en %s con openssl:\n"), folder);
	fputs("  openssl x509 -in sello.cer -pubkey -noout > sello.pem\n"
	      "  openssl base64 -d -A -in sello.b64 -out sello.bin\n"
	      "  openssl dgst -sha256 -verify sello.pem -signature sello.bin cadena.txt\n",
		stderr);
	return OK;
}
