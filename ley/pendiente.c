/* Placeholders of the contract: each goes when its part is written. */
#include "ley/plazo.h"
#include "net/messages.h"

enum err plazo_derivar_aviso(
	const struct calendario *c, int64_t ready, struct derivacion *d, struct plazo_aviso *ret)
{
	(void)d;
	return plazo_de_aviso(c, ready, ret);
}

enum err plazo_derivar_apertura(const struct calendario *c, const struct plazo_aviso *aviso,
	int64_t opened, int plazo_dias, struct derivacion *d, struct plazo_efecto *ret)
{
	(void)d;
	return plazo_de_apertura(c, aviso, opened, plazo_dias, ret);
}

enum err plazo_derivar_recepcion(const struct calendario *c, const struct zona *domicilio,
	int64_t instant, struct derivacion *d, int64_t *ret_legal)
{
	(void)d;
	return plazo_de_recepcion(c, domicilio, instant, ret_legal);
}

enum err plazo_prudente(const struct calendario *c, const struct plazo_aviso *aviso, int64_t opened,
	int plazo_dias, struct derivacion *d, int32_t *ret_dia, const char **ret_motivo)
{
	struct plazo_efecto e;
	enum err r = plazo_derivar_apertura(c, aviso, opened, plazo_dias, d, &e);

	*ret_dia = r == OK ? e.ultimo : 0;
	*ret_motivo = NULL;
	return r;
}

enum err plazo_filas(struct arena *a, const struct calendario *c, const struct plazo_aviso *aviso,
	int64_t opened, int plazo_dias, struct m_dato *rows, size_t *ret_count)
{
	(void)a;
	(void)c;
	(void)aviso;
	(void)opened;
	(void)plazo_dias;
	(void)rows;
	*ret_count = 0;
	return OK;
}

enum err plazo_contar_de_nuevo(struct arena *a, const struct m_dato *rows, size_t count,
	struct plazo_efecto *ret, bool *ret_holds, const char **ret_detalle)
{
	(void)a;
	(void)rows;
	(void)count;
	(void)ret;
	(void)ret_holds;
	(void)ret_detalle;
	return ERR_BAD_FIELD;
}
