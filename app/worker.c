#include "app/worker.h"

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>
#include "base/mem.h"

struct worker {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t more;
	int fd;
	bool stop; /* once nothing waits */
	bool gone; /* at once */
	struct worker_job *todo;
	struct worker_job *done;
	struct worker *older; /* of those left behind */
};

/* Their threads may still use them, so nobody frees them; who looks for leaks finds them here. */
static struct worker *left_behind;

static void append(struct worker_job **list, struct worker_job *job)
{
	while (*list != NULL)
		list = &(*list)->next;
	job->next = NULL;
	*list = job;
}

static struct worker_job *first(struct worker_job **list)
{
	struct worker_job *job = *list;

	if (job != NULL)
		*list = job->next;
	return job;
}

static struct worker_job *next_job(struct worker *w)
{
	(void)pthread_mutex_lock(&w->lock);
	while (!w->stop && w->todo == NULL)
		(void)pthread_cond_wait(&w->more, &w->lock);
	struct worker_job *job = w->gone ? NULL : first(&w->todo);

	(void)pthread_mutex_unlock(&w->lock);
	return job;
}

static void *work(void *context)
{
	struct worker *w = context;
	struct worker_job *job;

	while ((job = next_job(w)) != NULL) {
		job->run(job);
		(void)pthread_mutex_lock(&w->lock);
		append(&w->done, job);
		(void)pthread_mutex_unlock(&w->lock);
		(void)eventfd_write(w->fd, 1);
	}
	return NULL;
}

/* Signals belong to the loop's thread. */
static int start_thread(struct worker *w)
{
	sigset_t all;
	sigset_t old;

	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &old);
	int failed = pthread_create(&w->thread, NULL, work, w);

	(void)pthread_sigmask(SIG_SETMASK, &old, NULL);
	return failed;
}

enum err worker_start(struct worker **ret)
{
	struct worker *w = mem_zalloc(sizeof(*w));

	if (w == NULL)
		return ERR_NO_MEMORY;
	w->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	(void)pthread_mutex_init(&w->lock, NULL);
	(void)pthread_cond_init(&w->more, NULL);
	if (w->fd < 0 || start_thread(w) != 0) {
		if (w->fd >= 0)
			(void)close(w->fd);
		mem_free(w);
		return ERR_NO_MEMORY;
	}
	*ret = w;
	return OK;
}

static void free_list(struct worker_job **list)
{
	struct worker_job *job;

	while ((job = first(list)) != NULL)
		job->free(job);
}

void worker_stop(struct worker *w)
{
	struct timespec until;

	if (w == NULL)
		return;
	(void)pthread_mutex_lock(&w->lock);
	w->stop = true;
	(void)pthread_cond_signal(&w->more);
	(void)pthread_mutex_unlock(&w->lock);
	(void)clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec++;
	if (pthread_timedjoin_np(w->thread, NULL, &until) != 0) {
		(void)pthread_mutex_lock(&w->lock);
		w->gone = true;
		(void)pthread_mutex_unlock(&w->lock);
		(void)pthread_detach(w->thread);
		w->older = left_behind;
		left_behind = w;
		return;
	}
	free_list(&w->todo);
	free_list(&w->done);
	(void)close(w->fd);
	(void)pthread_cond_destroy(&w->more);
	(void)pthread_mutex_destroy(&w->lock);
	mem_free(w);
}

int worker_fd(const struct worker *w)
{
	return w->fd;
}

void worker_submit(struct worker *w, struct worker_job *job)
{
	(void)pthread_mutex_lock(&w->lock);
	append(&w->todo, job);
	(void)pthread_cond_signal(&w->more);
	(void)pthread_mutex_unlock(&w->lock);
}

struct worker_job *worker_take(struct worker *w)
{
	eventfd_t count;

	(void)eventfd_read(w->fd, &count);
	(void)pthread_mutex_lock(&w->lock);
	struct worker_job *job = first(&w->done);
	bool more = w->done != NULL;

	(void)pthread_mutex_unlock(&w->lock);
	if (more)
		(void)eventfd_write(w->fd, 1);
	return job;
}
