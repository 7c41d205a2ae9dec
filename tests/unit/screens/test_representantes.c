/*
 * Representatives on the screen: who acts for this RFC, the RFCs that gave it access, naming,
 * accepting and ending, at instants that matter. A-16 L-4.2
 */
#include <stdio.h>
#include "screens/representacion.h"
#include "tests/help/cm.h"
#include "tests/help/pantalla_vt.h"

#define CONTADOR "RUSA820922TT8"
#define CLIENTE "PEÑJ800101AB1"
#define DADA "BI-20261110-090000001"
#define PROPUESTA "BI-20261112-115000002"
#define VIEJA "BI-20250101-090000003"
#define BASE "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
#define MANY 1000

static struct pantalla p;
static struct m_cuenta cuenta;
static struct m_representacion dadas[3];
static struct m_representacion recibidas[MANY];
static char folios[MANY][MODEL_FOLIO];
static char rfcs[MANY][MODEL_RFC];
static struct m_permiso leer[] = {{.ambito = "notificaciones", .nivel = "leer"}};
static struct m_permiso firmar[] = {
	{.ambito = "notificaciones", .nivel = "firmar"}, {.ambito = "medios", .nivel = "preparar"}};
static struct mundo_perfil perfiles[3];
static struct mundo mundo;

/* Given: to the accountant, in force until the end of the year; received: a proposal at 11:50. */
static int setup(void **state)
{
	(void)state;
	pantalla_init(&p, ZONA_CENTRO, "2026-11-12 12:00");
	pantalla_efirma(&p, true, "2024-01-01 00:00", "2028-01-01 00:00");
	dadas[0] = (struct m_representacion){.folio = DADA,
		.titular = "FÑA010203AB1",
		.representante = CONTADOR,
		.representante_nombre = "ANA RUIZ SOSA",
		.permisos = leer,
		.permisos_count = 1,
		.desde = zc("2026-11-10 09:00"),
		.hasta = zc("2026-12-31 23:59:59.999"),
		.estado = "vigente",
		.origen = "buzon"};
	dadas[1] = (struct m_representacion){.folio = VIEJA,
		.titular = "FÑA010203AB1",
		.representante = "XEXX010101000",
		.permisos = leer,
		.permisos_count = 1,
		.desde = zc("2025-01-01 09:00"),
		.estado = "terminada",
		.origen = "padron",
		.termino = zc("2025-06-30 10:00"),
		.termino_por = "FÑA010203AB1",
		.acuse_baja = "BI-20250630-100000004"};
	recibidas[0] = (struct m_representacion){.folio = PROPUESTA,
		.titular = CLIENTE,
		.titular_nombre = "JOSÉ PEÑA ÑANDÚ",
		.representante = "FÑA010203AB1",
		.permisos = firmar,
		.permisos_count = 2,
		.desde = zc("2026-11-12 11:50"),
		.estado = "por-aceptar",
		.origen = "buzon",
		.base_sha256 = BASE,
		.acepta_antes = zc("2026-11-12 12:20")};
	cuenta = (struct m_cuenta){.titular = "FÑA010203AB1",
		.nombre = "Ferretería Ñandú SA de CV",
		.zona = ZONA_CENTRO,
		.padron = true,
		.habilitado = zc("2026-01-01 09:00"),
		.terminos = "1",
		.terminos_sha256 = BASE,
		.privacidad = "1",
		.privacidad_sha256 = BASE,
		.representantes = dadas,
		.representantes_count = 2,
		.representados = recibidas,
		.representados_count = 1};
	pantalla_cuenta(&p, &cuenta);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	pantalla_free(&p);
	return 0;
}

static void show(enum screen screen, const char *folio)
{
	const struct effect from = effect_to(EFFECT_OPEN, screen, folio);

	pantalla_open(&p, &from);
}

/* Acts for another with that level in Notificaciones (NULL: none). */
static void represent(const char *nivel)
{
	static struct m_permiso own[1];

	own[0] = (struct m_permiso){.ambito = "notificaciones", .nivel = nivel};
	p.m.perfil.calidad = "representante";
	cuenta.permisos = own;
	cuenta.permisos_count = nivel != NULL;
	pantalla_cuenta(&p, &cuenta);
}

static void side_by_side(const char *rfc, const char *calidad)
{
	perfiles[0] = (struct mundo_perfil){
		.nombre = "ferreteria", .rfc = "FÑA010203AB1", .calidad = "propio", .model = &p.m};
	perfiles[1] = (struct mundo_perfil){.nombre = "otro", .rfc = rfc, .calidad = calidad};
	mundo = (struct mundo){perfiles, 2, 0, 2};
	p.m.mundo = &mundo;
}

static bool hinted(const char *word)
{
	struct page page = pantalla_page(&p);

	for (size_t i = 0; i < page.hint_count; i++)
		if (strcmp(page.hints[i].word, word) == 0)
			return true;
	return false;
}

static void status_says(const char *text)
{
	const char *status = pantalla_page(&p).status;

	if (status == NULL || strstr(status, text) == NULL)
		fail_msg("the last line is «%s», not «%s»", status != NULL ? status : "", text);
}

static const char *button(size_t index)
{
	struct page page = pantalla_page(&p);

	assert_int_equal(page.kind, PAGE_DIALOG);
	return index < page.dialog.button_count ? page.dialog.buttons[index].label : "";
}

/* ---- the lists ---- */

/* A proposal is shown first, and until when; f shows the other list. */
static void test_lists(void **state)
{
	(void)state;
	show(SCREEN_representantes, NULL);
	struct page page = pantalla_page(&p);

	assert_int_equal(page.kind, PAGE_LIST);
	assert_int_equal(page.list.row_count, 1);
	assert_int_equal(page.until, zc("2026-11-12 12:20") + 1);
	assert_string_equal(pantalla_cell(&p, 0, "rfc"), CLIENTE);
	assert_string_equal(pantalla_cell(&p, 0, "nombre"), "JOSÉ PEÑA ÑANDÚ");
	assert_string_equal(pantalla_cell(&p, 0, "permisos"),
		"Notificaciones: Firmar; Medios de contacto: Preparar");
	assert_string_equal(pantalla_cell(&p, 0, "estado"), "por aceptar");
	pantalla_says(&p, CLIENTE " te nombró: falta tu firma, antes del jue 12/nov/2026 12:20");
	(void)pantalla_key(&p, "f");
	assert_int_equal(pantalla_page(&p).list.row_count, 2);
	assert_string_equal(pantalla_cell(&p, 0, "rfc"), CONTADOR);
	assert_string_equal(pantalla_cell(&p, 0, "hasta"), "31/dic/2026");
	assert_string_equal(pantalla_cell(&p, 0, "estado"), "vigente");
	/* What is over comes last. */
	assert_string_equal(pantalla_cell(&p, 1, "estado"), "terminada");
	assert_string_equal(pantalla_cell(&p, 1, "hasta"), "30/jun/2025");
	struct effect e = pantalla_key(&p, "Enter");

	assert_int_equal(e.screen, SCREEN_representante);
	assert_string_equal(e.folio, DADA);
	/* As a command, by name. */
	(void)pantalla_event(&p,
		(struct event){.kind = EVENT_ACTION, .action = ACTION_side, .value = "recibidos"});
	assert_string_equal(pantalla_cell(&p, 0, "rfc"), CLIENTE);
	assert_int_equal(pantalla_key(&p, "Esc").kind, EFFECT_BACK);
}

/* The clock alone changes what is true: last instants count, the next one does not. */
static void test_instants(void **state)
{
	static const struct {
		const char *now;
		const char *given;
		const char *received;
	} cases[] = {
		{"2026-11-12 12:20:00.000", "vigente", "por aceptar"},
		{"2026-11-12 12:20:00.001", "vigente", "caducada"},
		{"2026-12-31 23:59:59.999", "vigente", "caducada"},
		{"2027-01-01 00:00:00.000", "vencida", "caducada"},
		{"2026-11-10 08:59:59.999", "por iniciar", "por aceptar"},
		{"2026-11-10 09:00:00.000", "vigente", "por aceptar"},
	};

	(void)state;
	show(SCREEN_representantes, NULL);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		p.now = zc(cases[i].now);
		(void)pantalla_event(
			&p, (struct event){
				    .kind = EVENT_ACTION, .action = ACTION_side, .value = "dados"});
		assert_string_equal(pantalla_cell(&p, 0, "estado"), cases[i].given);
		(void)pantalla_key(&p, "f");
		assert_string_equal(pantalla_cell(&p, 0, "estado"), cases[i].received);
	}
}

/* A thousand that were given to an accountant: looked for, and found again by its place. */
static void test_thousand(void **state)
{
	(void)state;
	for (size_t i = 0; i < MANY; i++) {
		(void)snprintf(folios[i], sizeof(folios[i]), "BI-20261101-%09zu", i);
		(void)snprintf(rfcs[i], sizeof(rfcs[i]), "ABC%06zuXY%zu", i + 10101, i % 10);
		recibidas[i] = (struct m_representacion){.folio = folios[i],
			.titular = rfcs[i],
			.titular_nombre = i == 777 ? "Ñandúes del Norte" : "Empresa de prueba",
			.representante = "FÑA010203AB1",
			.permisos = leer,
			.permisos_count = 1,
			.desde = zc("2026-11-01 09:00"),
			.estado = "vigente",
			.origen = "buzon"};
	}
	cuenta.representados_count = MANY;
	cuenta.representantes_count = 0;
	pantalla_cuenta(&p, &cuenta);
	/* Nobody acts for the accountant: what others gave is what opens. */
	show(SCREEN_representantes, NULL);
	assert_int_equal(pantalla_page(&p).list.row_count, MANY);
	pantalla_says(&p, "RFC que te dieron acceso: 1000");
	(void)pantalla_event(&p, (struct event){.kind = EVENT_MOVED, .index = 999});
	assert_int_equal(pantalla_page(&p).list.selected, 999);
	assert_int_equal(pantalla_key(&p, "/").kind, EFFECT_PROMPT);
	(void)pantalla_event(&p, (struct event){.kind = EVENT_ENTERED, .value = "ñandu"});
	assert_int_equal(pantalla_page(&p).list.row_count, 1);
	assert_string_equal(pantalla_cell(&p, 0, "rfc"), rfcs[777]);
	pantalla_says(&p, "Buscando «ñandu» (1 de 1000; Esc lo quita)");
	assert_string_equal(pantalla_key(&p, "Enter").folio, folios[777]);
	(void)pantalla_event(&p, (struct event){.kind = EVENT_ENTERED, .value = "nada así"});
	assert_int_equal(pantalla_page(&p).list.row_count, 0);
	assert_int_equal(pantalla_key(&p, "Enter").kind, EFFECT_NONE);
	/* The search goes first, then the screen. */
	assert_int_equal(pantalla_key(&p, "Esc").kind, EFFECT_NONE);
	assert_int_equal(pantalla_page(&p).list.row_count, MANY);
	assert_int_equal(pantalla_key(&p, "Esc").kind, EFFECT_BACK);
}

static void test_nobody(void **state)
{
	(void)state;
	cuenta.representantes_count = cuenta.representados_count = 0;
	pantalla_cuenta(&p, &cuenta);
	show(SCREEN_representantes, NULL);
	pantalla_says(&p, "Nadie actúa por este RFC. n nombra a alguien");
	assert_int_equal(pantalla_key(&p, "x").kind, EFFECT_NONE);
	assert_int_equal(pantalla_key(&p, "a").kind, EFFECT_NONE);
	assert_int_equal(pantalla_key(&p, "n").screen, SCREEN_representante_nuevo);
	(void)pantalla_key(&p, "f");
	pantalla_says(&p, "Ningún RFC te ha dado acceso");
}

/* ---- one ---- */

/* All that is known of one that ended: who, when, its acuses. */
static void test_detail(void **state)
{
	(void)state;
	show(SCREEN_representante, VIEJA);
	pantalla_says(&p, "Estado: terminada");
	pantalla_says(&p, "Representante: XEXX010101000");
	pantalla_says(&p, "Puede: Notificaciones: Leer");
	pantalla_says(&p, "Desde: mié 01/ene/2025 09:00");
	pantalla_says(&p, "Hasta: que se termine");
	pantalla_says(&p, "Origen: el padrón del Instituto");
	pantalla_says(&p, "Terminó: lun 30/jun/2025 10:00");
	pantalla_says(&p, "la terminó FÑA010203AB1");
	pantalla_says(&p, "BI-20250630-100000004");
	assert_false(hinted("terminar"));
	assert_false(hinted("aceptar"));
	assert_int_equal(pantalla_key(&p, "x").kind, EFFECT_NONE);
	status_says("Ya no está en vigor");
	/* The newest acuse; it is one's own Buzón. */
	struct effect e = pantalla_key(&p, "a");

	assert_int_equal(e.screen, SCREEN_acuse);
	assert_string_equal(e.folio, "BI-20250630-100000004");
	assert_null(e.de);
	pantalla_close(&p);
	show(SCREEN_representante, "BI-00000000-000000000");
	pantalla_says(&p, err_sentence(ERR_NOT_FOUND));
}

/* To work for that RFC: the lines of a profile, to be copied; none where there is one already. */
static void test_profile_lines(void **state)
{
	static const char lines[] = "[perfil penj800101ab1]\nrfc = " CLIENTE
				    "\ncalidad = representante\ncertificado = /e/fna.cer\n"
				    "llave = /e/fna.key\nservidor = https://buzon.prueba\n";

	(void)state;
	/* Not before it is accepted. */
	show(SCREEN_representante, PROPUESTA);
	pantalla_hides(&p, "calidad = representante");
	recibidas[0].aceptada = zc("2026-11-12 11:55");
	recibidas[0].acuse_aceptacion = "BI-20261112-115500005";
	pantalla_cuenta(&p, &cuenta);
	pantalla_says(&p, "[perfil penj800101ab1]");
	struct effect e = pantalla_key(&p, "y");

	assert_int_equal(e.kind, EFFECT_COPY);
	assert_string_equal(e.text, lines);
	/* Of another's Buzón it is asked for as their representative. */
	e = pantalla_key(&p, "a");
	assert_string_equal(e.folio, "BI-20261112-115500005");
	assert_string_equal(e.de, CLIENTE);
	side_by_side(CLIENTE, "representante");
	pantalla_hides(&p, "calidad = representante");
	pantalla_says(&p, "P, perfil «otro»");
	/* That client's own profile is not one of ours. */
	side_by_side(CLIENTE, "propio");
	pantalla_says(&p, "calidad = representante");
}

/* ---- accepting ---- */

/* the second signature names the first one by its hash, and is for another than the profile.
 */
static void test_accept(void **state)
{
	(void)state;
	show(SCREEN_representante, PROPUESTA);
	pantalla_says(&p, "Falta tu firma, antes del jue 12/nov/2026 12:20");
	assert_true(hinted("aceptar"));
	struct effect e = pantalla_key(&p, "Enter");

	assert_int_equal(e.screen, SCREEN_firmar);
	struct acto acto = *e.acto;

	pantalla_close(&p);
	e.acto = &acto;
	pantalla_open(&p, &e);
	pantalla_says(&p, "actuar por " CLIENTE ", JOSÉ PEÑA ÑANDÚ");
	pantalla_says(&p, "SHA-256 de la primera firma: " BASE);
	pantalla_says(&p, "En nombre de: " CLIENTE);
	(void)pantalla_press(&p, "validar");
	pantalla_says(&p, "La firma vale hasta: jue 12/nov/2026 12:20");
	e = pantalla_press(&p, "firmar");
	assert_int_equal(e.route, ROUTE_ID_representante_aceptar);
	assert_int_equal(e.expires, zc("2026-11-12 12:20"));
	assert_string_equal(e.request.representante_aceptar.hat.titular, CLIENTE);
	assert_string_equal(e.request.representante_aceptar.hat.calidad, "representante");
	assert_string_equal(e.request.representante_aceptar.base_sha256, BASE);
	(void)pantalla_arrived(&p, ROUTE_ID_representante_aceptar, OK, false);
	pantalla_says(&p, "Ya puedes actuar por " CLIENTE);
	pantalla_says(&p, "agrega un perfil");
	assert_string_equal(button(1), "Ver acuse");
	assert_string_equal(button(2), "");
	side_by_side(CLIENTE, "representante");
	assert_string_equal(button(2), "Cambiar a ese perfil");
	e = pantalla_press(&p, "luego");
	assert_int_equal(e.kind, EFFECT_PERFIL);
	assert_int_equal(e.perfil, 1);
}

/* The clock passes the last instant while the dialogue is open: nothing is signed. */
static void test_accept_too_late(void **state)
{
	(void)state;
	show(SCREEN_representante, PROPUESTA);
	struct effect e = pantalla_key(&p, "Enter");
	struct acto acto = *e.acto;

	e.acto = &acto;
	pantalla_close(&p);
	pantalla_open(&p, &e);
	(void)pantalla_press(&p, "validar");
	p.now = zc("2026-11-12 12:20:00.001");
	assert_int_equal(pantalla_press(&p, "firmar").kind, EFFECT_NONE);
	pantalla_says(&p, err_sentence(ERR_PROPOSAL_EXPIRED));
	assert_string_equal(button(1), "");
	pantalla_close(&p);
	show(SCREEN_representante, PROPUESTA);
	pantalla_says(&p, "Estado: caducada");
	assert_false(hinted("aceptar"));
	assert_int_equal(pantalla_key(&p, "Enter").kind, EFFECT_NONE);
}

/* One that waits in the outbox is not signed again. */
static void test_not_twice(void **state)
{
	(void)state;
	p.m.actos[0] = (struct model_acto){
		.route = ROUTE_ID_representante_aceptar, .cuando = zc("2026-11-12 12:20")};
	(void)snprintf(p.m.actos[0].clave, sizeof(p.m.actos[0].clave), "%s", PROPUESTA);
	p.m.actos[1] = (struct model_acto){.route = ROUTE_ID_representante_baja, .cuando = 1};
	(void)snprintf(p.m.actos[1].clave, sizeof(p.m.actos[1].clave), "%s", DADA);
	p.m.acto_count = 2;
	show(SCREEN_representante, PROPUESTA);
	pantalla_says(&p, "Tu firma está guardada y por enviar");
	assert_int_equal(pantalla_key(&p, "Enter").kind, EFFECT_NONE);
	pantalla_close(&p);
	show(SCREEN_representante, DADA);
	assert_int_equal(pantalla_key(&p, "x").kind, EFFECT_NONE);
	status_says("no se firma dos veces");
}

/* ---- ending ---- */

static void sign_end(const char *folio)
{
	show(SCREEN_representante, folio);
	struct effect e = pantalla_key(&p, "x");

	assert_int_equal(e.screen, SCREEN_firmar);
	struct acto acto = *e.acto;

	e.acto = &acto;
	pantalla_close(&p);
	pantalla_open(&p, &e);
	pantalla_says(&p, "No se deshace");
	(void)pantalla_press(&p, "validar");
	(void)pantalla_press(&p, "firmar");
	assert_int_equal(p.effect.route, ROUTE_ID_representante_baja);
	assert_string_equal(p.effect.request.representante_baja.folio, folio);
}

/* From either side, each with its own hat. */
static void test_end(void **state)
{
	(void)state;
	sign_end(DADA);
	pantalla_says(&p, "que " CONTADOR " deje de actuar por ti");
	assert_null(p.effect.request.representante_baja.hat.titular);
	pantalla_close(&p);
	sign_end(PROPUESTA);
	pantalla_says(&p, "dejar de actuar por " CLIENTE);
	assert_string_equal(p.effect.request.representante_baja.hat.titular, CLIENTE);
	assert_string_equal(p.effect.request.representante_baja.hat.calidad, "representante");
	/* The acuse is what is shown of it. */
	assert_int_equal(
		pantalla_arrived(&p, ROUTE_ID_representante_baja, OK, false).screen, SCREEN_acuse);
}

/* ---- naming ---- */

static void fill(const char *rfc, const char *nivel, const char *desde, const char *hasta)
{
	(void)pantalla_type(&p, "rfc", rfc);
	(void)pantalla_type(&p, "notificaciones", nivel);
	(void)pantalla_type(&p, "desde", desde);
	(void)pantalla_type(&p, "hasta", hasta);
}

/* A-16 firma mancomunada: what is signed, and what the second person must do, until when. */
static void test_name(void **state)
{
	(void)state;
	show(SCREEN_representante_nuevo, NULL);
	pantalla_hides(&p, "30 minutos");
	fill("cupu800825-569", "Firmar", "", "31/dic/2027");
	pantalla_says(&p, "Firma de los dos: primero la tuya; después la suya");
	struct effect e = pantalla_press(&p, "guardar");

	assert_int_equal(e.screen, SCREEN_firmar);
	struct acto acto = *e.acto;

	assert_string_equal(acto.representante, "CUPU800825569");
	assert_int_equal(acto.permiso_count, 1);
	assert_string_equal(acto.permisos[0].nivel, "firmar");
	assert_int_equal(acto.desde, 0);
	assert_int_equal(acto.hasta, zc("2027-12-31 23:59:59.999"));
	e.acto = &acto;
	pantalla_close(&p);
	pantalla_open(&p, &e);
	pantalla_says(&p, "que CUPU800825569 actúe por tu RFC");
	pantalla_says(&p, "Es la primera de dos firmas");
	(void)pantalla_press(&p, "validar");
	e = pantalla_press(&p, "firmar");
	assert_int_equal(e.route, ROUTE_ID_representante_alta);
	assert_string_equal(e.request.representante_alta.representante, "CUPU800825569");
	assert_string_equal(e.request.representante_alta.permisos[0].ambito, "notificaciones");
	assert_int_equal(e.request.representante_alta.hasta, zc("2027-12-31 23:59:59.999"));
	/* What it was typed into is no draft any more. */
	(void)snprintf(p.m.ultimo_acuse, sizeof(p.m.ultimo_acuse), "%s", "BI-20261112-120000009");
	e = pantalla_arrived(&p, ROUTE_ID_representante_alta, OK, false);
	assert_int_equal(e.kind, EFFECT_KEEP);
	assert_string_equal(e.text, "");
	dadas[2] = dadas[0];
	dadas[2].folio = "BI-20261112-120000009";
	dadas[2].representante = "CUPU800825569";
	dadas[2].acepta_antes = zc("2026-11-12 12:30");
	cuenta.representantes_count = 3;
	pantalla_cuenta(&p, &cuenta);
	pantalla_says(&p, "CUPU800825569 debe aceptar antes del jue 12/nov/2026 12:30");
	pantalla_says(&p, "buzon-tui representante aceptar BI-20261112-120000009");
	assert_string_equal(button(2), "");
	/* Side by side on one machine: the button changes to the second person's profile. */
	side_by_side("CUPU800825569", NULL);
	pantalla_says(&p, "Su perfil «otro» está en este equipo");
	assert_string_equal(button(2), "Cambiar a su perfil");
	e = pantalla_press(&p, "luego");
	assert_int_equal(e.kind, EFFECT_PERFIL);
	assert_int_equal(e.perfil, 1);
	assert_int_equal(e.screen, SCREEN_representantes);
}

/* Up to preparar nobody else signs, and nothing else is promised. */
static void test_name_alone(void **state)
{
	(void)state;
	show(SCREEN_representante_nuevo, NULL);
	fill("CUPU800825569", "Preparar", "13/nov/2026", "");
	struct effect e = pantalla_press(&p, "guardar");
	struct acto acto = *e.acto;

	assert_int_equal(acto.desde, zc("2026-11-13 00:00:00.000"));
	assert_int_equal(acto.hasta, 0);
	e.acto = &acto;
	pantalla_close(&p);
	pantalla_open(&p, &e);
	pantalla_hides(&p, "primera de dos firmas");
	(void)pantalla_press(&p, "validar");
	(void)pantalla_press(&p, "firmar");
	(void)pantalla_arrived(&p, ROUTE_ID_representante_alta, OK, false);
	pantalla_says(&p, "no tiene que firmar nada");
	side_by_side("CUPU800825569", "propio");
	assert_string_equal(button(2), "");
}

static void test_name_mistakes(void **state)
{
	static const struct {
		const char *rfc;
		const char *nivel;
		const char *desde;
		const char *hasta;
		const char *says;
	} bad[] = {
		{"", "Leer", "", "", "El RFC no tiene la forma correcta"},
		{"ABC", "Leer", "", "", "El RFC no tiene la forma correcta"},
		{"fña010203ab1", "Leer", "", "", "Nadie se representa a sí mismo"},
		{"CUPU800825569", "Nada", "", "", "Di qué puede hacer"},
		{"ABC010203AB1", "Abrir", "", "", "Una persona moral puede leer y preparar"},
		{"CUPU800825569", "Leer", "31/feb/2027", "", "No es una fecha"},
		{"CUPU800825569", "Leer", "", "mañana", "No es una fecha"},
		{"CUPU800825569", "Leer", "", "11/nov/2026", "Ese día ya pasó"},
		{"CUPU800825569", "Leer", "02/ene/2027", "01/ene/2027", "Es antes del primer día"},
	};

	(void)state;
	show(SCREEN_representante_nuevo, NULL);
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		fill(bad[i].rfc, bad[i].nivel, bad[i].desde, bad[i].hasta);
		assert_int_equal(pantalla_press(&p, "guardar").kind, EFFECT_NONE);
		pantalla_says(&p, bad[i].says);
		status_says("Falta corregir");
	}
	/* Today, whole, is no mistake; nor is a moral that only reads. */
	fill("ABC010203AB1", "Leer", "", "12/nov/2026");
	assert_int_equal(pantalla_press(&p, "guardar").screen, SCREEN_firmar);
	/* Who has it already is said before anything is signed. */
	fill(CONTADOR, "Leer", "", "");
	struct effect e = pantalla_press(&p, "guardar");
	struct acto acto = *e.acto;

	e.acto = &acto;
	pantalla_close(&p);
	pantalla_open(&p, &e);
	(void)pantalla_press(&p, "validar");
	pantalla_says(&p, err_sentence(ERR_ALREADY_REPRESENTED));
	assert_string_equal(button(1), "");
}

/* Esc loses nothing: what was typed is there the next time. */
static void test_draft(void **state)
{
	(void)state;
	show(SCREEN_representante_nuevo, NULL);
	fill("CUPU800825569", "Abrir", "", "31/dic/2027");
	struct effect e = pantalla_key(&p, "Esc");

	assert_int_equal(e.kind, EFFECT_KEEP);
	assert_int_equal(e.levels, 1);
	assert_string_equal(e.folio, "borrador/representante");
	assert_int_equal(local_put(p.local, e.folio, bytes_of_text(e.text)), OK);
	pantalla_close(&p);
	show(SCREEN_representante_nuevo, NULL);
	pantalla_says(&p, "CUPU800825569");
	pantalla_says(&p, "31/dic/2027");
	pantalla_says(&p, "Firma de los dos");
	assert_int_equal(pantalla_event(&p, (struct event){.kind = EVENT_LEFT, .key = "rfc"}).kind,
		EFFECT_KEEP);
}

/* ---- who acts for another ---- */

/* What a level does not reach is said before, and whom to ask; it is not offered. */
static void test_reach(void **state)
{
	(void)state;
	pantalla_aviso(&p, "BI-20261111-101500114", "2026-11-11 10:15", 15);
	represent("preparar");
	show(SCREEN_efecto, "BI-20261111-101500114");
	pantalla_says(&p, "no llega a abrirla (llega a: Preparar). Pide a FÑA010203AB1");
	assert_false(hinted("abrir con e.firma"));
	assert_int_equal(pantalla_key(&p, "Enter").kind, EFFECT_NONE);
	represent("abrir");
	pantalla_hides(&p, "no llega a abrirla");
	assert_true(hinted("abrir con e.firma"));
	assert_int_equal(pantalla_key(&p, "Enter").screen, SCREEN_firmar);
	pantalla_close(&p);
	/* Naming others is the titular's alone. */
	show(SCREEN_representantes, NULL);
	assert_false(hinted("nombrar"));
	assert_int_equal(pantalla_key(&p, "n").kind, EFFECT_NONE);
	status_says("Sólo el titular nombra representantes");
}

/* Whatever leads to the dialogue: an act out of reach is closed as it opens, with whom to ask. */
static void test_reach_of_acts(void **state)
{
	static const struct {
		struct acto acto;
		enum err err;
	} acts[] = {
		{{.route = ROUTE_ID_medio_baja, .folio = "BI-1"}, ERR_NO_SCOPE},
		{{.route = ROUTE_ID_activar}, ERR_NO_SCOPE},
		{{.route = ROUTE_ID_representante_alta, .representante = CONTADOR}, ERR_NOT_YOURS},
	};

	(void)state;
	represent("firmar");
	for (size_t i = 0; i < COUNT_OF(acts); i++) {
		struct effect from = effect_to(EFFECT_OPEN, SCREEN_firmar, NULL);

		from.acto = &acts[i].acto;
		pantalla_open(&p, &from);
		pantalla_says(&p, err_sentence(acts[i].err));
		pantalla_says(&p, "Su titular: FÑA010203AB1");
		assert_string_equal(button(1), "");
		pantalla_close(&p);
	}
}

/* Inicio says who is waited for, and for whom one acts. */
static void test_inicio(void **state)
{
	(void)state;
	show(SCREEN_inicio, NULL);
	pantalla_says(&p, CLIENTE " te nombró su representante: falta tu firma");
	pantalla_says(&p, "Representantes: 2; RFC que te dieron acceso, 1 (R)");
	p.now = zc("2026-11-12 12:20:00.001");
	pantalla_hides(&p, "falta tu firma");
	represent("leer");
	pantalla_says(&p, "En nombre de: FÑA010203AB1; puedes: Notificaciones: Leer");
	represent(NULL);
	pantalla_says(&p, "puedes: nada ahora");
}

/* ---- as it is seen ---- */

static void test_seen(void **state)
{
	static const char *const wide[] = {
		"  RFC que te dieron acceso: 1",
		CLIENTE " te nombró: falta tu firma, antes del jue 12/nov/2026 12:20",
		"  RFC            Titular          Puedes               Hasta        Estado",
		"▸ " CLIENTE "  JOSÉ PEÑA ÑANDÚ  Notificaciones: Fi…               por aceptar",
		NULL,
	};
	static const char *const small[] = {
		"  RFC que te dieron acceso: 1",
		CLIENTE " te nombró: falta tu firma,",
		"antes del jue 12/nov/2026 12:20",
		"  RFC            Estado",
		"▸ " CLIENTE "  por aceptar",
		NULL,
	};
	/* What waits for a signature comes before the rest, which is below the fold. */
	static const char *const one[] = {
		"  Representación",
		"Falta tu firma, antes del jue",
		NULL,
	};
	static const char *const form[] = {
		"  Nuevo representante",
		"Leer y Preparar no abren nada y basta tu",
		NULL,
	};
	const struct effect list = effect_to(EFFECT_OPEN, SCREEN_representantes, NULL);
	const struct effect detail = effect_to(EFFECT_OPEN, SCREEN_representante, PROPUESTA);
	const struct effect fresh = effect_to(EFFECT_OPEN, SCREEN_representante_nuevo, NULL);

	(void)state;
	pantalla_rows_are(&p, &list, pantalla_color, 24, 80, wide);
	pantalla_rows_are(&p, &list, pantalla_mono, 10, 40, small);
	pantalla_rows_are(&p, &detail, pantalla_mono, 10, 40, one);
	pantalla_rows_are(&p, &fresh, pantalla_color, 10, 40, form);
}

static void test_no_memory(void **state)
{
	static const struct {
		enum screen screen;
		const char *folio;
	} screens[] = {
		{SCREEN_representantes, NULL},
		{SCREEN_representante, PROPUESTA},
		{SCREEN_representante, VIEJA},
		{SCREEN_representante_nuevo, NULL},
		{SCREEN_inicio, NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(screens); i++) {
		show(screens[i].screen, screens[i].folio);
		pantalla_no_memory(&p);
		pantalla_close(&p);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_lists),
		TEST(test_instants),
		TEST(test_thousand),
		TEST(test_nobody),
		TEST(test_detail),
		TEST(test_profile_lines),
		TEST(test_accept),
		TEST(test_accept_too_late),
		TEST(test_not_twice),
		TEST(test_end),
		TEST(test_name),
		TEST(test_name_alone),
		TEST(test_name_mistakes),
		TEST(test_draft),
		TEST(test_reach),
		TEST(test_reach_of_acts),
		TEST(test_inicio),
		TEST(test_seen),
		TEST(test_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
