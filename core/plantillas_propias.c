/*
 * Our own texts, from the files of core/plantillas/: the assembler takes them in whole, so that
 * they are edited as what they are. What the Makefile tells: this depends on them.
 */
#include "core/plantillas_propias.h"

#define TAKE_IN(name, ending)                                                                      \
	__asm__(".pushsection .rodata\n"                                                           \
		".global plantilla_" #name "_" #ending "\n"                                        \
		"plantilla_" #name "_" #ending ":\n"                                               \
		".incbin \"core/plantillas/" #name "." #ending "\"\n"                              \
		".byte 0\n"                                                                        \
		".popsection\n");                                                                  \
	extern const char plantilla_##name##_##ending[];
#define TAKE_IN_CORREO(name) TAKE_IN(name, txt) TAKE_IN(name, html)
#define TAKE_IN_SMS(name) TAKE_IN(name, sms)
#define PLANTILLA(name, how, ...) TAKE_IN_##how(name)
#include "core/plantillas.def"
#undef PLANTILLA

#define ROW_CORREO(name)                                                                           \
	{                                                                                          \
		.texto = plantilla_##name##_txt, .html = plantilla_##name##_html                   \
	}
#define ROW_SMS(name)                                                                              \
	{                                                                                          \
		.texto = plantilla_##name##_sms                                                    \
	}
#define PLANTILLA(name, how, ...) [PLANTILLA_##name] = ROW_##how(name),
const struct plantilla_propia plantillas_propias[PLANTILLAS] = {
#include "core/plantillas.def"
};
