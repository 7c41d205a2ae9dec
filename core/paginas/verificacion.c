/*
 * /v/<capability>: metadata of one acuse, for who holds it on paper (L-QR, L-7.9). A wrong
 * capability and a folio tell nothing.
 */
#include <string.h>
#include "core/hoja.h"
#include "ley/acuse.h"
#include "ley/zona.h"
#include "net/codec.h"

static void show(struct pagina *p, const struct m_acuse *m)
{
	struct arena *a = p->x->arena;
	const struct zona *zc = zona_centro();
	struct hoja h;

	hoja_begin(&h, p, "Verificación de acuse");
	hoja_parrafo(&h, "Este acuse consta en el Buzón con estos datos:");
	hoja_datos(&h);
	hoja_dato(&h, "Folio", m->folio);
	hoja_dato(&h, "Tipo", m->tipo);
	hoja_dato(&h, "Fecha de elaboración", hora_text(a, zc, m->elaborado, HORA_ACUSE));
	hoja_dato(&h, "Fecha legal", hora_text(a, zc, m->legal, HORA_ACUSE));
	hoja_dato(&h, "Estatus", m->estatus);
	hoja_dato(&h, "Cadena Original (Versión 3.0)", m->cadena);
	hoja_datos_fin(&h);
	if (acuse_is_automatico(m))
		hoja_parrafo(&h, "Es una constancia automática del Buzón: nadie la firmó y sólo la "
				 "ampara su sello.");
	hoja_html(&h, "<p>Compara estos datos con los de tu papel o archivo. Para probar también "
		      "las firmas, usa <code>buzon-tui verificar</code> con el archivo.</p>\n");
	hoja_end(&h, 200);
}

static bool plausible(const char *capacidad)
{
	return strlen(capacidad) == 20 &&
	       strspn(capacidad, "0123456789ABCDEFGHJKMNPQRSTVWXYZ") == 20;
}

static enum err find(struct pagina *p, struct m_acuse *ret)
{
	struct arena *a = p->x->arena;
	struct in_acuse_por_capacidad in = {.capacidad = p->resto};
	struct out_acuse_por_capacidad found;

	if (!plausible(p->resto))
		return ERR_NOT_FOUND;
	struct store *store = store_pool_take(p->server->readers);
	enum err e = q_acuse_por_capacidad(store, &in, a, &found);

	store_pool_give(p->server->readers, store);
	return e == OK ? codec_decode(a, &message_acuse, CODEC_TOLERANT, found.json, ret, NULL) : e;
}

void pagina_verificacion(struct pagina *p)
{
	struct m_acuse m;
	struct hoja h;

	if (!pagina_take(p))
		return;
	enum err e = find(p, &m);

	if (e == OK) {
		show(p, &m);
		return;
	}
	hoja_begin(&h, p, "Verificación de acuse");
	hoja_parrafo(
		&h, e == ERR_NOT_FOUND
			    ? "Esa clave de verificación no corresponde a ningún acuse. Revisa "
			      "que esté completa, como aparece bajo el código QR."
			    : "En este momento no se puede consultar. Espera un minuto e "
			      "inténtalo de nuevo.");
	hoja_end(&h, e == ERR_NOT_FOUND ? 404 : 503);
}
