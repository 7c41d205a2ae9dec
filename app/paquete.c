#include "app/paquete.h"

#include <string.h>
#include <sys/stat.h>
#include <zip.h>
#include "base/file.h"
#include "base/mem.h"

/* Fixed, so that the same files make the same ZIP: 2020-01-01 00:00. */
#define FECHA_DOS ((2020 - 1980) << 9 | 1 << 5 | 1)

struct paquete {
	zip_t *zip;
	size_t count;
};

static enum err of_zip(zip_t *z)
{
	const zip_error_t *why = zip_get_error(z);
	int number = zip_error_system_type(why) == ZIP_ET_SYS ? zip_error_code_system(why) : 0;

	if (zip_error_code_zip(why) == ZIP_ER_MEMORY)
		return ERR_NO_MEMORY;
	return number != 0 ? file_error(number) : ERR_IO;
}

static enum err add(zip_t *z, const struct paquete_fuente *f)
{
	if (!file_exists(f->ruta))
		return ERR_NO_FILE;
	zip_source_t *source = zip_source_file(z, f->ruta, 0, -1);

	if (source == NULL)
		return of_zip(z);
	zip_int64_t at = zip_file_add(z, f->nombre, source, ZIP_FL_ENC_UTF_8);

	if (at < 0) {
		zip_source_free(source);
		return of_zip(z);
	}
	return zip_file_set_dostime(z, (zip_uint64_t)at, 0, FECHA_DOS, 0) == 0 ? OK : of_zip(z);
}

enum err paquete_escribir(const char *to, const struct paquete_fuente *fuentes, size_t count)
{
	ARENA(a, 64 * 1024);
	const char *beside = arena_printf(&a, "%s.nuevo", to);
	int code = 0;
	enum err e = OK;

	if (beside == NULL)
		return ERR_NO_MEMORY;
	zip_t *z = zip_open(beside, ZIP_CREATE | ZIP_TRUNCATE, &code);

	if (z == NULL)
		return code == ZIP_ER_MEMORY ? ERR_NO_MEMORY : ERR_IO;
	for (size_t i = 0; e == OK && i < count; i++)
		e = add(z, &fuentes[i]);
	/* Everything is read and written here; where it fails nothing of that name is there. */
	if (e == OK && zip_close(z) != 0)
		e = of_zip(z);
	else if (e == OK)
		z = NULL;
	if (z != NULL)
		zip_discard(z);
	if (e == OK && chmod(beside, 0600) != 0)
		e = ERR_IO;
	if (e == OK)
		e = file_sync(beside);
	if (e == OK)
		e = file_rename(beside, to, true);
	return e == OK ? file_sync_folder_of(to) : e;
}

enum err paquete_abrir(const char *path, struct paquete **ret)
{
	int code = 0;
	zip_t *z = zip_open(path, ZIP_RDONLY | ZIP_CHECKCONS, &code);

	if (z == NULL)
		return code == ZIP_ER_NOENT    ? ERR_NO_FILE
		       : code == ZIP_ER_MEMORY ? ERR_NO_MEMORY
					       : ERR_BAD_EVIDENCE;
	zip_int64_t count = zip_get_num_entries(z, 0);
	struct paquete *p = count >= 0 && count <= PAQUETE_ENTRADAS ? mem_alloc(sizeof(*p)) : NULL;

	if (p == NULL) {
		zip_discard(z);
		return count >= 0 && count <= PAQUETE_ENTRADAS ? ERR_NO_MEMORY : ERR_BAD_EVIDENCE;
	}
	*p = (struct paquete){.zip = z, .count = (size_t)count};
	*ret = p;
	return OK;
}

void paquete_cerrar(struct paquete *p)
{
	if (p == NULL)
		return;
	zip_discard(p->zip);
	mem_free(p);
}

size_t paquete_cuantas(const struct paquete *p)
{
	return p->count;
}

const char *paquete_nombre(const struct paquete *p, size_t i)
{
	return zip_get_name(p->zip, i, ZIP_FL_ENC_GUESS);
}

/* To the end and one byte more: only then its CRC was compared. */
static enum err read_all(zip_file_t *f, unsigned char *to, size_t size)
{
	size_t got = 0;
	char more;

	while (got < size) {
		zip_int64_t n = zip_fread(f, to + got, size - got);

		if (n <= 0)
			return ERR_BAD_EVIDENCE;
		got += (size_t)n;
	}
	return zip_fread(f, &more, 1) == 0 ? OK : ERR_BAD_EVIDENCE;
}

enum err paquete_leer(const struct paquete *p, struct arena *a, const char *nombre, size_t limit,
	struct bytes *ret)
{
	zip_stat_t st;
	zip_int64_t at = zip_name_locate(p->zip, nombre, 0);

	if (at < 0)
		return ERR_NOT_FOUND;
	if (zip_stat_index(p->zip, (zip_uint64_t)at, 0, &st) != 0 ||
		(st.valid & ZIP_STAT_SIZE) == 0)
		return ERR_BAD_EVIDENCE;
	if (st.size > limit)
		return ERR_TOO_LARGE;
	unsigned char *data = arena_alloc(a, (size_t)st.size + 1);
	zip_file_t *f = data != NULL ? zip_fopen_index(p->zip, (zip_uint64_t)at, 0) : NULL;

	if (data == NULL)
		return ERR_NO_MEMORY;
	if (f == NULL)
		return ERR_BAD_EVIDENCE;
	enum err e = read_all(f, data, (size_t)st.size);

	zip_fclose(f);
	data[st.size] = '\0';
	if (e == OK)
		*ret = bytes_of(data, (size_t)st.size);
	return e;
}
