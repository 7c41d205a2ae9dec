#include <stdio.h>
#include "app/verbs.h"
#include "base/texto.h"
#include "net/json_line.h"

static enum err print_json(struct arena *a, const struct perfil *p)
{
	struct json_line j;

	json_line_begin(&j, a);
	json_line_text(&j, "perfil", p->nombre);
	json_line_text(&j, "rfc", p->rfc);
	json_line_text(&j, "calidad", p->calidad);
	json_line_text(&j, "certificado", p->certificado);
	json_line_text(&j, "llave", p->llave);
	json_line_bool(&j, "clave_comando", p->clave_comando != NULL);
	json_line_bool(&j, "llavero", p->llavero);
	json_line_text(&j, "servidor", p->servidor);
	json_line_text(&j, "ca", p->ca);
	json_line_text(&j, "confianza", p->confianza);
	return json_line_end(&j, stdout);
}

enum err verbo_config(struct verb_call *v)
{
	struct config_app c;

	if (v->opt[OPTION_ejemplo] != NULL) {
		fputs(config_app_example(), stdout);
		return OK;
	}
	enum err e = verbs_config(v, &c);
	const char *path =
		v->opt[OPTION_config] != NULL ? v->opt[OPTION_config] : config_app_path(v->arena);

	if (e == OK && path == NULL)
		e = ERR_NO_MEMORY;
	if (e != OK)
		return e;
	fprintf(stderr, _("Configuración: %s\n"), path);
	for (size_t i = 0; e == OK && i < c.perfiles_count; i++) {
		const struct perfil *p = &c.perfiles[i];

		if (v->opt[OPTION_json] != NULL)
			e = print_json(v->arena, p);
		else
			printf("%-16s %-14s %-14s %s\n", p->nombre, p->rfc, p->calidad,
				p->servidor);
	}
	if (c.perfiles_count == 0)
		fprintf(stderr, "%s\n",
			_("No hay perfiles; empieza con: buzon-tui config --ejemplo > "
			  "ARCHIVO"));
	return e;
}
