#include "tests/help/core_representa.h"

#include "core/representaciones.h"
#include "crypto/sha.h"
#include "tests/help/cm.h"
#include "tests/help/core_sql.h"
#include "tests/help/pki.h"

struct efirma *representa_maria;
struct efirma *representa_ana;

static void enter(const struct efirma *f)
{
	const char *keyid;

	key_free(mundo_enter(&mundo, f, &keyid));
}

int representa_set_up(void **state)
{
	titular_set_up(state);
	representa_maria = pki_efirma("representante");
	representa_ana = pki_efirma("contador");
	enter(mundo.moral);
	enter(representa_maria);
	mundo_alta(&mundo, representa_maria->cert.rfc, representa_maria->cert.name, false);
	enter(representa_ana);
	return 0;
}

int representa_tear_down(void **state)
{
	efirma_free(representa_maria);
	efirma_free(representa_ana);
	return titular_tear_down(state);
}

int representa_clear(void **state)
{
	(void)state;
	sql_run(mundo.config.almacen,
		"DELETE FROM mandato; DELETE FROM representacion; DELETE FROM tarea");
	mundo_at(&mundo, pki_now());
	return 0;
}

void representa_age(const char *folio, int64_t ms)
{
	ARENA(a, 4096);

	sql_run(mundo.config.almacen,
		arena_printf(&a,
			"UPDATE representacion SET desde = desde - %lld, acepta_antes = acepta_antes - "
			"%lld WHERE folio = '%s'",
			(long long)ms, (long long)ms, folio));
}

struct m_representante_alta *representa_request(struct arena *a, const struct representa *r)
{
	struct m_representante_alta *m = arena_zalloc(a, sizeof(*m));
	struct m_permiso *list = arena_array(a, 20, sizeof(*list));
	char *words = arena_strdup(a, r->permisos);

	assert_true(m != NULL && list != NULL && words != NULL);
	*m = (struct m_representante_alta){.hat = {r->titular->cert.rfc, "propio"},
		.representante = r->a->cert.rfc,
		.permisos = list,
		.desde = r->desde,
		.hasta = r->hasta};
	for (char *rest = NULL, *w = strtok_r(words, " ", &rest); w != NULL;
		w = strtok_r(NULL, " ", &rest)) {
		char *colon = strchr(w, ':');

		assert_non_null(colon);
		*colon = '\0';
		list[m->permisos_count++] = (struct m_permiso){.ambito = w, .nivel = colon + 1};
	}
	return m;
}

struct exchange *representa_alta(struct arena *a, const struct representa *r)
{
	struct firma_de by = mundo_efirma(r->titular);

	return titular_call(a, ROUTE_ID_representante_alta, representa_request(a, r), &by);
}

const char *representa_base(struct arena *a, const struct m_acuse *acuse)
{
	const char *hex = NULL;

	assert_int_equal(sha256_hex(a, bytes_of_text(acuse->base), &hex), OK);
	return hex;
}

struct exchange *representa_aceptar(
	struct arena *a, const struct representa *r, const struct m_acuse *alta)
{
	struct firma_de by = mundo_efirma(r->a);
	struct m_representante_aceptar rq = {.hat = {r->titular->cert.rfc, "representante"},
		.folio = alta->folio,
		.base_sha256 = representa_base(a, alta)};

	return titular_call(a, ROUTE_ID_representante_aceptar, &rq, &by);
}

struct exchange *representa_baja(
	struct arena *a, const struct representa *r, const struct efirma *by, const char *folio)
{
	struct firma_de f = mundo_efirma(by);
	struct m_representante_baja rq = {
		.hat = {r->titular->cert.rfc, by == r->titular ? "propio" : "representante"},
		.folio = folio};

	return titular_call(a, ROUTE_ID_representante_baja, &rq, &f);
}

const char *representa_vigente(struct arena *a, const struct representa *r)
{
	struct exchange *x = representa_alta(a, r);
	const struct m_acuse *alta = mundo_answer(a, x);

	if (alta == NULL)
		fail_msg("%s: %s", r->permisos, mundo_error(a, x));
	if (strcmp(alta->estatus, "Por aceptar") == 0)
		assert_string_equal(mundo_error(a, representa_aceptar(a, r, alta)), "");
	return alta->folio;
}

const char *representa_valor(const struct m_acuse *m, const char *etiqueta)
{
	for (size_t i = 0; i < m->contenido_count; i++)
		if (strcmp(m->contenido[i].etiqueta, etiqueta) == 0)
			return m->contenido[i].valor;
	return "";
}

static struct exchange *sync_call(struct arena *a, const char *titular, const struct efirma *by,
	const char *calidad, const char *cursor)
{
	struct firma_de f = mundo_efirma(by);
	struct m_sincronizar rq = {.hat = {titular, calidad}, .cursor = cursor};

	return titular_call(a, ROUTE_ID_sincronizar, &rq, &f);
}

const struct m_sincronizado *representa_sincroniza(struct arena *a, const char *titular,
	const struct efirma *by, const char *calidad, const char *cursor)
{
	return mundo_answer(a, sync_call(a, titular, by, calidad, cursor));
}

const char *representa_entra(struct arena *a, const char *titular, const struct efirma *by)
{
	return mundo_error(a, sync_call(a, titular, by, "representante", NULL));
}
