/*
 * Firma mancomunada at one screen (A-16): who gives access and who gets it sit side by side, each
 * with their own e.firma; then one opens a notification in the other's name. L-4.2
 */
#include "tests/help/cm.h"
#include <stdio.h>
#include "tests/help/persona.h"

#define ROOM (32 * 1024 * 1024)
#define ENTER "\r"
#define ESC "\x1b"
#define OPENINGS "SELECT count(*) FROM acto WHERE ruta = 'notificacion_abrir' AND estado = 200"

static struct e2e world;

static int open_world(void **state)
{
	(void)state;
	e2e_open(&world);
	e2e_perfil(&world, &(struct e2e_perfil){.nombre = "apoderado",
				   .rfc = E2E_MORAL,
				   .calidad = "representante",
				   .certificado = "fisica.cer",
				   .llave = "fisica.key",
				   .pass = "fisica.pass"});
	return 0;
}

static int close_world(void **state)
{
	(void)state;
	e2e_close(&world);
	return 0;
}

/* The dialogue, from its first page to what came of it. */
static void sign(struct vt *vt, const char *then)
{
	e2e_focus(vt, "Validar");
	persona_to(vt, ENTER, "La validación de la FIEL fue exitosa");
	e2e_focus(vt, "Firmar");
	persona_to(vt, ENTER, then);
}

/* From the moral's list: the física, with that many steps of the level of Notificaciones. */
static void name(struct vt *vt, const char *levels)
{
	persona_to(vt, "n", "Nuevo representante");
	e2e_focus(vt, "RFC del representante");
	persona_to(vt, E2E_FISICA, E2E_FISICA);
	e2e_focus(vt, "Notificaciones");
	persona_keys(vt, levels);
	e2e_focus(vt, "Hasta");
	persona_to(vt, "31/dic/2035", "31/dic/2035");
	e2e_focus(vt, "Guardar");
}

/* A profile whose e.firma no one has given yet is asked for it; another's may be there already. */
static void enter_profile(struct vt *vt)
{
	e2e_focus(vt, "Validar");
	persona_to(vt, ENTER, "Sincronizado");
}

static void test_side_by_side(void **state)
{
	struct vt *vt = persona_entered(
		&world, &(struct persona){.perfil = "moral", .rows = 40, .cols = 110});
	const char *aviso = e2e_notificar(&world, E2E_MORAL);

	(void)state;
	persona_to(vt, ":representantes" ENTER, "Nadie actúa por este RFC");
	name(vt, "    ");
	persona_shows(vt, "Firma de los dos");
	persona_to(vt, ENTER, "que " E2E_FISICA " actúe por tu RFC");
	persona_shows(vt, "Es la primera de dos firmas");
	sign(vt, "Falta la segunda firma");
	persona_shows(vt, "Su perfil «fisica» está en este equipo");
	e2e_focus(vt, "Cambiar a su perfil");
	/* Their e.firma, their password: the key of one never serves the other. */
	persona_to(vt, ENTER, "Validación FIEL");
	enter_profile(vt);
	persona_shows(vt, E2E_MORAL " te nombró su representante");
	persona_to(vt, "R", "RFC que te dieron acceso: 1");
	persona_to(vt, ENTER, "SHA-256 de la primera firma");
	persona_to(vt, ENTER, "actuar por " E2E_MORAL);
	persona_shows(vt, "En nombre de: " E2E_MORAL);
	sign(vt, "Ya puedes actuar por " E2E_MORAL);
	e2e_focus(vt, "Cambiar a ese perfil");
	persona_to(vt, ENTER, "En nombre de: " E2E_MORAL);
	persona_shows(vt, "Notificaciones: Firmar");
	persona_to(vt, "7", aviso);
	e2e_row(vt, aviso);
	persona_to(vt, ENTER, "Antes de abrir");
	persona_to(vt, ENTER, "En nombre de: " E2E_MORAL);
	sign(vt, "Acuse");
	persona_shows(vt, E2E_FISICA_NOMBRE);
	persona_shows(vt, "representante");
	assert_int_equal(e2e_number(&world, OPENINGS), 1);
	persona_leave(vt);
}

/* It ends on the screen, too; what is read of it then is who ended it. */
static void test_end(void **state)
{
	struct vt *vt = persona_entered(
		&world, &(struct persona){.perfil = "moral", .rows = 40, .cols = 110});

	(void)state;
	persona_to(vt, "R", "vigente");
	persona_to(vt, "x", "deje de actuar por ti");
	sign(vt, "Acuse");
	persona_to(vt, ESC, "terminada");
	persona_to(vt, ENTER, "la terminó " E2E_MORAL);
	persona_leave(vt);
	/* Up to preparar it takes no second signature, and what can't be done is not offered. */
	vt = persona_entered(&world, &(struct persona){.perfil = "moral", .rows = 40, .cols = 110});
	persona_to(vt, "R", "terminada");
	name(vt, "  ");
	persona_to(vt, ENTER, "que " E2E_FISICA " actúe por tu RFC");
	persona_hides(vt, "primera de dos firmas");
	sign(vt, "no tiene que firmar nada");
	persona_leave(vt);
	const char *aviso = e2e_notificar(&world, E2E_MORAL);

	/* A representative signs with an RFC of their own. */
	vt = persona_start(
		&world, &(struct persona){.perfil = "apoderado", .rows = 40, .cols = 110});
	persona_to(vt, "", "Validación FIEL");
	e2e_focus(vt, "RFC");
	persona_to(vt, E2E_FISICA, E2E_FISICA);
	enter_profile(vt);
	persona_to(vt, "7", aviso);
	e2e_row(vt, aviso);
	persona_to(vt, ENTER, "no llega a abrirla (llega a: Preparar)");
	persona_hides(vt, "abrir con e.firma");
	persona_to(vt, ENTER, "no llega a abrir; arriba dice");
	persona_leave(vt);
	assert_int_equal(e2e_number(&world, OPENINGS), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_side_by_side),
		cmocka_unit_test(test_end),
	};

	return cmocka_run_group_tests(tests, open_world, close_world);
}
