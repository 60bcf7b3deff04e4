/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Three workers, three steps each, in three ways: as they like (free), one step at a time (lock), one worker at a
 * time (join). With the word "broken" nobody takes the lock.
 */
#include "user/demo/program.h"

#define WORKERS 3
#define STEPS 3

struct work {
	pthread_mutex_t *lock; /* NULL: everybody does as they like */
	long step_ms;
};

static void take_steps(const struct work *work)
{
	for (int i = 0; i < STEPS; i++) {
		compute_ms(1); /* what each can do on its own */
		if (work->lock)
			pthread_mutex_lock(work->lock); /* free: no system call. Taken: blocks */
		sleep_ms(work->step_ms);		/* what only one may do at a time */
		if (work->lock)
			pthread_mutex_unlock(work->lock); /* somebody waits: wakes one of them */
	}
}

/* A worker that begins when nobody holds the gate any more. */
static pid_t start_worker(const char *kind, int number, const struct work *work, int gate[2])
{
	char name[16];
	pid_t pid;

	snprintf(name, sizeof(name), "%s-%d", kind, number);
	pid = fork_named(name);
	if (!pid) {
		close(gate[1]);
		block_until_closed(gate[0]);
		take_steps(work);
		_exit(0);
	}
	return pid;
}

static void work_together(const char *kind, const struct work *work)
{
	int gate[2];

	open_pipe(gate);
	for (int i = 1; i <= WORKERS; i++)
		start_worker(kind, i, work, gate);
	close(gate[0]);
	close(gate[1]);
	reap_all();
}

/* The next worker is not even born before the one before it has ended. */
static void work_one_by_one(const char *kind, const struct work *work)
{
	for (int i = 1; i <= WORKERS; i++) {
		int gate[2];
		pid_t pid;

		open_pipe(gate);
		pid = start_worker(kind, i, work, gate);
		close(gate[0]);
		close(gate[1]);
		reap(pid);
	}
}

int main(int argc, char **argv)
{
	long step_ms = 15 * slowness(argv);
	pthread_mutex_t *lock = shared_memory(sizeof(*lock));
	struct work unlocked = {NULL, step_ms}, locked = {is_broken(argv) ? NULL : lock, step_ms};

	(void)argc;
	make_lock(lock);
	work_together("free", &unlocked);
	work_together("lock", &locked);
	work_one_by_one("join", &locked);
	return 0;
}
