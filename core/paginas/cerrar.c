/* Where «Cerrar» leads: without a script a page can't close its own window. */
#include "core/hoja.h"

void pagina_cerrar(struct pagina *p)
{
	struct hoja h;

	hoja_begin(&h, p, "Ya puedes cerrar esta ventana");
	hoja_parrafo(
		&h, "No hace falta nada más aquí. Para seguir, vuelve a tu programa del Buzón.");
	hoja_end(&h, 200);
}
