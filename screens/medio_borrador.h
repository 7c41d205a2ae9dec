/*
 * The draft of a new contact medium: what was typed and chosen, as it is kept on this device until
 * it is signed.
 */
#ifndef SCREENS_MEDIO_BORRADOR_H
#define SCREENS_MEDIO_BORRADOR_H

#include "screens/model.h"

#define MEDIO_BORRADOR_BYTES 400

struct medio_borrador {
	bool rps;     /* the tab of Registros Patronales */
	bool celular; /* not a mail */
	char rp[17];  /* "*": all of them */
	char medio[255];
	char reemplaza[MODEL_FOLIO];
};

/* The one that is kept, by the model's copy; all empty where there is none. */
void medio_borrador_read(struct medio_borrador *b, const struct model *m);
/* "" where nothing was typed: then there is nothing to keep. */
void medio_borrador_text(const struct medio_borrador *b, char *to, size_t size);

#endif
