/* Perfiles and Vencimientos as they are seen: 80x24, 40x10, monochrome (issue 3.6). */
#include "tests/help/cm.h"

#include <stdio.h>
#include "tests/help/pantalla_vt.h"

static struct pantalla ana, luis;
static struct mundo_perfil perfiles[] = {
	{.nombre = "ferreteria", .rfc = "FÑA010203AB1", .estado = MUNDO_ABIERTO, .model = &ana.m},
	{.nombre = "luis",
		.rfc = "LUIS800101AAA",
		.estado = MUNDO_LECTURA,
		.model = &luis.m,
		.por_enviar = 2},
	{.nombre = "rosa", .rfc = "ROSA800101AAA", .por_enviar = 1},
};
static struct mundo mundo = {perfiles, 3, 0, 3};

static int setup(void **state)
{
	(void)state;
	pantalla_init(&ana, ZONA_CENTRO, "2026-11-13 08:00");
	pantalla_init(&luis, ZONA_CENTRO, "2026-11-13 08:00");
	ana.m.mundo = luis.m.mundo = &mundo;
	pantalla_aviso(&ana, "BI-20261110-120000114", "2026-11-10 12:00", 15);
	pantalla_aviso(&luis, "BI-20261109-101500115", "2026-11-09 10:15", 15);
	pantalla_notificada(
		&luis, "BI-20261021-100000116", "2026-10-21 10:00", "2026-10-22 12:00", 15, "AC-2");
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	pantalla_free(&ana);
	pantalla_free(&luis);
	return 0;
}

static void rows_are(
	enum screen screen, const char *const env[], int rows, int cols, const char *const *text)
{
	const struct effect from = effect_to(EFFECT_OPEN, screen, NULL);

	pantalla_rows_are(&ana, &from, env, rows, cols, text);
}

static void test_perfiles(void **state)
{
	static const char *const wide[] = {
		"  Perfiles (* el de ahora)",
		"  Nombre       RFC            Estado        Por abrir  Vence primero     Enviar",
		"▸*ferreteria   FÑA010203AB1   abierto               1  mar 17/nov 09:30",
		"  luis         LUIS800101AAA  sólo lectura          1  HOY 09:30              2",
		"  rosa         ROSA800101AAA  bloqueado                (bloqueado)            1",
		"",
		NULL,
	};
	static const char *const small[] = {
		"  Perfiles (* el de ahora)",
		"  Nombre               Vence primero",
		"▸*ferreteria           mar 17/nov 09:30",
		"  luis                 HOY 09:30",
		"  rosa                 (bloqueado)",
		"",
		NULL,
	};

	(void)state;
	rows_are(SCREEN_perfiles, pantalla_color, 24, 80, wide);
	rows_are(SCREEN_perfiles, pantalla_mono, 24, 80, wide);
	rows_are(SCREEN_perfiles, pantalla_color, 10, 40, small);
}

static void test_vencimientos(void **state)
{
	static const char *const wide[] = {
		"  Vencimientos de todos los perfiles",
		"! 1 perfil bloqueado (rosa): su correspondencia no se ve; P lo abre.",
		"  Vence             Perfil      RFC            Documento        Estatus",
		"▸ HOY 09:30         luis        LUIS800101AAA  Resolución de …  por abrir",
		"  HOY 23:59         luis        LUIS800101AAA  Resolución de …  notificada",
		"  mar 17/nov 09:30  ferreteria  FÑA010203AB1   Resolución de …  por abrir",
		"",
		NULL,
	};
	static const char *const small[] = {
		"  Vencimientos de todos los perfiles",
		"! 1 perfil bloqueado (rosa): su",
		"  correspondencia no se ve; P lo abre.",
		"  Vence             Perfil",
		"▸ HOY 09:30         luis",
		"  HOY 23:59         luis",
		NULL,
	};

	(void)state;
	rows_are(SCREEN_vencimientos, pantalla_color, 24, 80, wide);
	rows_are(SCREEN_vencimientos, pantalla_mono, 24, 80, wide);
	rows_are(SCREEN_vencimientos, pantalla_color, 10, 40, small);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_perfiles, setup, teardown),
		cmocka_unit_test_setup_teardown(test_vencimientos, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
