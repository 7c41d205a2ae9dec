/*
 * What the client knows of the profile: the one thing every screen reads. Changed only by what the
 * server answered (model_arrived), by the e.firma opened or locked, and by the line's state.
 */
#ifndef SCREENS_MODEL_H
#define SCREENS_MODEL_H

#include "crypto/trust.h"
#include "ley/acuse.h"
#include "ley/calendario.h"
#include "net/routes.h"
#include "screens/cartelera.h"
#include "screens/tabla.h"

#define MODEL_FOLIO 33 /* bytes of a folio and its NUL */
#define MODEL_RFC 27   /* the same of an RFC */
#define MODEL_PAPERS 8 /* of each kind kept; the one used longest ago gives way */

struct model_perfil {
	const char *rfc;
	const char *calidad;
	const char *certificado;
	const char *llave;
	const char *servidor;
	const char *ca;
	const char *confianza;
	bool comando; /* clave_comando gives the password */
	bool llavero; /* the keyring does */
};

/* The e.firma; what is public of it stays known when it is locked. */
struct model_firma {
	bool abierta;
	char rfc[32];
	char nombre[401];
	char serie[65];
	char certificado[4096]; /* the paths it was opened from */
	char llave[4096];
	int64_t desde; /* ms UTC; 0: never opened */
	int64_t hasta;
};

/* What the line is doing for somebody who waits. */
enum fase {
	FASE_NADA,
	FASE_CONECTANDO, /* name, TCP, TLS */
	FASE_ENVIANDO,
	FASE_ESPERANDO, /* it was sent; nothing came yet */
	FASE_RECIBIENDO,
};

/* Set by the app; what a person reads of it is model_estado. */
struct model_linea {
	int64_t sincronizado; /* the last good answer; 0: none yet */
	enum err err;	      /* of the last try */
	int64_t desde;	      /* since when it fails; 0: it does not */
	int64_t reintento;    /* when it is tried again; 0: not by itself, or now */
	enum fase fase;
	const char *que;    /* "documento": of what; static, or NULL */
	int64_t fase_desde; /* ms UTC; since when it connects, sends, waits, or receives */
	int64_t bytes;	    /* so far */
	int64_t total;	    /* 0: unknown */
	bool cancela;	    /* Esc gives it up */
};

/* Many papers at once, on their way to the person's folders. */
struct model_descarga {
	size_t hechas;
	size_t total; /* 0: none is under way */
};

/* How the local copy is; told by the app. */
struct model_copia {
	enum err err; /* why it is in memory only; OK: it is kept, or not open yet */
	size_t otras; /* made with other certificates, under which nothing can be read now */
};

struct model_acuse {
	struct arena arena;
	char folio[MODEL_FOLIO];
	uint64_t used;
	struct m_acuse m;
	struct bytes json; /* as received: the evidence */
};

#define MODEL_ACTS 32	/* shown; more are counted only */
#define MODEL_CLAVE 320 /* bytes: a mail address and whom it is for */

/* A signed act that waits for the line, or that was refused for good. */
struct model_acto {
	enum route route;
	char clave[MODEL_CLAVE]; /* what it is about: struct acto_clase */
	enum err err;		 /* why it was refused; OK: it waits */
	int64_t cuando;		 /* it waits until then, or was refused then (ms UTC) */
};

/* The timeline of a notification, as it was read last. */
struct model_historia {
	struct arena arena;
	char folio[MODEL_FOLIO]; /* "": none */
	struct m_historia m;
};

struct model_documento {
	struct arena arena;
	char folio[MODEL_FOLIO];
	uint64_t used;
	struct m_documento
		m; /* of the first part; datos is the whole, `recibido` bytes of it there */
	unsigned char *datos;
	int64_t recibido;
	int64_t parte;		  /* bytes of the last part that came */
	struct acuse_proof proof; /* by app/effects once it is whole; its rows in the arena */
	const char *texto;	  /* of pdftotext; NULL: none */
	enum err texto_err;
	bool leido; /* texto or texto_err is set */
};

/* A legal text as it came, its SHA-256 computed here and the same. */
struct model_texto {
	struct arena arena;
	bool hay;
	struct m_texto m;
};

#define MODEL_TERMINOS "terminos"
#define MODEL_PRIVACIDAD "privacidad"

/* A draft that the copy may not have yet; borrowed. */
struct model_borrador {
	const char *clave; /* NULL: none was kept since the start */
	const char *texto;
};

struct mundo;

struct model {
	struct mundo *mundo; /* all profiles (screens/mundo.h), borrowed; NULL: only this one */
	struct model_perfil perfil;
	struct model_firma firma;
	struct model_linea linea;
	struct model_descarga descarga;
	struct model_copia copia;
	size_t por_enviar; /* acts in the outbox */
	struct model_acto actos[MODEL_ACTS];
	size_t acto_count;
	const struct trust *trust;
	struct local *local; /* the copy that is read; borrowed; NULL: none */
	bool entrado;	     /* who this is, is known; whether a session is open is the app's */
	struct arena entrado_arena;
	struct m_entrado e;
	char cursor[LOCAL_CURSOR];
	bool mas;				/* the server has more to tell now */
	struct tabla tabla;			/* by what falls due, all of it */
	struct tabla lista;			/* as Mis notificaciones asks for it */
	struct cartelera comunicados;		/* as Mis comunicados asks for them */
	struct cartelera documentos_publicados; /* as Mis documentos does */
	int64_t recibido; /* the last answer that the copy has (ms UTC); 0: none */
	struct arena cuenta_arena;
	const struct m_cuenta *cuenta; /* how the Buzón stands; NULL: nothing was told yet */
	bool activado; /* the acuse of its activation came, maybe before the cuenta that says so */
	struct m_medio_reenviado
		reenviado; /* the last answer of that route; its folio is not kept */
	struct model_borrador borrador;
	struct arena catalogo_arena;
	const struct m_catalogo *catalogo; /* kinds of act; NULL: none received yet */
	struct model_historia historia;
	struct model_texto terminos;
	struct model_texto privacidad;
	struct arena calendario_arena;
	struct calendario calendario;  /* hasta 0: none received yet */
	struct m_calendario publicado; /* as it came, with the obligations of the month */
	struct model_acuse acuses[MODEL_PAPERS];
	char ultimo_acuse[MODEL_FOLIO]; /* the last that arrived */
	struct model_documento documentos[MODEL_PAPERS];
	uint64_t uses;
};

void model_init(struct model *m);
void model_free(struct model *m);
/*
 * From now on the screens read this copy (borrowed; NULL: none): who entered, the calendar, the
 * cursor, the list. What can't be read of it is not known; tabla.err says why.
 */
void model_attach(struct model *m, struct local *reader);
/* The copy was written to: cursor, calendar, totals and what is seen of the list are read again. */
void model_refresh(struct model *m);
/*
 * Takes the answer of a route (struct m_<answer>, copied). ERR_BAD_ANSWER where it contradicts
 * itself (a part of a document that does not join, a text of another hash), ERR_NO_MEMORY. What
 * synchronisation brings, and what an acuse says of its notification, is not kept here:
 * local_take_*, then model_refresh.
 */
enum err model_arrived(
	struct model *m, enum route route, const void *answer, struct bytes json) MUST_CHECK;
/* The line worked, or failed with `err`, at `now`. */
void model_line(struct model *m, enum err err, int64_t now);
/*
 * A paper that is known; NULL: it has to be asked for. An acuse comes from the copy too; a document
 * is too large to be read while a key waits: the route's call looks there first.
 */
struct model_acuse *model_acuse(struct model *m, const char *folio);
struct model_documento *model_documento(struct model *m, const char *folio);
bool model_documento_whole(const struct model_documento *d);
/* The act of that route that waits and is about that; NULL: none. */
const struct model_acto *model_acto(const struct model *m, enum route route, const char *clave);
/* The last one of them that was refused, at `since` or later (ms UTC); NULL: none. */
const struct model_acto *model_rechazo(
	const struct model *m, enum route route, const char *clave, int64_t since);
/*
 * How far the signer may go in that menu: all the way for oneself; a representative by what the
 * server told of their permits. Before it told, all the way: it is the server that refuses.
 */
enum nivel model_nivel(const struct model *m, enum ambito ambito);
/* It acts for another: the profile's calidad is representante. */
bool model_representa(const struct model *m);
/* Its Buzón is enabled, by the newest that was told (Lineamientos 5.2, 5.3). */
bool model_habilitado(const struct model *m);
/* The medium of that folio; NULL: none is known. */
const struct m_medio *model_medio(const struct model *m, const char *folio);
/*
 * The text (MODEL_TERMINOS, MODEL_PRIVACIDAD) that is in force by what was told last; NULL: it has
 * to be asked for.
 */
const struct m_texto *model_texto(const struct model *m, const char *cual);
/* The draft of that name, in the arena; "" where there is none. NULL: no memory. */
const char *model_borrador(const struct model *m, struct arena *a, const char *clave);
/* NULL before the first calendar. All ambitos: terms are counted on model_calendario_de. */
const struct calendario *model_calendario(const struct model *m);
/*
 * The calendar of this domicile and of that notification's subdelegación, in the arena.
 * ERR_HORIZON before the first calendar; ERR_NO_MEMORY.
 */
enum err model_calendario_de(const struct model *m, struct arena *a, const struct m_notificacion *n,
	struct calendario *ret) MUST_CHECK;
/* The kind of act of that clave; NULL: the catalogue does not have it, or is not known. */
const struct m_tipo_acto *model_tipo(const struct model *m, const char *clave);
/* The timeline of that notification: what was read last of it; NULL: it was never read here. */
const struct m_historia *model_historia(struct model *m, const char *folio);
/* The domicile's zone where it is another than Zona Centro, else NULL. */
const struct zona *model_domicilio(const struct model *m);
/*
 * Left of the last line, 60 cells at most: "Sincronizado 17:52:04"; what is going on and since
 * when; or what is wrong, since when, and when it is tried again. NULL: no memory.
 */
const char *model_estado(struct arena *a, const struct model *m, int64_t now);

#endif
