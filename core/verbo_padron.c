/*
 * `buzond padron`: who many RFCs are (L-4.1, L-5.4, L-5.8, A-11), from a file. It is read twice:
 * all of it is checked before anything is written, and then written in one transaction.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/file.h"
#include "core/padron_archivo.h"
#include "core/padron_carga.h"
#include "core/padron_informe.h"
#include "core/store/store_guard.h"
#include "core/verbos.h"
#include "net/json_line.h"

/* Problems and warnings that are told one by one; the others are counted. */
#define TOLD 50
/* A ficha and what is told of it. */
#define FICHA_BYTES (32 * 1024 * 1024)

AUTO_TYPE(stream, FILE, (void)fclose);

struct work {
	struct verbo *v;
	const struct args_padron *args;
	enum padron_formato formato;
	FILE *in;
	struct padron_oido oido;
	struct padron_archivo *archivo; /* while it is read */
	struct padron_informe informe;
	size_t problems;
	size_t warnings;
	size_t fichas;
	size_t given; /* of them, to be written */
	size_t rps;
	size_t representantes;
};

/* ---- what is told of the file ---- */

static void tell_json(struct work *w, const struct padron_queja *q)
{
	ARENA(a, 65536);
	struct json_line j;

	json_line_begin(&j, &a);
	if (q->linea != 0)
		json_line_int(&j, "linea", q->linea);
	json_line_text(&j, "campo", q->campo);
	json_line_text(&j, "dice", q->dice);
	if (q->aviso)
		json_line_bool(&j, "aviso", true);
	if (json_line_end(&j, w->v->out) != OK)
		w->v->mensaje = err_sentence(ERR_NO_MEMORY);
}

static void tell(struct work *w, const struct padron_queja *q)
{
	FILE *to = w->v->err;

	if (q->linea != 0)
		fprintf(to, "Renglón %d", q->linea);
	else
		fputs("Archivo", to);
	if (q->campo != NULL)
		fprintf(to, ", %s", q->campo);
	fprintf(to, "%s: %s\n", q->aviso ? " (aviso)" : "", q->dice);
}

static void hear(void *ctx, const struct padron_queja *q)
{
	struct work *w = ctx;
	size_t *count = q->aviso ? &w->warnings : &w->problems;

	if ((*count)++ >= TOLD)
		return;
	if (w->args->json)
		tell_json(w, q);
	else
		tell(w, q);
}

/* While it is written all was told already. */
static void hear_again(void *ctx, const struct padron_queja *q)
{
	struct work *w = ctx;

	w->problems += q->aviso ? 0 : 1;
}

/* ---- the file ---- */

static enum err read_format(struct work *w)
{
	const char *name = w->args->formato;

	if (name == NULL)
		return OK;
	w->formato = strcmp(name, "csv") == 0 ? PADRON_CSV : PADRON_JSON;
	if (w->formato == PADRON_JSON && strcmp(name, "json") != 0)
		return verbo_fallo(w->v, ERR_USAGE, "--formato admite csv o json.");
	return OK;
}

/* What comes through a pipe can be read twice only from a file of our own. */
static enum err keep_all(FILE **in)
{
	AUTO(stream) to = tmpfile();
	char piece[65536];
	size_t size;

	if (to == NULL)
		return file_error(errno);
	while ((size = fread(piece, 1, sizeof(piece), *in)) != 0)
		if (fwrite(piece, 1, size, to) != size)
			return file_error(errno);
	if (ferror(*in))
		return ERR_IO;
	if (fflush(to) != 0)
		return file_error(errno);
	fclose(*in);
	*in = STEAL(to);
	return OK;
}

static enum err open_file(struct work *w)
{
	const char *path = w->args->archivo;
	bool standard = strcmp(path, "-") == 0;
	struct stat st;
	int fd = standard ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);

	w->in = fd >= 0 ? fdopen(fd, "r") : NULL;
	if (w->in == NULL) {
		enum err e = file_error(errno);

		if (fd >= 0)
			close(fd);
		return verbo_fallo(w->v, e == ERR_IO ? ERR_NO_FILE : e,
			"No se pudo leer %s; revisa --archivo.", path);
	}
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode))
		return ERR_UNREADABLE;
	return standard || fseek(w->in, 0, SEEK_END) != 0 ? keep_all(&w->in) : OK;
}

static enum err read_again(struct work *w, void (*oye)(void *, const struct padron_queja *))
{
	if (w->archivo != NULL)
		padron_archivo_close(STEAL(w->archivo));
	w->oido = (struct padron_oido){.oye = oye, .ctx = w};
	return padron_archivo_open(w->in, w->formato, w->v->now, &w->oido, &w->archivo);
}

/* ---- checking ---- */

static enum err check_all(struct work *w)
{
	enum err e = read_again(w, hear);

	while (e == OK) {
		ARENA(a, FICHA_BYTES);
		const struct padron_ficha *f = NULL;

		e = padron_archivo_next(w->archivo, &a, &f);
		if (e != OK || f == NULL)
			continue;
		w->fichas++;
		w->rps += f->rps_count;
		w->representantes += f->representantes_count;
	}
	if (e == ERR_NOT_FOUND && w->fichas == 0 && w->problems == 0)
		hear(w, &(struct padron_queja){
				.dice = "no trae ningún RFC; agrega un renglón por cada uno."});
	return e == ERR_NOT_FOUND ? OK : e;
}

static enum err refuse(struct work *w)
{
	if (w->warnings > TOLD && !w->args->json)
		fprintf(w->v->err, "Y %zu avisos más.\n", w->warnings - TOLD);
	if (w->problems == 0)
		return OK;
	if (w->problems > TOLD)
		return verbo_fallo(w->v, ERR_BAD_FIELD,
			"El archivo tiene %zu problemas (se muestran %d); corrígelos y vuelve a "
			"intentarlo. No se guardó nada.",
			w->problems, TOLD);
	return verbo_fallo(w->v, ERR_BAD_FIELD,
		"El archivo tiene %zu %s; %s y vuelve a intentarlo. No se guardó nada.",
		w->problems, w->problems == 1 ? "problema" : "problemas",
		w->problems == 1 ? "corrígelo" : "corrígelos");
}

static enum err say_checked(struct work *w)
{
	struct json_line j;

	if (!w->args->json) {
		fprintf(w->v->out,
			"Sin problemas: %zu RFC, %zu RP, %zu %s. No se guardó nada (--revisar).\n",
			w->fichas, w->rps, w->representantes,
			w->representantes == 1 ? "representante" : "representantes");
		return OK;
	}
	json_line_begin(&j, w->v->arena);
	json_line_bool(&j, "revisado", true);
	json_line_int(&j, "fichas", (int64_t)w->fichas);
	json_line_int(&j, "rps", (int64_t)w->rps);
	json_line_int(&j, "representantes", (int64_t)w->representantes);
	return json_line_end(&j, w->v->out);
}

/* ---- writing ---- */

static enum err begin(void *ctx)
{
	struct work *w = ctx;
	enum err e = padron_informe_empieza(&w->informe);

	w->given = 0;
	return e == OK ? read_again(w, hear_again) : e;
}

static enum err give(void *ctx, struct arena *a, const struct padron_ficha **ret)
{
	struct work *w = ctx;
	enum err e = padron_archivo_next(w->archivo, a, ret);

	w->given += e == OK ? 1 : 0;
	if (w->problems == 0 && (e != OK || *ret != NULL) &&
		(e != ERR_NOT_FOUND || w->given == w->fichas))
		return e;
	return verbo_fallo(w->v, ERR_BAD_FIELD,
		"El archivo cambió mientras se leía; vuelve a intentarlo. No se guardó nada.");
}

static enum err tell_one(
	void *ctx, struct arena *a, const struct padron_ficha *f, const struct padron_cambios *c)
{
	return padron_informe_uno(&((struct work *)ctx)->informe, a, f, c);
}

static enum err write_all(struct work *w)
{
	AUTO(store_guard) g = NULL;
	AUTO(store) s = NULL;
	struct config c;
	enum err e = verbo_configuracion(w->v, w->args->config, &c);

	if (e == OK)
		e = padron_informe_open(&w->informe);
	if (e == OK)
		e = store_guard_use(c.almacen, &g);
	if (e == OK)
		e = store_open(c.almacen, DB_WRITE, &s);
	if (e != OK)
		return e;
	const struct padron_carga load = {.store = s,
		.config = &c,
		.now = w->v->now,
		.empieza = begin,
		.siguiente = give,
		.uno = tell_one,
		.ctx = w};

	e = padron_carga(&load);
	if (e == ERR_BUSY)
		return verbo_fallo(w->v, e,
			"Otros están escribiendo en el almacén; inténtalo en unos segundos. No se "
			"guardó nada.");
	return e == OK ? padron_informe_print(&w->informe, w->v->arena, w->v->out) : e;
}

/* ---- the verb ---- */

static void print_example(struct work *w)
{
	static const char csv[] =
		"rfc,nombre,zona,domicilio,estado,inscrito,convenio_2020,rp,subdelegacion,"
		"representante,permisos,desde,hasta\n"
		"PEÑJ800101AB6,JOSÉ PEÑA ÑANDÚ,America/Tijuana,\"AV. REVOLUCIÓN 100, TIJUANA\","
		"BCN,2001-03-02,sí,A01-23456-10-3,Tijuana,,,,\n"
		"PEÑJ800101AB6,,,,,,,B12-34567-10-0,Mexicali,,,,\n"
		"FÑ&010203AB5,FERRETERÍA ÑANDÚ & HIJOS SA DE CV,,,,2024-09-01,no,,,NULM750615MNA,"
		"notificaciones=abrir medios=leer,2024-09-01,2027-12-31\n";
	static const char json[] =
		"{\"rfc\":\"PEÑJ800101AB6\",\"nombre\":\"JOSÉ PEÑA ÑANDÚ\",\"zona\":\"America/"
		"Tijuana\",\"domicilio\":\"AV. REVOLUCIÓN 100, TIJUANA\",\"estado\":\"BCN\",\"inscrito\":\"2001-03-02\","
		"\"convenio_2020\":true,\"rps\":[{\"rp\":\"A01-23456-10-3\",\"subdelegacion\":"
		"\"Tijuana\"},{\"rp\":\"B12-34567-10-0\",\"subdelegacion\":\"Mexicali\"}]}\n"
		"{\"rfc\":\"FÑ&010203AB5\",\"nombre\":\"FERRETERÍA ÑANDÚ & HIJOS SA DE CV\","
		"\"inscrito\":\"2024-09-01\",\"rps\":[],\"representantes\":[{\"rfc\":"
		"\"NULM750615MNA\",\"permisos\":[{\"ambito\":\"notificaciones\",\"nivel\":\"abrir\"},"
		"{\"ambito\":\"medios\",\"nivel\":\"leer\"}],\"desde\":\"2024-09-01\",\"hasta\":"
		"\"2027-12-31\"}]}\n";

	fputs(w->formato == PADRON_JSON ? json : csv, w->v->out);
}

static enum err run(struct work *w)
{
	enum err e = read_format(w);

	if (e == OK && w->args->ejemplo) {
		print_example(w);
		return OK;
	}
	if (e == OK && w->args->archivo == NULL)
		e = verbo_fallo(w->v, ERR_USAGE,
			"Falta --archivo ARCHIVO; consulta buzond padron --ayuda.");
	if (e == OK)
		e = open_file(w);
	if (e == OK)
		e = check_all(w);
	if (e == OK)
		e = refuse(w);
	if (e == OK)
		e = w->args->revisar ? say_checked(w) : write_all(w);
	return e;
}

enum err verbo_padron(struct verbo *v, const struct args_padron *args)
{
	struct work w = {.v = v, .args = args, .informe = {.json = args->json}};
	enum err e = run(&w);

	padron_informe_close(&w.informe);
	if (w.archivo != NULL)
		padron_archivo_close(w.archivo);
	if (w.in != NULL)
		fclose(w.in);
	return e;
}
