#include "tests/help/screens.h"

#include <stdio.h>
#include <stdlib.h>
#include "crypto/sha.h"
#include "tests/help/cm.h"
#include "tests/help/copia.h"
#include "tui/plain.h"

static void take(struct pantalla *p, const struct m_sincronizado *s)
{
	assert_int_equal(local_take_sincronizado(p->local, s, p->now), OK);
	model_refresh(&p->m);
}

void pantalla_init(struct pantalla *p, const char *zona, const char *now)
{
	struct m_entrado e = {.titular = "FÑA010203AB1",
		.nombre = "Ferretería Ñandú SA de CV",
		.firmante = "FÑA010203AB1",
		.zona = zona,
		.version = 1,
		.habilitado = true,
		.prueba = true};

	assert_int_equal(zona_setup(), OK);
	*p = (struct pantalla){.now = zc(now)};
	arena_init(&p->arena, (size_t)64 << 20);
	model_init(&p->m);
	assert_int_equal(local_open(":memory:", DB_WRITE, NULL, &p->local), OK);
	model_attach(&p->m, p->local);
	p->m.perfil = (struct model_perfil){.rfc = "FÑA010203AB1",
		.certificado = "/e/fna.cer",
		.llave = "/e/fna.key",
		.servidor = "https://buzon.prueba"};
	assert_int_equal(model_arrived(&p->m, ROUTE_ID_entrar, &e, (struct bytes){0}), OK);
	struct m_calendario c = calendar_message(&p->arena);

	take(p, &(struct m_sincronizado){.cursor = "c1", .calendario = &c});
	model_line(&p->m, OK, p->now);
}

void pantalla_close(struct pantalla *p)
{
	if (p->view != NULL && p->view->close != NULL)
		p->view->close(p->state);
	free(p->state);
	p->view = NULL;
	p->state = NULL;
}

void pantalla_free(struct pantalla *p)
{
	pantalla_close(p);
	model_free(&p->m);
	local_close(p->local);
	arena_free(&p->arena);
}

static void put(struct pantalla *p, struct m_notificacion *n)
{
	take(p, &(struct m_sincronizado){
			.cursor = "c2", .notificaciones = n, .notificaciones_count = 1});
}

void pantalla_aviso(struct pantalla *p, const char *folio, const char *aviso, int plazo_dias)
{
	struct m_notificacion n = notice(&p->arena, folio, aviso, plazo_dias);

	put(p, &n);
}

void pantalla_notificada(struct pantalla *p, const char *folio, const char *aviso,
	const char *abierta, int plazo_dias, const char *acuse)
{
	struct m_notificacion n = notified(&p->arena, folio, aviso, abierta, plazo_dias, acuse);

	put(p, &n);
}

void pantalla_fila_de(struct pantalla *p, struct m_notificacion n)
{
	put(p, &n);
}

void pantalla_catalogo(struct pantalla *p, const struct m_catalogo *c)
{
	take(p, &(struct m_sincronizado){.cursor = "c4", .catalogo = c});
}

void pantalla_cuenta(struct pantalla *p, const struct m_cuenta *c)
{
	take(p, &(struct m_sincronizado){.cursor = "c3", .cuenta = c});
}

static const char *hash(struct pantalla *p, const char *text)
{
	const char *hex = NULL;

	assert_int_equal(sha256_hex(&p->arena, bytes_of_text(text), &hex), OK);
	return hex;
}

struct m_cuenta pantalla_medios(struct pantalla *p, struct m_medio *medios, size_t count)
{
	struct m_cuenta c = {.titular = "FÑA010203AB1",
		.nombre = "Ferretería Ñandú SA de CV",
		.zona = ZONA_CENTRO,
		.padron = true,
		.terminos = "1",
		.terminos_sha256 = hash(p, PANTALLA_TERMINOS),
		.privacidad = "1",
		.privacidad_sha256 = hash(p, PANTALLA_PRIVACIDAD),
		.medios = medios,
		.medios_count = count};

	pantalla_cuenta(p, &c);
	return c;
}

void pantalla_at(struct pantalla *p, const char *now)
{
	p->now = zc(now);
	assert_int_equal(local_judge(p->local, p->now), OK);
	model_refresh(&p->m);
}

struct fila pantalla_fila(struct pantalla *p, const char *folio)
{
	struct fila f;

	assert_int_equal(tabla_find(&p->m.tabla, &p->arena, folio, &f), OK);
	return f;
}

void pantalla_efirma(struct pantalla *p, bool open, const char *from, const char *to)
{
	p->m.firma = (struct model_firma){.abierta = open,
		.rfc = "FÑA010203AB1",
		.nombre = "Ferretería Ñandú SA de CV",
		.serie = "30009000000500000001",
		.certificado = "/e/fna.cer",
		.llave = "/e/fna.key",
		.desde = zc(from),
		.hasta = zc(to)};
}

void pantalla_open(struct pantalla *p, const struct effect *from)
{
	struct event event = {.now = p->now};

	pantalla_close(p);
	p->view = view_of(from->screen);
	assert_non_null(p->view);
	assert_int_equal(p->view->screen, from->screen);
	p->state = calloc(1, p->view->size);
	assert_non_null(p->state);
	p->effect = p->view->open(p->state, &p->m, from, &event);
}

struct effect pantalla_event(struct pantalla *p, struct event event)
{
	event.now = p->now;
	p->effect = p->view->act(p->state, &p->m, &event);
	return p->effect;
}

struct effect pantalla_key(struct pantalla *p, const char *key)
{
	uint32_t code;

	assert_true(keys_parse(key, &code));
	enum action action = action_of_key(p->view->screen, code);

	assert_int_not_equal(action, ACTION_COUNT);
	return pantalla_event(p, (struct event){.kind = EVENT_ACTION, .action = action});
}

struct effect pantalla_press(struct pantalla *p, const char *button)
{
	return pantalla_event(p, (struct event){.kind = EVENT_PRESSED, .key = button});
}

struct effect pantalla_type(struct pantalla *p, const char *field, const char *value)
{
	return pantalla_event(
		p, (struct event){.kind = EVENT_CHANGED, .key = field, .value = value});
}

struct effect pantalla_arrived(struct pantalla *p, enum route route, enum err err, bool pending)
{
	struct event event = {.now = p->now};

	assert_non_null(p->view->arrived);
	p->effect = p->view->arrived(p->state, &p->m, route, err, pending, &event);
	return p->effect;
}

struct page pantalla_page(struct pantalla *p)
{
	struct page page = {0};

	assert_int_equal(p->view->page(p->state, &p->m, &p->arena, p->now, &page), OK);
	assert_int_equal(action_hints(&p->arena, p->view->screen, &page), OK);
	return page;
}

const char *pantalla_text(struct pantalla *p)
{
	struct page page = pantalla_page(p);
	struct plain_options options = {.utf8 = true};
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	assert_int_equal(plain_page(out, NULL, &page, &options), OK);
	assert_int_equal(fclose(out), 0);
	char *copy = arena_strdup(&p->arena, text);

	free(text);
	assert_non_null(copy);
	return copy;
}

void pantalla_says(struct pantalla *p, const char *text)
{
	const char *page = pantalla_text(p);

	if (strstr(page, text) == NULL)
		fail_msg("not on the page: \"%s\"\n%s", text, page);
}

void pantalla_hides(struct pantalla *p, const char *text)
{
	const char *page = pantalla_text(p);

	if (strstr(page, text) != NULL)
		fail_msg("on the page, but must not be: \"%s\"\n%s", text, page);
}

const char *pantalla_cell(struct pantalla *p, size_t row, const char *column)
{
	struct page page = pantalla_page(p);
	struct page_row made;

	assert_int_equal(page.kind, PAGE_LIST);
	assert_true(row < page.list.row_count);
	assert_int_equal(page.list.row(page.list.context, &p->arena, row, &made), OK);
	for (size_t i = 0; i < page.list.column_count; i++)
		if (strcmp(page.list.columns[i].key, column) == 0)
			return made.cells[i];
	fail_msg("no column %s", column);
	return "";
}

void pantalla_no_memory(struct pantalla *p)
{
	enum err err = ERR_NO_MEMORY;
	long n = 0;

	while (err != OK && n < 10000) {
		struct page page = {0};
		ARENA(a, (size_t)(n++ * 48));

		err = p->view->page(p->state, &p->m, &a, p->now, &page);
		assert_true(err == OK || err == ERR_NO_MEMORY);
	}
	assert_int_equal(err, OK);
	assert_true(n > 1);
}
