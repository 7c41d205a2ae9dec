/* The routes as data. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "net/routes.h"

static void each_row_is_found_by_its_path(void **state)
{
	(void)state;
	for (unsigned r = 0; r < ROUTE_COUNT; r++) {
		const struct route_row *row = route_row((enum route)r);
		char path[100];

		snprintf(path, sizeof(path), "/v1/%s", row->name);
		assert_string_equal(path, row->path);
		assert_int_equal(r, route_find(row->path));
		assert_true(row->request->has_hat);
		assert_true(row->who != 0);
		/* An acuse is the evidence of an act, and of nothing else. */
		assert_true(
			!row->acuse || (row->signer == ROUTE_ACT && row->answer == &message_acuse));
	}
	assert_null(route_row(ROUTE_COUNT));
}

static void other_paths_are_none(void **state)
{
	static const char *const bad[] = {"", "/", "/v1/", "/v1/Entrar", "/v1/entrar/",
		"/v1/entrar?x", "v1/entrar", "/v1//entrar", "/v2/entrar", "/v1/entra"};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		assert_int_equal(ROUTE_COUNT, route_find(bad[i]));
}

static void rows_say_who_signs(void **state)
{
	(void)state;
	assert_int_equal(ROUTE_ENTRY, route_row(ROUTE_ID_entrar)->signer);
	assert_int_equal(ROUTE_ACT, route_row(ROUTE_ID_notificacion_abrir)->signer);
	assert_int_equal(ROUTE_READ, route_row(ROUTE_ID_sincronizar)->signer);
	assert_false(route_row(ROUTE_ID_entrar)->enabled);
	assert_true(route_row(ROUTE_ID_notificacion_abrir)->enabled);
}

static void calidad_is_one_of_three_words(void **state)
{
	(void)state;
	assert_int_equal(ROUTE_PROPIO, route_who_of("propio"));
	assert_int_equal(ROUTE_REPRESENTANTE, route_who_of("representante"));
	assert_int_equal(ROUTE_FUNCIONARIO, route_who_of("funcionario"));
	assert_int_equal(0, route_who_of(""));
	assert_int_equal(0, route_who_of("Propio"));
	assert_int_equal(0, route_who_of("propio "));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_row_is_found_by_its_path),
		cmocka_unit_test(other_paths_are_none),
		cmocka_unit_test(rows_say_who_signs),
		cmocka_unit_test(calidad_is_one_of_three_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
