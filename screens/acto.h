/*
 * What is about to be signed: the values of one act, and per kind of act (actos.def) what the
 * signing dialogue says, asks and shows of it. A screen fills a struct acto and opens the dialogue
 * with it; what is signed is what the dialogue shows, or nothing.
 */
#ifndef SCREENS_ACTO_H
#define SCREENS_ACTO_H

#include "screens/model.h"
#include "screens/parrafos.h"
#include "net/peticion.h"

struct effect;

/* Copied whole from screen to dialogue; each kind uses what it needs, the rest is empty. */
struct acto {
	enum route route;
	char titular[MODEL_RFC]; /* for whom, as a representative; "": as the profile says */
	char folio[MODEL_FOLIO]; /* of what it is about: notification, medium, representation */
	char fecha[16];		 /* civil date that is accepted, ISO */
	char mecanismo[17];
	char medio[255];
	char rp[17];
	char reemplaza[MODEL_FOLIO];
	char codigo[6];
	bool bajo_minimo;
	char terminos[17];
	char terminos_sha256[65];
	char privacidad[17];
	char privacidad_sha256[65];
	char representante[MODEL_RFC];
	struct m_permiso permisos[AMBITOS]; /* words of net/alcance.h */
	size_t permiso_count;
	int64_t desde;
	int64_t hasta;
	char base_sha256[65];
};

/* Any function may be NULL but `pide`, `clave`, `que`; texts are N_(). */
struct acto_clase {
	enum route route;
	const char *titulo;   /* of the dialogue; NULL: "Firma con e.firma" */
	const char *boton;    /* NULL: "Firmar" */
	const char *regresar; /* NULL: "Regresar" */
	bool directo; /* a confirmation window: signed at once where the e.firma is open already */
	unsigned niveles; /* screens that are left when it is done: the dialogue, and those below */
	/* Is what was shown still true? Why not; *ret_expires (ms UTC): until when it may arrive.
	 */
	enum err (*sigue)(const struct acto *x, struct model *m, int64_t now, int64_t *ret_expires);
	/* What the person accepts: stands first of all, a small screen shows nothing else. */
	void (*acepta)(struct parrafos *p, const struct acto *x, struct model *m);
	/* What exactly is signed. */
	void (*que)(struct parrafos *p, const struct acto *x, struct model *m);
	/* What came of it and what to do next; NULL: its acuse is shown instead. */
	void (*hecho)(struct parrafos *p, const struct acto *x, struct model *m, int64_t now);
	/* What else can be done then: its button, *ret what it does. NULL, or gives NULL: nothing.
	 */
	const char *(*luego)(const struct acto *x, struct model *m, struct effect *ret);
	/* Has the server confirmed it, by what the model knows? */
	bool (*consta)(const struct acto *x, struct model *m, struct arena *a);
	/* That refusal can't be mended by signing again. */
	bool (*cierra)(enum err err);
	/* Borrows from x. */
	void (*pide)(const struct acto *x, union peticion *ret);
	/* What the act is about, by which one that waits in the outbox is known again. NULL: no
	 * memory. */
	const char *(*clave)(struct arena *a, const union peticion *rq);
	/* How the lists of acts name it, before its clave: "apertura de ". */
	const char *nombre;
	/* The draft (local_put) that it was made from: forgotten once it is signed and kept. */
	const char *borrador;
	/* What the server's number says beside its refusal (struct m_fallo); NULL, or gives NULL:
	 * nothing. */
	const char *(*detalle)(struct parrafos *p, enum err err, int64_t dato);
};

/* NULL: no act of that route is signed in the dialogue. */
const struct acto_clase *acto_clase(enum route r);

/* "apertura de BI-…". NULL: no memory. */
const char *acto_texto(struct arena *a, const struct model_acto *acto);

#define ACTO(route) extern const struct acto_clase acto_##route;
#include "screens/actos.def"
#undef ACTO

#endif
