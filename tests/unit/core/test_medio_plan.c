/*
 * What a new medium does to those that are there, all combinations in one table. L-5.1, A-03, A-10
 *
 * A row of the store is written as its folio, "value" and how it stands:
 *   v  validated   p  pending   x  lapsed, its job still to come   p>F  pending, will replace F
 */
#include <string.h>
#include "core/medio.h"
#include "tests/help/cm.h"

#define NOW INT64_C(1000000)
#define MOST 12

struct caso {
	const char *que;
	const char *rows; /* of mails: "1v 2p 3p>1"; of mobiles the same */
	const char *mecanismo;
	const char *clave; /* the new one's; each row's is its own folio's digit */
	const char *reemplaza;
	enum err e;
	/* What it will replace, what it replaces at once; NULL: nothing. */
	const char *luego;
	const char *ya;
};

static const struct caso CASOS[] = {
	/* Mails: five places. */
	{"the first", "", "correo", "n", NULL, OK, NULL, NULL},
	{"one of two", "1v", "correo", "n", NULL, OK, NULL, NULL},
	{"the fifth", "1v 2v 3v 4v", "correo", "n", NULL, OK, NULL, NULL},
	{"the sixth", "1v 2v 3v 4v 5v", "correo", "n", NULL, ERR_MEDIA_FULL, NULL, NULL},
	{"the sixth, one is pending", "1v 2v 3v 4v 5p", "correo", "n", NULL, ERR_MEDIA_FULL, NULL,
		NULL},
	{"the sixth, all are pending", "1p 2p 3p 4p 5p", "correo", "n", NULL, ERR_MEDIA_FULL, NULL,
		NULL},
	{"the sixth, one has lapsed", "1v 2v 3v 4v 5x", "correo", "n", NULL, OK, NULL, NULL},
	{"a pending replacement has no place of its own", "1v 2v 3v 4v 5p>1", "correo", "n", NULL,
		OK, NULL, NULL},
	{"but five have theirs", "1v 2v 3v 4v 5v 6p>1 7p>2", "correo", "n", NULL, ERR_MEDIA_FULL,
		NULL, NULL},
	{"what it was to replace is gone: it has its place", "1p>9 2v 3v 4v 5v", "correo", "n",
		NULL, ERR_MEDIA_FULL, NULL, NULL},
	/* Naming one. */
	{"a validated one is replaced later", "1v 2v 3v 4v 5v", "correo", "n", "3", OK, "3", NULL},
	{"also where there is room", "1v 2v", "correo", "n", "1", OK, "1", NULL},
	{"a pending one at once", "1v 2v 3v 4v 5p", "correo", "n", "5", OK, NULL, "5"},
	{"its pending replacement goes at once", "1v 2v 3v 4v 5v 6p>3", "correo", "n", "3", OK, "3",
		"6"},
	{"another's stays", "1v 2v 3v 4v 5v 6p>3", "correo", "n", "4", OK, "4", NULL},
	{"a pending replacement is named: inherited", "1v 2v 3v 4v 5v 6p>3", "correo", "n", "6", OK,
		"3", "6"},
	{"nothing is left to inherit", "2v 6p>3", "correo", "n", "6", OK, NULL, "6"},
	{"a lapsed replacement does not count", "1v 6x>1", "correo", "n", "1", OK, "1", NULL},
	{"a lapsed one is named", "1v 6x", "correo", "n", "6", ERR_MEDIUM_EXPIRED, NULL, NULL},
	{"nobody is named", "1v", "correo", "n", "9", ERR_NOT_FOUND, NULL, NULL},
	{"a mobile is named", "1v T2v", "correo", "n", "2", ERR_NOT_FOUND, NULL, NULL},
	{"mobiles take no place", "1v 2v 3v 4v T5v", "correo", "n", NULL, OK, NULL, NULL},
	/* The same again. */
	{"twice", "1v", "correo", "1", NULL, ERR_MEDIUM_EXISTS, NULL, NULL},
	{"twice, pending", "1p", "correo", "1", NULL, ERR_MEDIUM_EXISTS, NULL, NULL},
	{"twice, lapsed", "1x", "correo", "1", NULL, OK, NULL, NULL},
	{"in its own place", "1p", "correo", "1", "1", ERR_MEDIUM_EXISTS, NULL, NULL},
	{"twice, where all is full", "1v 2v 3v 4v 5v", "correo", "2", "3", ERR_MEDIUM_EXISTS, NULL,
		NULL},
	/* The mobile: one place, nothing needs to be named. */
	{"the first mobile", "1v", "celular", "n", NULL, OK, NULL, NULL},
	{"a second one", "T1v", "celular", "n", NULL, OK, "1", NULL},
	{"a second one, named", "T1v", "celular", "n", "1", OK, "1", NULL},
	{"a third one while the second is pending", "T1v T2p>1", "celular", "n", NULL, OK, "1",
		"2"},
	{"the same, the second is named", "T1v T2p>1", "celular", "n", "2", OK, "1", "2"},
	{"the pending one at once", "T1p", "celular", "n", NULL, OK, NULL, "1"},
	{"the pending one at once, named", "T1p", "celular", "n", "1", OK, NULL, "1"},
	{"a lapsed one is left to its job", "T1x", "celular", "n", NULL, OK, NULL, NULL},
	{"a lapsed replacement, too", "T1v T2x>1", "celular", "n", NULL, OK, "1", NULL},
	{"its validated one was removed", "T2p>1", "celular", "n", NULL, OK, NULL, "2"},
	{"an old pending one beside it", "T1p T2v", "celular", "n", NULL, OK, "2", NULL},
	{"the same mobile", "T1v", "celular", "1", NULL, ERR_MEDIUM_EXISTS, NULL, NULL},
	{"the same mobile, pending", "T1v T2p>1", "celular", "2", NULL, ERR_MEDIUM_EXISTS, NULL,
		NULL},
	{"a mail is named", "1v T2v", "celular", "n", "1", ERR_NOT_FOUND, NULL, NULL},
	{"nobody is named by a mobile", "T1v", "celular", "n", "9", ERR_NOT_FOUND, NULL, NULL},
};

/* "T2p>1" */
static const char *read_row(struct arena *a, const char *text, struct out_medios_activos *ret)
{
	bool mobile = *text == 'T';

	text += mobile;
	*ret = (struct out_medios_activos){.folio = arena_copy(a, text, 1),
		.mecanismo = mobile ? MEDIO_CELULAR : MEDIO_CORREO,
		.vence = text[1] == 'x' ? NOW - 1 : NOW};
	ret->valor = ret->clave = ret->folio;
	/* A mobile whose message was not taken yet has no end. */
	if (mobile && text[1] == 'p')
		ret->vence = 0;
	if (text[1] == 'v')
		ret->validado = 1;
	text += 2;
	if (*text == '>') {
		ret->reemplaza = arena_copy(a, text + 1, 1);
		text += 2;
	}
	return *text == ' ' ? text + 1 : text;
}

static bool same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static void test_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(CASOS); i++) {
		ARENA(a, 1 << 16);
		const struct caso *c = &CASOS[i];
		struct out_medios_activos rows[MOST];
		size_t count = 0;
		struct medio_plan plan;

		for (const char *at = c->rows; *at != '\0'; count++)
			at = read_row(&a, at, &rows[count]);
		enum err e = medio_planea(rows, count, NOW,
			&(struct medio_nuevo){c->mecanismo, c->clave, c->reemplaza}, &plan);
		const char *ya = plan.sustituye != NULL ? plan.sustituye->folio : NULL;

		if (e != c->e || (e == OK && !(same(plan.reemplaza, c->luego) && same(ya, c->ya))))
			fail_msg("%s: %s, later %s, at once %s", c->que, err_wire(e),
				plan.reemplaza != NULL ? plan.reemplaza : "-",
				ya != NULL ? ya : "-");
	}
}

/* 72 h and the last instant. L-5.2 */
static void test_pending(void **state)
{
	struct out_medio m = {.vence = NOW};

	(void)state;
	assert_int_equal(medio_pendiente(&m, NOW), OK);
	assert_int_equal(medio_pendiente(&m, NOW + 1), ERR_MEDIUM_EXPIRED);
	m.vence = 0;
	assert_int_equal(medio_pendiente(&m, INT64_MAX), OK);
	m.vence = NOW;
	m.validado = NOW;
	assert_int_equal(medio_pendiente(&m, NOW + 1), ERR_ALREADY_VALID);
	m.baja = NOW + 1;
	m.motivo = MEDIO_SUSTITUIDO;
	assert_int_equal(medio_pendiente(&m, NOW + 1), ERR_MEDIUM_GONE);
	m.motivo = MEDIO_VENCIDO;
	assert_int_equal(medio_pendiente(&m, NOW + 1), ERR_MEDIUM_EXPIRED);
}

/* Codes are five digits, all of them about as often; a link has its 32 letters. */
static void test_secrets(void **state)
{
	enum { N = 20000 };
	int first[10] = {0};
	int last[10] = {0};
	struct medio_secreto s;

	(void)state;
	for (int i = 0; i < N; i++) {
		assert_int_equal(medio_secreto_make(&s), OK);
		assert_int_equal(strspn(s.codigo, "0123456789"), MEDIO_CODIGO);
		assert_int_equal(
			strspn(s.enlace, "0123456789abcdefghjkmnpqrstvwxyz"), MEDIO_ENLACE);
		first[s.codigo[0] - '0']++;
		last[s.codigo[4] - '0']++;
	}
	/* Ten standard deviations. */
	for (int d = 0; d < 10; d++) {
		assert_in_range(first[d], N / 10 - 425, N / 10 + 425);
		assert_in_range(last[d], N / 10 - 425, N / 10 + 425);
	}
	struct out_medio m = {.sal = bytes_of(s.sal, sizeof(s.sal)),
		.codigo = bytes_of(s.codigo_sha256, sizeof(s.codigo_sha256))};
	bool right;

	assert_int_equal(medio_codigo_is(&m, s.codigo, &right), OK);
	assert_true(right);
	s.codigo[2] ^= 1;
	assert_int_equal(medio_codigo_is(&m, s.codigo, &right), OK);
	assert_false(right);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_pending),
		cmocka_unit_test(test_secrets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
