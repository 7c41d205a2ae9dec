#include "tests/help/core_oficio.h"

#include <stdlib.h>
#include <string.h>
#include "crypto/sha.h"
#include "ley/documento.h"
#include "ley/hora.h"
#include "tests/help/cm.h"
#include "tests/help/core_sql.h"

struct firma_de by_funcionario;
struct firma_de by_funcionario_lee;
static struct key *reading;

static struct funcionario *functionary(void)
{
	return &mundo.config.funcionarios[0];
}

int oficio_set_up(void **state)
{
	int failed = titular_set_up(state);

	if (failed != 0)
		return failed;
	by_funcionario = mundo_efirma(mundo.funcionario);
	reading = mundo_enter(&mundo, mundo.funcionario, &by_funcionario_lee.keyid);
	by_funcionario_lee.key = reading;
	oficio_sube(mundo.funcionario->cert.rfc, OFICIO_PDF);
	return 0;
}

int oficio_tear_down(void **state)
{
	oficio_facultades(FACULTADES_TODAS, NULL, 0);
	key_free(reading);
	return titular_tear_down(state);
}

void oficio_facultades(unsigned actos, const char **tipos, size_t tipos_count)
{
	functionary()->actos = actos;
	functionary()->tipos = tipos;
	functionary()->tipos_count = tipos_count;
	functionary()->todo_tipo = tipos == NULL;
}

int oficio_clear(void **state)
{
	(void)state;
	sql_run(mundo.config.almacen,
		"DELETE FROM notificacion; DELETE FROM publicacion; DELETE FROM archivo; "
		"DELETE FROM evento; DELETE FROM tarea; DELETE FROM envio; DELETE FROM acuse; "
		"DELETE FROM medio; DELETE FROM registro_patronal; DELETE FROM acto; "
		"DELETE FROM comprobacion");
	oficio_facultades(FACULTADES_TODAS, NULL, 0);
	return 0;
}

const char *oficio_sube(const char *dueno, const char *pdf)
{
	static int number;
	const char *sha;
	struct out_subida_avanzar went;
	struct out_subida_completar whole;
	struct bytes all = bytes_of_text(pdf);

	assert_int_equal(sha256_hex(&mundo.arena, all, &sha), OK);
	struct in_subida_poner in = {.direccion = arena_printf(&mundo.arena, "%032d", ++number),
		.dueno = dueno,
		.sha256 = sha,
		.bytes = (int64_t)all.size,
		.vence = mundo.now + INT64_C(86400000)};
	struct in_subida_parte_poner part = {.direccion = in.direccion, .datos = all};
	struct in_subida_avanzar on = {
		.recibidos = in.bytes, .vence = in.vence, .direccion = in.direccion};
	struct in_subida_completar end = {
		.completa = mundo.now, .vence = in.vence, .direccion = in.direccion};

	assert_int_equal(q_subida_poner(mundo.hand, &in, &mundo.arena, NULL), OK);
	assert_int_equal(q_subida_parte_poner(mundo.hand, &part, &mundo.arena, NULL), OK);
	assert_int_equal(q_subida_avanzar(mundo.hand, &on, &mundo.arena, &went), OK);
	assert_int_equal(q_subida_completar(mundo.hand, &end, &mundo.arena, &whole), OK);
	return sha;
}

struct m_oficio_emitir oficio_de(const char *oficio)
{
	const char *sha;

	assert_int_equal(sha256_hex(&mundo.arena, bytes_of_text(OFICIO_PDF), &sha), OK);
	return (struct m_oficio_emitir){.hat = {rfc, "funcionario"},
		.oficio = oficio,
		.tipo = "R-7.1",
		.documento = "Resolución de determinación de la prima",
		.sha256 = sha};
}

void oficio_firma(struct arena *a, struct m_oficio_emitir *m, const struct efirma *f)
{
	struct documento d = {.oficio = m->oficio,
		.sha256 = m->sha256,
		.rfc = m->hat.titular,
		.firmante = f->cert.rfc,
		.fecha = m->fecha != NULL ? m->fecha
					  : hora_text(a, zona_centro(), mundo.now, HORA_CADENA)};
	const char *cadena;

	m->fecha = d.fecha;
	assert_int_equal(documento_cadena(a, &d, &cadena), OK);
	assert_int_equal(key_sign(a, f->key, bytes_of_text(cadena), &m->firma), OK);
}

struct exchange *oficio_emite(struct arena *a, struct m_oficio_emitir *m)
{
	if (m->firma.size == 0)
		oficio_firma(&mundo.arena, m, mundo.funcionario);
	return titular_call(a, ROUTE_ID_oficio_emitir, m, &by_funcionario);
}

const char *oficio_emitido(struct m_oficio_emitir *m)
{
	ARENA(a, 8 << 20);
	struct exchange *x = oficio_emite(&a, m);

	assert_string_equal(mundo_error(&a, x), "");
	const struct m_acuse *acuse = mundo_answer(&a, x);

	assert_non_null(acuse);
	return arena_strdup(&mundo.arena, acuse->folio);
}

void oficio_propone(const char *folio, const char *motivo)
{
	lote_do(&mundo,
		"UPDATE notificacion SET propuesta = '%s', propuesta_desde = %lld WHERE folio = '%s'",
		motivo, (long long)mundo.now, folio);
}

const char *oficio_pide(struct arena *a, enum route r, const void *m)
{
	bool read = route_row(r)->signer == ROUTE_READ;

	return mundo_error(a, titular_call(a, r, m, read ? &by_funcionario_lee : &by_funcionario));
}

const char *oficio_sucesos(const char *folio)
{
	const char *words = "";
	int64_t count =
		lote_number(&mundo, "SELECT COUNT(*) FROM evento WHERE folio = '%s'", folio);

	for (int64_t i = 1; i <= count; i++)
		words = arena_printf(&mundo.arena, "%s%s%s", words, i > 1 ? " " : "",
			lote_text(&mundo,
				"SELECT suceso FROM evento WHERE folio = '%s' AND orden = %lld",
				folio, (long long)i));
	return words;
}
