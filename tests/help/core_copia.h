/*
 * buzond as a program of its own, on the store of core_titular's world while this process writes
 * it: copies made, put in place, proved and counted.
 */
#ifndef TESTS_HELP_CORE_COPIA_H
#define TESTS_HELP_CORE_COPIA_H

#include <sys/resource.h>
#include <sys/types.h>
#include "tests/help/core_titular.h"

/* What the last program printed, and the configuration of the world's store. */
extern char core_copia_out[8192];
extern char core_copia_err[8192];
extern char core_copia_config[400];
/* Most bytes of a file that the next programs may write: as a full disk; 0: any. */
extern rlim_t core_copia_limit;

/* cmocka fixture of a group; titular_tear_down ends it. */
int core_copia_set_up(void **state);
/* A name in the world's folder. */
const char *core_copia_path(struct arena *a, const char *name);

pid_t core_copia_start(const char *const *words);
/* Its exit code, or 128 + signal. */
int core_copia_finish(pid_t pid);
int core_copia_run(const char *const *words);
#define CORE_COPIA_RUN(...) core_copia_run((const char *const[]){__VA_ARGS__, NULL})
/* respaldar --a, restaurar --si --de. */
int core_copia_back_up(const char *to);
int core_copia_restore(const char *from);
/* verificar-almacen finds nothing in that file. */
void core_copia_must_prove(const char *archivo);
long core_copia_acts(const char *archivo);
/* Removes it, with what readers left beside it. */
void core_copia_forget(const char *path);
/* How many files of the folder end so. */
size_t core_copia_files(const char *ending);

/* One opening, acknowledged. */
void core_copia_act(void);
/* A document of many megabytes, so that a copy takes many steps; and all of them gone again. */
void core_copia_large(void);
void core_copia_small(const char *archivo);

#endif
