/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * storm exit-group PROCESSES: reapers, one for each CPU, whose children have eight threads that end at the same moment. Each
 * child then stays a zombie for 100 ms, and its reaper states between when it was born, ended and was reaped.
 */
#include "truth.h"

#define THREADS 8
#define BATCH 10 /* children of one reaper that live at a time */
#define ZOMBIE_MS 100

enum way { ALL_EXIT, ALL_EXIT_TOO, LEADER_FIRST, KILLED, WAYS };

struct child {
	pid_t pid;
	enum way way;
	atomic_int ready; /* threads that wait for the start */
	struct bracket born, ended, reaped;
};

static void *end_with_all(void *argument)
{
	struct child *self = argument;

	atomic_fetch_add(&self->ready, 1);
	await(&self->ready, THREADS);
	if (self->way == KILLED)
		for (;;)
			pause();
	_exit(7);
}

/* The kernel gives threads of one exit_group() to all CPUs: two of them can each be the last. */
static void live_and_end(struct child *self)
{
	pthread_t thread;

	if (prctl(PR_SET_PDEATHSIG, SIGKILL))
		die("prctl");
	for (int i = 1; i < THREADS; i++)
		if (pthread_create(&thread, NULL, end_with_all, self))
			die("pthread_create");
	if (self->way == LEADER_FIRST) {
		self->ended.from = now_ns();
		atomic_fetch_add(&self->ready, 1);
		pthread_exit(NULL);
	}
	self->ended.from = now_ns();
	end_with_all(self);
}

static void start(struct child *child, enum way way)
{
	pid_t pid;

	child->way = way;
	atomic_store(&child->ready, 0);
	pid = fork_at(&child->born);
	if (!pid)
		live_and_end(child);
	child->pid = pid;
}

/* A killed child's last moment begins when it is killed. */
static void end(struct child *child)
{
	if (child->way == KILLED) {
		await(&child->ready, THREADS);
		child->ended.from = now_ns();
		if (kill(child->pid, SIGKILL))
			die("kill");
	}
	await_end(child->pid);
	child->ended.to = now_ns();
}

static void tell_child(const struct child *child)
{
	const char *end = child->way == KILLED ? "'kind': 'killed', 'code': null, 'signal': 'SIGKILL'"
					       : "'kind': 'error', 'code': 7, 'signal': null";

	tell("'pid': %d, 'ppid': %d, 'birth': {'at_ns': {'>=': %llu, '<=': %llu}}, 'threads': {'length': %d}, "
	     "'end': {%s, 'at_ns': {'>=': %llu, '<=': %llu}}, 'zombie': {'auto': false, 'reaper_pid': %d, "
	     "'reaped_at_ns': {'>=': %llu, '<=': %llu}}",
	     child->pid, getpid(), child->born.from, child->born.to, THREADS, end, child->ended.from, child->ended.to,
	     getpid(), child->reaped.from, child->reaped.to);
}

static void be_zombies(void)
{
	struct timespec rest = {ZOMBIE_MS / 1000, ZOMBIE_MS % 1000 * 1000000};

	while (nanosleep(&rest, &rest))
		;
}

static void run_batch(struct child *children, int first, int count)
{
	for (int i = 0; i < count; i++)
		start(&children[i], (first + i) % WAYS);
	for (int i = 0; i < count; i++)
		end(&children[i]);
	be_zombies();
	for (int i = 0; i < count; i++)
		reap_at(children[i].pid, &children[i].reaped);
	for (int i = 0; i < count; i++)
		tell_child(&children[i]);
}

static void be_reaper(int count)
{
	struct child *children = shared(BATCH * sizeof(*children));

	for (int done = 0; done < count; done += BATCH)
		run_batch(children, done, count - done < BATCH ? count - done : BATCH);
	_exit(0);
}

int main(int argc, char **argv)
{
	int reapers = sysconf(_SC_NPROCESSORS_ONLN), count = argc > 2 ? atoi(argv[2]) : 0, status;

	if (argc != 3 || strcmp(argv[1], "exit-group") || count < reapers) {
		fprintf(stderr, "%s exit-group PROCESSES\n", argv[0]);
		return 2;
	}
	for (int i = 0; i < reapers; i++)
		if (!fork_at(NULL))
			be_reaper(count / reapers + (i < count % reapers));
	for (int i = 0; i < reapers; i++)
		if (wait(&status) < 0 || status)
			return 1;
	return 0;
}
