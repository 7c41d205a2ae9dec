#include "screens/view.h"

#include "screens/acceso.h"
#include "screens/activacion.h"
#include "screens/acuse.h"
#include "screens/ayuda.h"
#include "screens/bloqueo.h"
#include "screens/calendario.h"
#include "screens/comunicados.h"
#include "screens/cronologia.h"
#include "screens/documento.h"
#include "screens/documentos.h"
#include "screens/efecto.h"
#include "screens/ficha.h"
#include "screens/firmar.h"
#include "screens/inicio.h"
#include "screens/legal.h"
#include "screens/medio.h"
#include "screens/medio_nuevo.h"
#include "screens/medio_validar.h"
#include "screens/medios.h"
#include "screens/notificaciones.h"
#include "screens/papeles.h"
#include "screens/perfiles.h"
#include "screens/publicacion.h"
#include "screens/razones.h"
#include "screens/representante.h"
#include "screens/representante_nuevo.h"
#include "screens/representantes.h"
#include "screens/vencimientos.h"

const struct view *view_of(enum screen s)
{
	static const struct view *const views[] = {
#define SCREEN(id, ...) &view_##id,
#include "screens/screens.def"
#undef SCREEN
	};

	return (unsigned)s < SCREEN_COUNT ? views[s] : NULL;
}
