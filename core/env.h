/*
 * All that a rule sees: who, for whom, when, the store and an arena. No clock, no network, no other
 * RFC. The same env gives the same result, so a group that must run again can.
 */
#ifndef CORE_ENV_H
#define CORE_ENV_H

#include "core/config.h"
#include "core/folios.h"
#include "core/store/store.h"
#include "ley/calendario.h"
#include "net/httpsig.h"
#include "net/alcance.h"
#include "net/messages.h"

/* The signer's certificate as stored facts; texts live as long as the request. */
struct signer {
	const char *huella; /* thumbprint of the certificate */
	const char *rfc;
	const char *nombre;
	struct bytes der;
	struct bytes emisor; /* the issuer's DER */
	struct bytes n;
	int64_t e;
	const char *serie;
	int64_t desde;
	int64_t hasta;
	int64_t revocado;  /* 0: not known to be */
	bool comprobada;   /* an OCSP answer young enough stands behind that */
	struct bytes ocsp; /* that answer */
	bool nuevo;	   /* came in this request, not stored yet */
};

struct calendario_publicado;
struct legales;
struct padron_vistos;

struct env {
	struct arena *arena;
	struct store *store;
	int64_t now;	     /* receipt by the server, ms UTC: the legal time starts here */
	const char *titular; /* the only RFC a rule sees */
	const char *titular_nombre;
	const char *zona;   /* of the fiscal domicile */
	bool registrado;    /* a row speaks of it */
	int64_t habilitado; /* since when its Buzón is enabled (Lineamientos 5.3); 0: it is not */
	int64_t inscrito;   /* when the RFC began; 0: not known */
	bool padron;	    /* the Institute's own word stands behind names and dates */
	const char *estado; /* of the fiscal domicile, three letters ("JAL"); NULL: not known */
	int64_t cuenta;	    /* counts changes of what its client is told (m_cuenta) */
	struct alcance alcance; /* what the signer may do here */
	const char *calidad;
	struct signer *signer;
	const struct httpsig *sig;
	struct bytes body;
	const struct config *config;
	const struct calendario *calendario; /* all ambitos: count terms on calendario_para */
	const struct calendario_publicado *publicado; /* the same with its obligations */
	const struct m_catalogo *catalogo;
	const struct legales *legales; /* terms and privacy notice */
	struct folios *folios;	       /* NULL outside the writer */
	struct novedades *news; /* what others are told of with the commit; NULL outside it */
	/* Whose cuenta is counted in this transaction, once for all of it; NULL: each time. */
	struct padron_vistos *contadas;
	struct bytes sello_certificado;
	size_t sello_bytes;
	bool prueba;
	/* Whose menu the act's acuse belongs to, where not its route's: a word, or NULL. */
	const char *ambito;
	/* What a refusal adds to its answer. */
	const char *campo;
	int64_t dato;
	/*
	 * What a refusal keeps in the store, although all that its rule wrote is undone: a query
	 * that must change one row (store_change), and its parameters in the arena; NULL: nothing.
	 * It commits with the kept answer, so a retry of the act does not do it again. An act that
	 * is answered well, or by a 5xx, keeps nothing by it.
	 */
	unsigned conserva;
	const void *conserva_in;
};

#endif
