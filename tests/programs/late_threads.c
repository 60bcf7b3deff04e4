/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * late_threads COUNT THREADS: COUNT children, four at a time, of THREADS threads of low priority each, all ended by one
 * exit_group() while the CPUs are busy. Where a monitor listens to the kernel's proc connector, a thread that has left its process
 * loses the CPU on its way out, and gets it back long after the process was reaped. Tells the truth of each child.
 */
#include <sys/resource.h>

#include "truth.h"

#define AT_ONCE 4
#define BUSY 3

static pid_t start_busy(void)
{
	pid_t pid = fork_at(NULL);

	while (!pid)
		getppid();
	return pid;
}

static void *in_background(void *ready)
{
	setpriority(PRIO_PROCESS, 0, 19);
	atomic_fetch_add((atomic_int *)ready, 1);
	for (;;)
		pause();
	return NULL;
}

static void threads_then_exit(int threads, int code)
{
	atomic_int ready = 0;
	pthread_t thread;

	for (int i = 0; i < threads; i++)
		if (pthread_create(&thread, NULL, in_background, &ready))
			die("pthread_create");
	while (atomic_load(&ready) < threads)
		usleep(1000);
	_exit(code);
}

static void batch(int threads, int first)
{
	pid_t pids[AT_ONCE];

	for (int i = 0; i < AT_ONCE; i++) {
		pids[i] = fork_at(NULL);
		if (!pids[i])
			threads_then_exit(threads, (first + i) & 255);
	}
	for (int i = 0; i < AT_ONCE; i++) {
		reap(pids[i]);
		tell("'pid': %d, 'ppid': %d, 'end': {'kind': '%s', 'code': %d}, 'threads': {'length': %d}", pids[i],
		     getpid(), (first + i) & 255 ? "error" : "normal", (first + i) & 255, threads + 1);
	}
}

int main(int argc, char **argv)
{
	int count = argc > 2 ? atoi(argv[1]) : 0, threads = argc > 2 ? atoi(argv[2]) : 0;
	pid_t busy[BUSY];

	if (count < 1 || threads < 1) {
		fprintf(stderr, "late_threads COUNT THREADS\n");
		return 2;
	}
	for (int i = 0; i < BUSY; i++)
		busy[i] = start_busy();
	for (int i = 0; i < count; i += AT_ONCE)
		batch(threads, i);
	for (int i = 0; i < BUSY; i++) {
		kill(busy[i], SIGKILL);
		reap(busy[i]);
	}
	tell("'pid': %d, 'children': {'length': %d}", getpid(), (count + AT_ONCE - 1) / AT_ONCE * AT_ONCE + BUSY);
	return 0;
}
