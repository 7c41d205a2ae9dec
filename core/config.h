/*
 * buzond's configuration: an INI file, every key documented by `buzond config --ejemplo`.
 */
#ifndef CORE_CONFIG_H
#define CORE_CONFIG_H

#include <stdbool.h>
#include "base/arena.h"
#include "base/err.h"

enum facultad {
#define FACULTAD(id, word) FACULTAD_##id,
#include "core/facultades.def"
#undef FACULTAD
	FACULTADES
};

#define FACULTADES_TODAS ((1U << FACULTADES) - 1)

/*
 * A public servant who may sign acts of the Institute (Lineamientos 7.1): those of `actos`, and of
 * the kinds in `tipos`. What is not listed is refused.
 */
struct funcionario {
	const char *rfc;
	const char *nombre;
	const char *cargo;
	const char *subdelegacion;
	unsigned actos;	    /* a bit each: 1U << FACULTAD_EMITIR ... */
	const char **tipos; /* claves of the catalogue */
	size_t tipos_count;
	bool todo_tipo;
};

struct config {
	const char *escucha;	     /* "127.0.0.1" */
	unsigned short puerto;	     /* 8443 */
	const char *tls_certificado; /* path or NULL: plain HTTP behind a proxy */
	const char *tls_llave;
	const char **autoridades; /* accepted @authority values */
	size_t autoridades_count;
	const char **proxies; /* addresses whose X-Forwarded-For is believed */
	size_t proxies_count;
	const char *direccion; /* public base URL of links and QR */
	const char *archivo;   /* path of the SQLite file, or NULL */
	const char *almacen;   /* of the store: postgresql://, or the same path */
	const char *confianza; /* trust folder */
	const char *ocsp;      /* responder's URL; NULL: every act is "por comprobar" */
	bool ocsp_tls_relajado;
	const char *sello_certificado; /* .cer of the seal */
	const char *sello_llave;       /* .key, read by the sealing process only; NULL: socket */
	const char *sello_contrasena;  /* path of a file with its password; NULL: key is plain */
	const char *sello_socket;      /* of buzond sellar; NULL: the server's own process seals */
	const char *sello_usuario;     /* user of the sealing process, when started as root */
	const char *terminos;	       /* path of the terms, or NULL: ours */
	const char *terminos_version;
	const char *privacidad; /* of the privacy notice */
	const char *privacidad_version;
	const char *acuse_confidencialidad; /* at the foot of acuses; NULL: ours (ley/acuse.h) */
	const char *acuse_contacto;
	const char *acuse_privacidad;
	unsigned hilos;			  /* HTTP threads */
	unsigned cola;			  /* most acts waiting for the writer */
	unsigned presupuesto_rfc;	  /* requests a minute for one key */
	unsigned presupuesto_funcionario; /* the same of a public servant's */
	unsigned presupuesto_direccion;	  /* unverified requests a minute for one address */
	/* Messages that leave (core/mensajeria.h); NULL where not set, but the two folders. */
	const char *correo_transporte;
	const char *correo_carpeta; /* Maildir */
	const char *correo_nombre;
	const char *correo_de;
	const char *correo_rebote;
	const char *correo_plantillas;
	const char *correo_rele;
	const char *correo_tls;
	const char *correo_ca;
	const char *correo_saludo;
	const char *correo_usuario;
	const char *correo_contrasena; /* path */
	const char *sms_transporte;
	const char *sms_carpeta;
	const char *sms_kannel;
	const char *sms_ca;
	const char *sms_usuario;
	const char *sms_contrasena; /* path */
	const char *sms_de;
	const char *sms_lada;
	const char *sms_informes;
	/* Days to open a notification on which its media are told again, "1" to "3", or "no"; none:
	 * the first and the last (core/aviso.h). */
	const char **recordatorios;
	size_t recordatorios_count;
	bool recordatorios_sms;
	struct funcionario *funcionarios;
	size_t funcionarios_count;
};

/* Reads and checks the file. ERR_CONFIG with *ret_message, a Spanish sentence with file and line.
 */
enum err config_read(
	struct arena *a, const char *path, struct config *ret, const char **ret_message) MUST_CHECK;
/*
 * The same for buzond sellar: [sello] must be whole, with key and socket, and the other sections
 * need not be there, so that a sealing service knows nothing else.
 */
enum err config_read_sello(
	struct arena *a, const char *path, struct config *ret, const char **ret_message) MUST_CHECK;
/* The commented example. */
const char *config_example(void);
/* NULL where that RFC is no authorised public servant. */
const struct funcionario *config_funcionario(const struct config *c, const char *rfc);
/* May that public servant do it? NULL: nobody may. */
bool config_faculta(const struct funcionario *f, enum facultad que);
/* Is that kind of act among theirs? */
bool config_faculta_tipo(const struct funcionario *f, const char *tipo);

#endif
