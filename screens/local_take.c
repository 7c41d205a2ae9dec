/* The writing half of screens/local.h: each function one transaction. */
#include "screens/local_db.h"
#include "net/codec.h"
#include "screens/cartelera.h"
#include "screens/inhabiles.h"
#include "screens/vistas.h"

#define SMALL ((size_t)1 << 20)
#define LARGE ((size_t)16 << 20)
/* Rows judged anew between two looks at the index. */
#define BATCH 4096
/* What clocks may differ before the one that judged is taken for wrong (local.def). */
#define CLOCKS_MS 60000

/* ---- rows ---- */

/* The row as it is stored now. ERR_NOT_FOUND. */
static enum err stored(
	struct local *l, struct arena *a, const char *folio, struct m_notificacion *ret)
{
	const struct in_fila in = {.folio = folio};
	struct out_fila row;
	struct fila f;
	enum err err = q_fila(l, &in, a, &row);

	if (err == OK)
		err = local_fila(a, &row, &f);
	if (err == OK)
		*ret = f.m;
	return err;
}

/* Nothing closes what was opened: an answer without it was made before. */
static enum err keep_opening(struct local *l, struct arena *a, struct m_notificacion *m)
{
	struct m_notificacion old;
	enum err err = m->abierta == 0 ? stored(l, a, m->folio, &old) : ERR_NOT_FOUND;

	if (err == OK && old.abierta != 0) {
		m->abierta = old.abierta;
		m->notificada = old.notificada;
		m->acuse = old.acuse;
	}
	/* A row that can't be read is written anew. */
	return err == ERR_NO_MEMORY ? err : OK;
}

/* The number of that value among the facetas, a new one where it is new. */
static enum err faceta(
	struct local *l, struct arena *a, enum local_faceta que, const char *valor, int64_t *ret_id)
{
	const struct in_faceta in = {.que = que, .valor = valor};
	const struct in_faceta_poner put = {.que = que, .valor = valor};
	struct out_faceta row;
	enum err err = q_faceta(l, &in, a, &row);

	if (err == ERR_NOT_FOUND) {
		err = q_faceta_poner(l, &put, NULL, NULL);
		if (err == OK)
			err = q_faceta(l, &in, a, &row);
	}
	if (err == OK)
		*ret_id = row.id;
	return err;
}

/* What a row's indices say of it besides its judgement. */
struct facetas {
	int64_t tipo;
	int64_t rp; /* 0: none */
};

static enum err facetas_of(
	struct local *l, struct arena *a, const struct m_notificacion *n, struct facetas *ret)
{
	struct facetas made = {0};
	char tipo[FILTRO_TIPO];

	filtro_tipo(n->tipo, tipo);
	enum err err = faceta(l, a, FACETA_TIPO, tipo, &made.tipo);

	if (err == OK && n->rp != NULL)
		err = faceta(l, a, FACETA_RP, n->rp, &made.rp);
	if (err == OK)
		*ret = made;
	return err;
}

/* Judged as its subdelegación counts, knowing whether its document was read here. */
static enum err judge_one(
	struct local *l, struct arena *a, struct vistas *v, int64_t now, struct fila *f)
{
	const struct in_hay_documento in = {.folio = f->m.folio};
	struct out_hay_documento read = {0};
	const struct calendario *c = NULL;
	enum err err = f->m.abierta == 0 ? q_hay_documento(l, &in, a, &read) : OK;

	if (err == OK)
		err = vistas_de(v, f->m.subdelegacion, &c);
	if (err != OK)
		return err;
	f->leida = read.hay != 0;
	fila_judge(f, c, now);
	return OK;
}

static enum err put_row(
	struct local *l, const struct m_notificacion *m, struct vistas *v, int64_t now)
{
	ARENA(a, SMALL);
	struct fila f = {.m = *m};
	struct in_cuerpo_poner body = {0};
	struct out_fila_poner made;
	struct facetas of = {0};
	enum err err = keep_opening(l, &a, &f.m);

	if (err == OK)
		err = judge_one(l, &a, v, now, &f);
	if (err == OK)
		err = facetas_of(l, &a, &f.m, &of);
	if (err != OK)
		return err;
	const struct in_fila_poner row = {.folio = f.m.folio,
		.orden = fila_orden(&f),
		.reciente = -f.m.aviso,
		.clase = fila_clase(&f),
		.estado = f.estado,
		.ultimo = f.ultimo,
		.acuse = f.m.acuse,
		.nombre = fila_fold(&a, f.m.documento),
		.plegado = fila_plegado(&a, &f),
		.tipo = of.tipo,
		.rp = of.rp,
		.dia = fila_dia(&f)};

	if (row.nombre == NULL || row.plegado == NULL)
		return ERR_NO_MEMORY;
	err = codec_encode(&a, &message_notificacion, &f.m, &body.json);
	if (err == OK)
		err = q_fila_poner(l, &row, &a, &made);
	if (err != OK)
		return err;
	body.id = made.id;
	return q_cuerpo_poner(l, &body, NULL, NULL);
}

static enum err judge_row(struct local *l, int64_t id, struct vistas *v, int64_t now)
{
	ARENA(a, SMALL);
	const struct in_cuerpo in = {.id = id};
	struct out_cuerpo body;
	struct fila f = {0};
	struct facetas of = {0};
	enum err err = q_cuerpo(l, &in, &a, &body);

	if (err == OK)
		err = codec_decode(
			&a, &message_notificacion, CODEC_TOLERANT, body.json, &f.m, NULL);
	if (err != OK)
		return err == ERR_NO_MEMORY ? err : ERR_BAD_CACHE;
	err = judge_one(l, &a, v, now, &f);
	if (err == OK)
		err = facetas_of(l, &a, &f.m, &of);
	if (err != OK)
		return err;
	const struct in_fila_juzgar row = {.orden = fila_orden(&f),
		.clase = fila_clase(&f),
		.estado = f.estado,
		.ultimo = f.ultimo,
		.plegado = fila_plegado(&a, &f),
		.tipo = of.tipo,
		.rp = of.rp,
		.dia = fila_dia(&f),
		.id = id};

	return row.plegado != NULL ? q_fila_juzgar(l, &row, NULL, NULL) : ERR_NO_MEMORY;
}

/* What all rows are judged by; terms are unknown before the first calendar. In `a` it all is. */
static enum err views(struct local *l, struct arena *a, struct vistas *ret)
{
	struct calendario *c = arena_zalloc(a, sizeof(*c));
	struct m_cuenta *cuenta = arena_zalloc(a, sizeof(*cuenta));

	if (c == NULL || cuenta == NULL)
		return ERR_NO_MEMORY;
	enum err has = local_calendario(l, a, c);
	enum err err = has == ERR_NOT_FOUND ? OK : has;

	if (err == OK)
		err = local_cuenta(l, a, cuenta);
	if (err == OK || err == ERR_NOT_FOUND)
		vistas_init(ret, a, has == OK ? c : NULL, cuenta->estado);
	return err == ERR_NOT_FOUND ? OK : err;
}

/* Every row under a due instant that has come. */
static enum err judge_due(struct local *l, struct vistas *v, int64_t now)
{
	struct in_filas_vencidas in = {.ahora = now};
	size_t count = BATCH;
	enum err err = OK;

	while (err == OK && count == BATCH) {
		ARENA(a, SMALL);
		struct out_filas_vencidas *rows = NULL;

		err = q_filas_vencidas_all(l, &in, BATCH, &a, &rows, &count);
		for (size_t i = 0; err == OK && i < count; i++) {
			in.desde = rows[i].id;
			err = judge_row(l, rows[i].id, v, now);
		}
	}
	return err;
}

/* Every row whose outcome is not the server's own word. */
static enum err judge_all(struct local *l, struct vistas *v, int64_t now)
{
	struct in_filas_revisables in = {0};
	size_t count = BATCH;
	enum err err = OK;

	while (err == OK && count == BATCH) {
		ARENA(a, SMALL);
		struct out_filas_revisables *rows = NULL;

		err = q_filas_revisables_all(l, &in, BATCH, &a, &rows, &count);
		for (size_t i = 0; err == OK && i < count; i++) {
			in.desde = rows[i].id;
			err = judge_row(l, rows[i].id, v, now);
		}
	}
	return err;
}

/* What fell due until `now`; after another calendar or a clock put back, all it may change. */
static enum err judge(struct local *l, int64_t now, bool calendar_changed)
{
	ARENA(a, LARGE);
	struct out_sincronia last;
	struct in_juzgado_poner in = {.juzgado = now};
	struct vistas v;
	enum err err = q_sincronia(l, NULL, &a, &last);

	if (err == OK)
		err = views(l, &a, &v);
	if (err != OK)
		return err;
	bool all = calendar_changed || last.juzgado > now + CLOCKS_MS;

	if (!all && in.juzgado < last.juzgado)
		in.juzgado = last.juzgado;
	err = judge_due(l, &v, now);
	if (err == OK && all)
		err = judge_all(l, &v, now);
	return err == OK ? q_juzgado_poner(l, &in, NULL, NULL) : err;
}

/* ---- synchronisation ---- */

struct sincronizado {
	const struct m_sincronizado *s;
	int64_t now;
};

/* *ret_new: it is another than the one that is kept. */
static enum err put_calendar(struct local *l, const struct m_calendario *m, bool *ret_new)
{
	ARENA(a, LARGE);
	const struct in_hoja which = {.nombre = LOCAL_CALENDARIO};
	struct in_hoja_poner in = {.nombre = LOCAL_CALENDARIO};
	struct out_hoja old;
	struct calendario made;
	enum err err = inhabiles_make(&a, m, &made);

	if (err == OK)
		err = codec_encode(&a, &message_calendario, m, &in.json);
	if (err != OK)
		return err;
	err = q_hoja(l, &which, &a, &old);
	if (err == OK && bytes_equal(old.json, in.json))
		return OK;
	if (err != OK && err != ERR_NOT_FOUND)
		return err;
	*ret_new = true;
	return q_hoja_poner(l, &in, NULL, NULL);
}

static enum err put_rows(struct local *l, const struct sincronizado *what)
{
	ARENA(a, LARGE);
	struct vistas v;
	enum err err = views(l, &a, &v);

	for (size_t i = 0; err == OK && i < what->s->notificaciones_count; i++)
		err = put_row(l, &what->s->notificaciones[i], &v, what->now);
	return err;
}

static enum err put_publicacion(struct local *l, const struct m_publicacion *m)
{
	ARENA(a, SMALL);
	struct in_publicacion_poner in = {.folio = m->folio,
		.clase = cartelera_clase(m->clase),
		.propia = !m->todos,
		.archivo = m->sha256 != NULL,
		.reciente = -m->publicada,
		.tipo = fila_fold(&a, m->tipo),
		.titulo = fila_fold(&a, m->titulo),
		.plegado = cartelera_plegado(&a, m)};
	enum err err = codec_encode(&a, &message_publicacion, m, &in.json);

	if (in.tipo == NULL || in.titulo == NULL || in.plegado == NULL)
		return ERR_NO_MEMORY;
	return err == OK ? q_publicacion_poner(l, &in, NULL, NULL) : err;
}

static bool same_estado(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* *ret_moved: the domicile is in another state, which has other días inhábiles. */
static enum err put_cuenta(struct local *l, const struct m_cuenta *m, bool *ret_moved)
{
	ARENA(a, LARGE);
	struct in_hoja_poner in = {.nombre = LOCAL_CUENTA};
	struct m_cuenta old = {0};
	enum err err = codec_encode(&a, &message_cuenta, m, &in.json);

	if (err != OK)
		return err;
	err = local_cuenta(l, &a, &old);
	if (err != OK && err != ERR_NOT_FOUND)
		return err;
	if (!same_estado(old.estado, m->estado))
		*ret_moved = true;
	return q_hoja_poner(l, &in, NULL, NULL);
}

static enum err put_catalogo(struct local *l, const struct m_catalogo *m)
{
	ARENA(a, LARGE);
	struct in_hoja_poner in = {.nombre = LOCAL_CATALOGO};
	enum err err = codec_encode(&a, &message_catalogo, m, &in.json);

	return err == OK ? q_hoja_poner(l, &in, NULL, NULL) : err;
}

static enum err take_sincronizado(struct local *l, const void *context)
{
	const struct sincronizado *what = context;
	const struct m_sincronizado *s = what->s;
	const struct in_cursor_poner cursor = {
		.cursor = s->cursor, .mas = s->mas, .recibido = what->now};
	bool fresh = false;
	enum err err = s->calendario != NULL ? put_calendar(l, s->calendario, &fresh) : OK;

	if (err == OK && s->cuenta != NULL)
		err = put_cuenta(l, s->cuenta, &fresh);
	if (err == OK && s->catalogo != NULL)
		err = put_catalogo(l, s->catalogo);
	if (err == OK)
		err = put_rows(l, what);
	for (size_t i = 0; err == OK && i < s->publicaciones_count; i++)
		err = put_publicacion(l, &s->publicaciones[i]);
	if (err == OK)
		err = judge(l, what->now, fresh);
	return err == OK ? q_cursor_poner(l, &cursor, NULL, NULL) : err;
}

enum err local_take_sincronizado(struct local *l, const struct m_sincronizado *s, int64_t now)
{
	const struct sincronizado what = {s, now};

	return local_transaction(l, take_sincronizado, &what);
}

static enum err judge_now(struct local *l, const void *context)
{
	return judge(l, *(const int64_t *)context, false);
}

enum err local_judge(struct local *l, int64_t now)
{
	bool must = false;
	enum err err = local_must_judge(l, now, &must);

	return err == OK && must ? local_transaction(l, judge_now, &now) : err;
}

static enum err forget_rows(struct local *l, const void *unused)
{
	const struct in_cursor_poner start = {.cursor = ""};
	enum err err = q_filas_quitar(l, NULL, NULL, NULL);

	(void)unused;
	if (err == OK)
		err = q_cuerpos_quitar(l, NULL, NULL, NULL);
	if (err == OK)
		err = q_publicaciones_quitar(l, NULL, NULL, NULL);
	return err == OK ? q_cursor_poner(l, &start, NULL, NULL) : err;
}

enum err local_forget_rows(struct local *l)
{
	return local_transaction(l, forget_rows, NULL);
}

struct leida {
	const char *folio;
	bool leida;
};

static enum err take_leida(struct local *l, const void *context)
{
	const struct leida *what = context;
	const struct in_leida_poner read = {.folio = what->folio};
	const struct in_leida_quitar unread = {.folio = what->folio};
	const struct in_publicacion_leida row = {.folio = what->folio, .leida = what->leida};
	enum err err = what->leida ? q_leida_poner(l, &read, NULL, NULL)
				   : q_leida_quitar(l, &unread, NULL, NULL);

	return err == OK ? q_publicacion_leida(l, &row, NULL, NULL) : err;
}

enum err local_take_leida(struct local *l, const char *folio, bool leida)
{
	const struct leida what = {folio, leida};

	return local_transaction(l, take_leida, &what);
}

enum err local_take_entrado(struct local *l, struct bytes json)
{
	ARENA(a, SMALL);
	struct m_entrado m;
	const struct in_hoja_poner in = {.nombre = LOCAL_ENTRADO, .json = json};
	enum err err = codec_decode(&a, &message_entrado, CODEC_TOLERANT, json, &m, NULL);

	if (err != OK)
		return err == ERR_NO_MEMORY ? err : ERR_BAD_ANSWER;
	return q_hoja_poner(l, &in, NULL, NULL);
}

/* ---- papers ---- */

struct acuse {
	const struct m_acuse *m;
	struct bytes json;
};

/*
 * What an acuse of opening says of its notification is known before any synchronisation brings it.
 * Where it can't be taken that one does.
 */
static enum err take_opening(struct local *l, const struct m_acuse *acuse)
{
	ARENA(a, LARGE);
	struct m_notificacion_abrir rq;
	struct m_notificacion m;
	struct vistas v;

	if (codec_decode(&a, &message_notificacion_abrir, CODEC_TOLERANT, acuse->cuerpo, &rq,
		    NULL) != OK)
		return OK;
	enum err err = stored(l, &a, rq.folio, &m);

	if (err != OK || m.abierta != 0)
		return err == ERR_NOT_FOUND ? OK : err;
	m.abierta = acuse->recibido;
	m.notificada = acuse->legal;
	m.acuse = acuse->folio;
	err = views(l, &a, &v);
	return err == OK ? put_row(l, &m, &v, acuse->recibido) : err;
}

static enum err take_acuse(struct local *l, const void *context)
{
	const struct acuse *what = context;
	const struct in_acuse_poner in = {.folio = what->m->folio, .json = what->json};
	enum err err = q_acuse_poner(l, &in, NULL, NULL);

	return err == OK ? take_opening(l, what->m) : err;
}

enum err local_take_acuse(struct local *l, const struct m_acuse *m, struct bytes json)
{
	const struct acuse what = {m, json};

	return local_transaction(l, take_acuse, &what);
}

enum err local_take_historia(struct local *l, const struct m_historia *m, struct bytes json)
{
	const struct in_historia_poner in = {.folio = m->folio, .json = json};

	return q_historia_poner(l, &in, NULL, NULL);
}

static enum err take_documento(struct local *l, const void *context)
{
	ARENA(a, LARGE);
	const struct in_documento_poner *in = context;
	const struct in_fila which = {.folio = in->folio};
	struct out_fila row;
	struct out_sincronia last;
	struct fila f;
	struct vistas v;
	enum err err = q_documento_poner(l, in, NULL, NULL);

	if (err == OK)
		err = q_fila(l, &which, &a, &row);
	/* Read by who was notified without opening it: it is unread no more. */
	if (err == OK)
		err = local_fila(&a, &row, &f);
	if (err != OK || f.m.abierta != 0)
		return err == ERR_NOT_FOUND ? OK : err;
	err = q_sincronia(l, NULL, &a, &last);
	if (err == OK)
		err = views(l, &a, &v);
	return err == OK ? put_row(l, &f.m, &v, last.juzgado) : err;
}

enum err local_take_documento(struct local *l, const struct m_documento *head, struct bytes datos)
{
	ARENA(a, SMALL);
	struct m_documento bare = *head;
	struct in_documento_poner in = {
		.folio = head->folio, .datos = datos.data != NULL ? datos : bytes_of("", 0)};

	if (datos.size != (uint64_t)head->total)
		return ERR_BAD_ANSWER;
	bare.desde = 0;
	bare.datos = bytes_of("", 0);
	enum err err = codec_encode(&a, &message_documento, &bare, &in.cabeza);

	return err == OK ? local_transaction(l, take_documento, &in) : err;
}
