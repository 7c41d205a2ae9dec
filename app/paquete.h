/*
 * ZIP files whole: made of files on disk, read entry by entry. The only file that includes libzip
 * is paquete.c. What is read may be anybody's: sizes are bounded before anything is unpacked.
 */
#ifndef APP_PAQUETE_H
#define APP_PAQUETE_H

#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"
#include "base/macros.h"

#define PAQUETE_ENTRADAS 200000

/* A file that goes in under that name (UTF-8, relative, slashes). */
struct paquete_fuente {
	const char *nombre;
	const char *ruta;
};

/*
 * All of them, in that order, into `to`: written beside, fsynced, renamed; mode 0600. ERR_NO_FILE,
 * ERR_DISK_FULL, ERR_IO.
 */
enum err paquete_escribir(
	const char *to, const struct paquete_fuente *fuentes, size_t count) MUST_CHECK;

struct paquete;

/* ERR_NO_FILE; ERR_BAD_EVIDENCE: no ZIP, damaged, or more entries than PAQUETE_ENTRADAS. */
enum err paquete_abrir(const char *path, struct paquete **ret) MUST_CHECK;
void paquete_cerrar(struct paquete *p);
AUTO_TYPE(paquete, struct paquete, paquete_cerrar);

size_t paquete_cuantas(const struct paquete *p);
/* Borrowed; NULL where its name is no UTF-8. */
const char *paquete_nombre(const struct paquete *p, size_t i);
/*
 * One entry, unpacked. ERR_NOT_FOUND: none of that name; ERR_TOO_LARGE past `limit`;
 * ERR_BAD_EVIDENCE: damaged (its own CRC), or encrypted.
 */
enum err paquete_leer(const struct paquete *p, struct arena *a, const char *nombre, size_t limit,
	struct bytes *ret) MUST_CHECK;

#endif
