#include "app/acts.h"

#include <stdio.h>
#include "screens/acto.h"

#define ALLOWANCE ((size_t)8 << 20)

static void add(struct arena *a, struct model *m, const struct outbox_act *act)
{
	const struct acto_clase *clase = acto_clase(act->route);
	union peticion body;
	struct model_acto *acto = &m->actos[m->acto_count];
	bool refused = act->error != NULL;

	if (m->acto_count == MODEL_ACTS || clase == NULL ||
		codec_decode(a, route_row(act->route)->request, CODEC_TOLERANT, act->body, &body,
			NULL) != OK)
		return;
	const char *clave = clase->clave(a, &body);

	if (clave == NULL)
		return;
	*acto = (struct model_acto){.route = act->route,
		.err = refused ? err_from_wire(act->error) : OK,
		.cuando = refused ? act->cuando : act->expires};
	(void)snprintf(acto->clave, sizeof(acto->clave), "%s", clave);
	m->acto_count++;
}

void acts_read(const struct client *c, struct model *m)
{
	ARENA(a, ALLOWANCE);
	const struct outbox *outbox = client_outbox(c);
	struct outbox_act *refused = NULL;
	char **names = NULL;
	size_t count = 0;
	size_t refused_count = 0;

	m->acto_count = 0;
	if (outbox_list(outbox, &a, &names, &count) != OK)
		count = 0;
	m->por_enviar = count;
	for (size_t i = 0; i < count; i++) {
		struct outbox_act act;

		if (outbox_get(outbox, &a, names[i], &act) == OK) {
			act.error = NULL;
			add(&a, m, &act);
		}
	}
	if (outbox_rejected(outbox, &a, &refused, &refused_count) != OK)
		return;
	for (size_t i = 0; i < refused_count; i++)
		if (refused[i].error != NULL)
			add(&a, m, &refused[i]);
}

void acts_forget(const struct client *c, struct model *m)
{
	ARENA(a, ALLOWANCE);
	const struct outbox *outbox = client_outbox(c);
	struct outbox_act *refused = NULL;
	size_t count = 0;

	if (outbox_rejected(outbox, &a, &refused, &count) != OK)
		return;
	for (size_t i = 0; i < count; i++)
		if (outbox_forget(outbox, &a, refused[i].name) != OK)
			break;
	acts_read(c, m);
}
