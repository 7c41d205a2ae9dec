/*
 * One thread for what would make a key wait: deriving a key, writing to disk, another program.
 *
 * Jobs run one after the other; each comes back to the loop whole, announced on a descriptor.
 */
#ifndef APP_WORKER_H
#define APP_WORKER_H

#include "base/err.h"

struct worker;

/* The head of a job's own struct. */
struct worker_job {
	void (*run)(struct worker_job *job);  /* on the thread */
	void (*free)(struct worker_job *job); /* by who holds it when nobody wants it any more */
	struct worker_job *next;
};

enum err worker_start(struct worker **ret) MUST_CHECK;
/*
 * What waits is still done, for what was kept last is not to be lost, but for a second at most:
 * after that the thread is left behind with its jobs, for the process is about to end. Else frees
 * all jobs.
 */
void worker_stop(struct worker *w);
AUTO_TYPE(worker, struct worker, worker_stop);
/* Readable when worker_take has something. */
int worker_fd(const struct worker *w);
void worker_submit(struct worker *w, struct worker_job *job);
/* A finished job, the caller's from now on; NULL: none. */
struct worker_job *worker_take(struct worker *w);

#endif
