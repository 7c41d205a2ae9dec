#include "ley/estado.h"

#include <string.h>

static const struct {
	char clave[4];
	const char *nombre;
} estados[] = {
	{"AGU", "Aguascalientes"},
	{"BCN", "Baja California"},
	{"BCS", "Baja California Sur"},
	{"CAM", "Campeche"},
	{"CHH", "Chihuahua"},
	{"CHP", "Chiapas"},
	{"CMX", "Ciudad de México"},
	{"COA", "Coahuila de Zaragoza"},
	{"COL", "Colima"},
	{"DUR", "Durango"},
	{"GRO", "Guerrero"},
	{"GUA", "Guanajuato"},
	{"HID", "Hidalgo"},
	{"JAL", "Jalisco"},
	{"MEX", "México"},
	{"MIC", "Michoacán de Ocampo"},
	{"MOR", "Morelos"},
	{"NAY", "Nayarit"},
	{"NLE", "Nuevo León"},
	{"OAX", "Oaxaca"},
	{"PUE", "Puebla"},
	{"QUE", "Querétaro"},
	{"ROO", "Quintana Roo"},
	{"SIN", "Sinaloa"},
	{"SLP", "San Luis Potosí"},
	{"SON", "Sonora"},
	{"TAB", "Tabasco"},
	{"TAM", "Tamaulipas"},
	{"TLA", "Tlaxcala"},
	{"VER", "Veracruz de Ignacio de la Llave"},
	{"YUC", "Yucatán"},
	{"ZAC", "Zacatecas"},
};

const char *estado_nombre(const char *clave)
{
	for (size_t i = 0; i < COUNT_OF(estados); i++)
		if (strcmp(estados[i].clave, clave) == 0)
			return estados[i].nombre;
	return NULL;
}
