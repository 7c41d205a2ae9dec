#include "core/correo_texto.h"

#include "core/mime.h"

enum err correo_texto(const struct mensaje *m, struct bytes *ret)
{
	const struct config *c = m->de->config;
	struct mime_mail mail = {
		.from_name = c->correo_nombre != NULL ? c->correo_nombre : "Buzón IMSS",
		.from = m->de->correo_de,
		.to = m->destino,
		.subject = m->asunto,
		.id = arena_printf(m->arena, "%s@%s", m->id, m->de->dominio),
		.date = m->creado,
		.text = m->texto,
		.html = m->html};

	return mail.id != NULL ? mime_write(m->arena, &mail, ret) : ERR_NO_MEMORY;
}
