#include "screens/efectos.h"

#define DAY_MS INT64_C(86400000)

enum err efectos_de(
	const struct model *m, const struct m_notificacion *n, int64_t now, struct efectos *ret)
{
	const struct calendario *c = model_calendario(m);
	struct efectos e = {0};
	int64_t window;
	int64_t until;

	if (c == NULL)
		return ERR_HORIZON;
	enum err err = plazo_de_aviso(c, n->aviso, &e.aviso);

	if (err == OK)
		err = plazo_de_apertura(c, &e.aviso, now, (int)n->plazo_dias, &e.abre);
	if (err == OK)
		err = plazo_de_apertura(c, &e.aviso, 0, (int)n->plazo_dias, &e.lapso);
	if (err == OK)
		err = plazo_en_ventana(c, now, &window);
	if (err == OK)
		err = plazo_vale_hasta(c, &e.aviso, now, &until);
	if (err != OK)
		return err;
	e.cambia = e.abre.notificada < e.lapso.notificada;
	e.fuera = window != now;
	/* An act waits for the line a day at most, and never past what the sheet says. */
	e.vale_hasta = until > now + DAY_MS ? now + DAY_MS : until - 1;
	*ret = e;
	return OK;
}
