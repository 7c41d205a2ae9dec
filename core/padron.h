/*
 * The padrón: who an RFC is, as the Institute knows it (L-4.1). One interface, so that a real back
 * end can stand here: the rules ask padron_cuenta, and whoever brings what the Institute knows
 * (buzond padron, buzond alta) hands it in as fichas.
 */
#ifndef CORE_PADRON_H
#define CORE_PADRON_H

#include "core/env.h"

/* Most of each that a client is told of (messages.def, cuenta). */
#define PADRON_RPS 1000
#define PADRON_REPRESENTANTES 100

/* Its Registros Patronales, and what its activation term is, into the cuenta. */
enum err padron_cuenta(struct env *env, struct m_cuenta *m) MUST_CHECK;

/*
 * The Registros Patronales of env->titular as an acuse names them: "A01-23456-10-7, ...", as
 * many as fit a value, and how many more. Errors of the store.
 */
enum err padron_rps_texto(struct env *env, const char **ret) MUST_CHECK;

/* Civil dates (day numbers) at the titular's fiscal domicile, both inclusive (L-5.8). */
struct padron_representante {
	const char *rfc;
	struct alcance alcance;
	int32_t desde;
	int32_t hasta; /* 0: without end */
};

/* What the padrón says of one RFC, checked; what is not said stays as it was. */
struct padron_ficha {
	const char *rfc;
	const char *nombre;
	const char *zona;      /* of its fiscal domicile; NULL: not said (a new one: Zona Centro) */
	const char *domicilio; /* NULL: not said */
	const char *estado;    /* of that domicile, three letters ("JAL"); NULL: not said */
	int64_t inscrito;      /* when the RFC began, ms UTC; 0: not said */
	bool convenio_2020;    /* enabled under the 2020 agreement (L-5.4); false: not said */
	bool con_rps;	       /* all its Registros Patronales are said */
	bool con_representantes;
	const struct m_registro_patronal *rps;
	size_t rps_count;
	const struct padron_representante *representantes;
	size_t representantes_count;
};

/* The fields of a ficha, as bits of what changed, in the order in which they are told. */
enum padron_campo {
	PADRON_NOMBRE,
	PADRON_ZONA,
	PADRON_DOMICILIO,
	PADRON_ESTADO,
	PADRON_INSCRITO,
	PADRON_CONVENIO_2020,
	PADRON_PADRON, /* it was only known by its certificate */
	PADRON_CAMPOS
};

struct padron_lista {
	const char **rows;
	size_t count;
};

struct padron_cambios {
	bool nuevo;
	bool alguno; /* anything at all */
	bool campos[PADRON_CAMPOS];
	struct padron_lista rps_agregados;
	struct padron_lista rps_cambiados; /* another subdelegación */
	struct padron_lista rps_quitados;
	struct padron_lista representantes_agregados;
	struct padron_lista representantes_cambiados;
	struct padron_lista representantes_terminados;
};

/* The name of a field in reports. */
const char *padron_campo_word(enum padron_campo c);
/* padron_poner will be asked with that ficha (store_ahead). */
enum err padron_ahead(struct env *env, const struct padron_ficha *f) MUST_CHECK;
/*
 * Makes it so, in the transaction at hand; where something changed that RFC's clients are told
 * (cuenta_cambio). What was enabled stays enabled. *ret is in the arena. ERR_BUSY where another
 * changed it meanwhile, errors of the store.
 */
enum err padron_poner(
	struct env *env, const struct padron_ficha *f, struct padron_cambios *ret) MUST_CHECK;

#endif
