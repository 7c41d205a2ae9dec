#include "tests/help/core_verbo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/file.h"
#include "core/verbos.h"
#include "tests/help/cm.h"
#include "tests/help/core_titular.h"
#include "tests/help/pki.h"

#define ARGS 40

int core_verbo(int64_t now, const char *const *words, char *out, size_t out_size, char *err,
	size_t err_size)
{
	char *argv[ARGS] = {0};
	char *made[2] = {0};
	size_t sizes[2];
	int argc = 0;
	FILE *to_out = open_memstream(&made[0], &sizes[0]);
	FILE *to_err = open_memstream(&made[1], &sizes[1]);
	char program[] = "buzond";

	argv[argc++] = program;
	for (; *words != NULL; words++)
		argv[argc++] = strdup(*words);
	int code = verbos_run(argc, argv, now, to_out, to_err);

	fclose(to_out);
	fclose(to_err);
	snprintf(out, out_size, "%s", made[0]);
	snprintf(err, err_size, "%s", made[1]);
	free(made[0]);
	free(made[1]);
	while (argc > 1)
		free(argv[--argc]);
	return code;
}

void core_verbo_config(char *path, size_t size, const char *place)
{
	static unsigned number;
	ARENA(a, 65536);
	const char *p = pki_dir();

	snprintf(path, size, "%s/buzond%u.conf", mundo.folder, ++number);
	const char *text = arena_printf(&a,
		"[servidor]\nautoridades = localhost\ndireccion = http://localhost\n[almacen]\n"
		"%s = %s\n[confianza]\ncarpeta = %s/confianza\n[sello]\ncertificado = "
		"%s/sello.cer\nllave = %s/sello.key\n",
		store_shared(place) ? "almacen" : "archivo", place, p, p, p);

	assert_int_equal(file_write(path, bytes_of_text(text), 0600), OK);
}
