/* Bytes on the network of a person's session, TLS included, counted at a relay. */
#include <stdio.h>
#include "tests/bench/bench.h"
#include "tests/bench/cliente.h"
#include "tests/help/e2e_relay.h"

#define LIST 50
#define CYCLES 2
#define POLL_S 50
#define POLLS_AN_HOUR (3600 / POLL_S)
#define ENTER "\r"

static long long carried(struct e2e_relay *r)
{
	return r->up + r->down;
}

static void say(struct e2e_relay *r, const char *name, long long up, long long down)
{
	cliente_row(name, 0, "B", (double)(r->up - up + r->down - down), -1);
	bench_say("%lld up, %lld down", (long long)(r->up - up), (long long)(r->down - down));
}

/* Until an answer comes that is not a part of what is going on. */
static void next_answer(struct vt *vt, struct e2e_relay *r)
{
	long long before = r->down;
	double until = bench_now() + 2 * POLL_S;

	while (r->down == before && bench_now() < until)
		(void)vt_wait_text(vt, "\x01", 50);
	(void)cliente_quiet(vt, 500);
}

static struct vt *whole_job(struct e2e *w)
{
	struct vt *vt = e2e_screen(w, "lejos", 24, 80);

	e2e_focus(vt, "Validar");
	e2e_type(vt, ENTER, "Lo que vence primero");
	e2e_type(vt, "7", "▸");
	(void)cliente_quiet(vt, 300);
	e2e_type(vt, ENTER, "Antes de abrir");
	e2e_type(vt, ENTER, "Firma con e.firma");
	e2e_focus(vt, "Validar");
	e2e_type(vt, ENTER, "Firmar ]");
	e2e_focus(vt, "Firmar");
	e2e_type(vt, ENTER, "Acuse de notificación");
	(void)cliente_quiet(vt, 1000);
	return vt;
}

void bench_red(void)
{
	static struct e2e_relay r;
	struct e2e w = {0};

	e2e_relay_open(&r, &w);
	e2e_open(&w);
	for (int i = 0; i < LIST; i++)
		(void)e2e_notificar(&w, E2E_FISICA);
	e2e_perfil(&w, &(struct e2e_perfil){.nombre = "lejos",
			       .certificado = "fisica.cer",
			       .llave = "fisica.key",
			       .pass = "fisica.pass",
			       .port = r.port});
	e2e_relay_start(&r);
	struct vt *vt = whole_job(&w);

	say(&r, "network: enter, list of 50, open, acuse", 0, 0);
	long long up = r.up, down = r.down;

	e2e_type(vt, "qqr", "");
	(void)cliente_quiet(vt, 1500);
	say(&r, "network: r, nothing new", up, down);
	next_answer(vt, &r);
	long long before = carried(&r);

	for (int i = 0; i < CYCLES; i++)
		next_answer(vt, &r);
	cliente_row("network: an idle hour (computed)", 0, "B",
		(double)(carried(&r) - before) / CYCLES * POLLS_AN_HOUR, -1);
	bench_say("%lld B in %d long polls of %d s, times %d", carried(&r) - before, CYCLES, POLL_S,
		POLLS_AN_HOUR / CYCLES);
	cliente_end(vt);
	e2e_relay_close(&r);
	e2e_close(&w);
}
