/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Execs: one, several, by another thread than the first; and a first thread that ends before the others.
 */
#include "truth.h"

static void several(void)
{
	struct bracket reaped;
	pid_t child = fork_at(NULL);

	if (!child) {
		execl("/bin/sh", "first", "-c", "exec /bin/sh -c 'exec /bin/sleep 0'", NULL);
		_exit(127);
	}
	reap_at(child, &reaped);
	tell("'pid': %d, 'birth': {'kind': 'fork'}, 'comm': 'sleep', 'argv': ['/bin/sleep', '0'], 'execs': "
	     "[{'argv': {'length': 3}}, {'argv': ['/bin/sh', '-c', 'exec /bin/sleep 0']}, {'argv': ['/bin/sleep', '0']}], "
	     "'end': {'kind': 'normal', 'code': 0, 'at_ns': {'<=': %llu}}",
	     child, reaped.to);
}

static void none(void)
{
	pid_t child = fork_at(NULL);

	if (!child) {
		execl("/no/such/program", "program", NULL);
		_exit(127);
	}
	reap(child);
	tell("'pid': %d, 'comm': 'execs', 'execs': [], 'end': {'kind': 'error', 'code': 127}", child);
}

struct swap {
	pid_t leader;
	atomic_int tid;
};

static void *exec_in_thread(void *data)
{
	struct swap *swap = data;

	atomic_store(&swap->tid, gettid());
	execl("/bin/sh", "swapped", "-c", "exit 6", NULL);
	_exit(127);
}

static void *exec_after_leader(void *data)
{
	struct swap *swap = data;

	await_state(swap->leader, 'Z');
	return exec_in_thread(data);
}

static void *linger(void *data)
{
	pause();
	return data;
}

static void thread_main(void *(*body)(void *), void *data)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, body, data))
		die("pthread_create");
}

static void tell_swapped(pid_t child, struct swap *swap, struct bracket born, int threads)
{
	tell("'pid': %d, 'ppid': %d, 'parent': {'pid': %d}, 'birth': {'at_ns': {'>=': %llu, '<=': %llu}}, "
	     "'argv': ['swapped', '-c', 'exit 6'], 'execs': [{'argv': ['swapped', '-c', 'exit 6']}], "
	     "'end': {'kind': 'error', 'code': 6}, 'threads': {'length': %d}, 'zombie': {'reaper_pid': %d}",
	     child, getpid(), getpid(), born.from, born.to, threads, getpid());
	if (swap->tid == child || !swap->tid)
		die("the thread did not run");
}

/* The caller takes the leader's pid; the leader and the third thread end. */
static void by_thread(void)
{
	struct swap *swap = shared(sizeof(*swap));
	struct bracket born;
	pid_t child = fork_at(&born);

	if (!child) {
		thread_main(linger, NULL);
		thread_main(exec_in_thread, swap);
		linger(NULL);
	}
	reap(child);
	tell_swapped(child, swap, born, 3);
}

static void by_thread_of_dead_leader(void)
{
	struct swap *swap = shared(sizeof(*swap));
	struct bracket born;
	pid_t child = fork_at(&born);

	if (!child) {
		swap->leader = getpid();
		thread_main(exec_after_leader, swap);
		pthread_exit(NULL);
	}
	reap(child);
	tell_swapped(child, swap, born, 2);
}

struct survivor {
	pid_t leader;
	ns_t leaving;
};

static void *outlive_leader(void *data)
{
	struct survivor *survivor = data;

	await_state(survivor->leader, 'Z');
	survivor->leaving = now_ns();
	_exit(5);
}

/* "Zl" in ps: the leader is a zombie, the process is not. It is shown as one a moment before its last switch. */
static void leader_first(void)
{
	struct survivor *survivor = shared(sizeof(*survivor));
	struct bracket born, reaped;
	pid_t child = fork_at(&born);

	if (!child) {
		survivor->leader = getpid();
		thread_main(outlive_leader, survivor);
		pthread_exit(NULL);
	}
	reap_at(child, &reaped);
	tell("'pid': %d, 'end': {'kind': 'error', 'code': 5, 'at_ns': {'>=': %llu, '<=': %llu}}, "
	     "'states': {'ended_ns': {'>=': 1, '<=': %llu}}, 'zombie': {'reaper_pid': %d, 'reaped_at_ns': {'<=': %llu}}, "
	     "'threads': [{'tid': %d, 'end_ns': {'>=': %llu, '<=': %llu}}, {'end_ns': {'>=': %llu, '<=': %llu}}]",
	     child, survivor->leaving, reaped.to, reaped.to - born.from, getpid(), reaped.to, child, born.from,
	     reaped.to, survivor->leaving, reaped.to);
}

static void *end_early(void *data)
{
	return data;
}

/* Threads that come and go are all remembered. */
static void many_threads(void)
{
	pid_t child = fork_at(NULL);

	if (!child) {
		for (int i = 0; i < 20; i++) {
			pthread_t thread;

			if (pthread_create(&thread, NULL, end_early, NULL) || pthread_join(thread, NULL))
				die("pthread_create");
		}
		_exit(0);
	}
	reap(child);
	tell("'pid': %d, 'threads': {'length': 21}, 'end': {'kind': 'normal'}", child);
}

static const struct test_case cases[] = {
	{"several", several},
	{"none", none},
	{"by-thread", by_thread},
	{"by-thread-of-dead-leader", by_thread_of_dead_leader},
	{"leader-ends-first", leader_first},
	{"many-threads", many_threads},
	{NULL, NULL},
};

int main(int argc, char **argv)
{
	return run_case(cases, argc, argv);
}
