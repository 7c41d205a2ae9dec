/*
 * A file of the padrón, whatever is in it: CSV or JSON as it looks. What passes keeps its limits;
 * where nothing is told, all of it passed.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "base/utf8.h"
#include "core/padron_archivo.h"
#include "crypto/rfc.h"

#define ALLOWANCE (32u << 20)
#define NOW INT64_C(1795600000000)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void hear(void *ctx, const struct padron_queja *q)
{
	size_t *told = ctx;

	must(q->dice != NULL && utf8_valid(q->dice, strlen(q->dice)));
	must(q->linea >= 0);
	*told += q->aviso ? 0 : 1;
}

static void check(const struct padron_ficha *f)
{
	must(rfc_kind(f->rfc) != RFC_NONE && *f->nombre != '\0' && strlen(f->nombre) <= 400);
	must(f->zona == NULL || zona_find(f->zona) != NULL);
	must(f->inscrito <= NOW && f->rps_count <= PADRON_RPS);
	must(f->representantes_count <= PADRON_REPRESENTANTES);
	for (size_t i = 0; i < f->rps_count; i++)
		must(strlen(f->rps[i].rp) == 11);
	for (size_t i = 0; i < f->representantes_count; i++) {
		const struct padron_representante *r = &f->representantes[i];

		must(strcmp(r->rfc, f->rfc) != 0 && rfc_kind(r->rfc) != RFC_NONE);
		must(r->hasta == 0 || r->hasta >= r->desde);
		must(alcance_en(&r->alcance, AMBITO_CUALQUIERA) != NIVEL_NADA);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t told = 0;
	const struct padron_oido oido = {.oye = hear, .ctx = &told};
	FILE *in = size != 0 ? fmemopen((void *)(uintptr_t)data, size, "r") : NULL;
	struct padron_archivo *p = NULL;

	if (in == NULL || zona_setup() != OK)
		return 0;
	enum err e = padron_archivo_open(in, PADRON_ADIVINA, NOW, &oido, &p);

	while (e == OK) {
		ARENA(a, ALLOWANCE);
		const struct padron_ficha *f = NULL;
		size_t before = told;

		e = padron_archivo_next(p, &a, &f);
		must(e == OK || e == ERR_NOT_FOUND || e == ERR_NO_MEMORY);
		if (e == OK && f != NULL)
			check(f);
		must(e != OK || f != NULL || told > before);
	}
	if (p != NULL)
		padron_archivo_close(p);
	fclose(in);
	return 0;
}
