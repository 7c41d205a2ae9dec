/* Placeholders of the contract: each goes when its part is written. */
#include "ley/plazo.h"
#include "net/messages.h"

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
