/*
 * The fields of "Validación FIEL", for every screen that opens the e.firma: what was typed,
 * which field a fault belongs to, and how it is asked for.
 */
#ifndef SCREENS_EFIRMA_FORM_H
#define SCREENS_EFIRMA_FORM_H

#include "screens/view.h"

#define EFIRMA_FORM_FIELDS 6
#define EFIRMA_FORM_SECRET "contrasena"

struct efirma_form {
	char rfc[64];
	char certificado[4096];
	char llave[4096];
	const char *campo; /* field at fault; NULL: the fault stands above the form */
	enum err err;
	bool busy; /* the worker has it, or the server */
};

/* Prefills with what it was opened from before, else with the profile's. */
void efirma_form_open(struct efirma_form *f, const struct model *m);
/* CHANGED and LEFT are taken; PRESSED "validar" gives the effect. Others: EFFECT_NONE. */
struct effect efirma_form_act(struct efirma_form *f, const struct event *e);
/* A fault, put beside its field: `campo` if known, else by the table. */
void efirma_form_fault(struct efirma_form *f, enum err err, const char *campo);
/* The fields, then "Validar" and a second button; `fixed`: only the password can be typed. */
enum err efirma_form_page(const struct efirma_form *f, const struct model *m, struct arena *a,
	bool fixed, const char *leave, struct page *page) MUST_CHECK;

#endif
