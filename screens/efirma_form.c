#include "screens/efirma_form.h"

#include <stdio.h>
#include "base/texto.h"
#include "crypto/rfc.h"

static const struct {
	enum err err;
	const char *campo;
} faults[] = {
	{ERR_BAD_RFC, "rfc"},
	{ERR_RFC_MISMATCH, "rfc"},
	{ERR_NOT_YOURS, "rfc"},
	{ERR_CSD, "certificado"},
	{ERR_NOT_EFIRMA, "certificado"},
	{ERR_PFX, "certificado"},
	{ERR_SWAPPED_KEY, "certificado"},
	{ERR_BAD_CERT, "certificado"},
	{ERR_WEAK_KEY, "certificado"},
	{ERR_CERT_EXPIRED, "certificado"},
	{ERR_CERT_NOT_YET, "certificado"},
	{ERR_CERT_REVOKED, "certificado"},
	{ERR_CERT_UNTRUSTED, "certificado"},
	{ERR_SWAPPED_CERT, "llave"},
	{ERR_BAD_KEY, "llave"},
	{ERR_KEY_MISMATCH, "llave"},
	{ERR_WRONG_PASSWORD, EFIRMA_FORM_SECRET},
};

static void set(char *to, size_t size, const char *text)
{
	(void)snprintf(to, size, "%s", text == NULL ? "" : text);
}

void efirma_form_open(struct efirma_form *f, const struct model *m)
{
	const struct model_firma *known = &m->firma;
	bool own = m->perfil.calidad == NULL || strcmp(m->perfil.calidad, "propio") == 0;

	if (known->desde != 0) {
		set(f->rfc, sizeof(f->rfc), known->rfc);
		set(f->certificado, sizeof(f->certificado), known->certificado);
		set(f->llave, sizeof(f->llave), known->llave);
		return;
	}
	/* A representative signs with an RFC of their own. */
	set(f->rfc, sizeof(f->rfc), own ? m->perfil.rfc : "");
	set(f->certificado, sizeof(f->certificado), m->perfil.certificado);
	set(f->llave, sizeof(f->llave), m->perfil.llave);
}

void efirma_form_fault(struct efirma_form *f, enum err err, const char *campo)
{
	f->busy = false;
	f->err = err;
	f->campo = campo;
	for (size_t i = 0; campo == NULL && i < COUNT_OF(faults); i++)
		if (faults[i].err == err)
			campo = f->campo = faults[i].campo;
}

/* What can be told without opening a file, as the person leaves the field. */
static void check(struct efirma_form *f, const char *key)
{
	ARENA(a, 4096);
	const char *rfc = NULL;

	/* Hyphens, blanks and lower case are how an RFC is copied: no fault. */
	if (strcmp(key, "rfc") == 0 && f->rfc[0] != '\0' &&
		rfc_normalize(&a, f->rfc, &rfc) == ERR_BAD_RFC)
		efirma_form_fault(f, ERR_BAD_RFC, "rfc");
}

static void changed(struct efirma_form *f, const char *key, const char *value)
{
	if (strcmp(key, "rfc") == 0)
		set(f->rfc, sizeof(f->rfc), value);
	else if (strcmp(key, "certificado") == 0)
		set(f->certificado, sizeof(f->certificado), value);
	else if (strcmp(key, "llave") == 0)
		set(f->llave, sizeof(f->llave), value);
	if (f->campo != NULL && strcmp(f->campo, key) == 0)
		efirma_form_fault(f, OK, NULL);
}

static struct effect validar(struct efirma_form *f)
{
	struct effect effect = effect_of(EFFECT_UNLOCK);

	if (f->busy)
		return effect_of(EFFECT_NONE);
	efirma_form_fault(f, OK, NULL);
	if (f->certificado[0] == '\0')
		efirma_form_fault(f, ERR_NO_FILE, "certificado");
	else if (f->llave[0] == '\0')
		efirma_form_fault(f, ERR_NO_FILE, "llave");
	else if (f->rfc[0] == '\0')
		efirma_form_fault(f, ERR_BAD_RFC, "rfc");
	if (f->err != OK)
		return effect_of(EFFECT_NONE);
	f->busy = true;
	effect.unlock.rfc = f->rfc;
	effect.unlock.certificado = f->certificado;
	effect.unlock.llave = f->llave;
	effect.unlock.campo = EFIRMA_FORM_SECRET;
	return effect;
}

struct effect efirma_form_act(struct efirma_form *f, const struct event *e)
{
	if (e->kind == EVENT_CHANGED)
		changed(f, e->key, e->value);
	else if (e->kind == EVENT_LEFT)
		check(f, e->key);
	else if (e->kind == EVENT_PRESSED && strcmp(e->key, "validar") == 0)
		return validar(f);
	return effect_of(EFFECT_NONE);
}

static void add(const struct efirma_form *f, struct page_field *field, enum page_field_kind kind,
	const char *key, const char *label)
{
	*field = (struct page_field){.kind = kind, .key = key, .label = label, .required = true};
	if (f->campo != NULL && strcmp(f->campo, key) == 0)
		field->error = err_sentence(f->err);
}

enum err efirma_form_page(const struct efirma_form *f, const struct model *m, struct arena *a,
	bool fixed, const char *leave, struct page *page)
{
	struct page_field *fields = arena_array(a, EFIRMA_FORM_FIELDS, sizeof(*fields));

	if (fields == NULL)
		return ERR_NO_MEMORY;
	add(f, &fields[0], PAGE_FIELD_TEXT, "rfc", _("RFC"));
	fields[0].value = f->rfc;
	fields[0].limit = 20; /* hyphens and blanks may be typed */
	add(f, &fields[1], PAGE_FIELD_FILE, "certificado", _("Certificado"));
	fields[1].value = f->certificado;
	fields[1].help = _("El archivo .cer de tu e.firma; Tab completa la ruta");
	add(f, &fields[2], PAGE_FIELD_FILE, "llave", _("Llave privada"));
	fields[2].value = f->llave;
	fields[2].help = _("El archivo .key de tu e.firma; Tab completa la ruta");
	add(f, &fields[3], PAGE_FIELD_SECRET, EFIRMA_FORM_SECRET,
		_("Contraseña de la Llave privada"));
	fields[3].required = !m->perfil.comando;
	fields[3].help = m->perfil.comando ? _("Vacía: la da tu clave_comando")
					   : _("No se muestra y se olvida después de usarse");
	for (size_t i = 0; i < 3; i++)
		fields[i].fixed = fixed;
	/* What is under way has the last line. */
	for (size_t i = 0; f->busy && i < 4; i++)
		fields[i].help = NULL;
	add(f, &fields[4], PAGE_FIELD_BUTTON, "validar", _("Validar"));
	add(f, &fields[5], PAGE_FIELD_BUTTON, "regresar", leave);
	page->kind = PAGE_FORM;
	page->form.fields = fields;
	page->form.count = EFIRMA_FORM_FIELDS;
	return OK;
}
