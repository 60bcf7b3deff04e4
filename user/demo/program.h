/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What the demos' programs share, so that each shows its own idea and little else. Only program.c files include it.
 *
 * A program is started with words: "broken" for its deliberately wrong variant, "slow=3" to take three times as long,
 * "list=…", "quantum=…", "actions=…", "folder=…" (a folder for its files, removed afterwards by who started it).
 */
#ifndef PROCLIFE_PROGRAM_H
#define PROCLIFE_PROGRAM_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* What stands behind "name=" among the words; "" for the bare word; NULL: not there. */
static inline const char *word(char **argv, const char *name)
{
	size_t length = strlen(name);

	for (argv++; *argv; argv++)
		if (!strncmp(*argv, name, length) && (!(*argv)[length] || (*argv)[length] == '='))
			return *argv + length + ((*argv)[length] == '=');
	return NULL;
}

static inline bool is_broken(char **argv)
{
	return word(argv, "broken");
}

static inline int slowness(char **argv)
{
	const char *slow = word(argv, "slow");

	return slow && atoi(slow) > 0 ? atoi(slow) : 1;
}

/* An address at which nothing may be read or written. */
static inline volatile int *nowhere(void)
{
	return mmap(NULL, sizeof(int), PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

/* Blocks for that long. */
static inline void sleep_ms(long ms)
{
	struct timespec pause = {ms / 1000, ms % 1000 * 1000000};

	while (clock_nanosleep(CLOCK_MONOTONIC, 0, &pause, &pause) == EINTR)
		;
}

static inline long own_cpu_us(void)
{
	struct timespec used;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
	return used.tv_sec * 1000000 + used.tv_nsec / 1000;
}

/* Computes until it has had that much of a CPU, however long others make it wait. */
static inline void compute_ms(long ms)
{
	long until = own_cpu_us() + ms * 1000;

	while (own_cpu_us() < until)
		;
}

static inline void call_me(const char *name)
{
	prctl(PR_SET_NAME, name);
}

/* fork(), and the child takes that name. */
static inline pid_t fork_named(const char *name)
{
	pid_t pid = fork();

	if (!pid)
		call_me(name);
	if (pid < 0)
		_exit(1);
	return pid;
}

/* Memory that children share with their parent; zeroed, and gone with the last of them. */
static inline void *shared_memory(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		_exit(1);
	return memory;
}

/* Makes a lock that processes share; it has to be in shared memory. */
static inline void make_lock(pthread_mutex_t *lock)
{
	pthread_mutexattr_t kind;

	pthread_mutexattr_init(&kind);
	pthread_mutexattr_setpshared(&kind, PTHREAD_PROCESS_SHARED);
	if (pthread_mutex_init(lock, &kind))
		_exit(1);
}

static inline void open_pipe(int ends[2])
{
	if (pipe(ends))
		_exit(1);
}

static inline void write_byte(int fd)
{
	if (write(fd, "", 1) != 1)
		_exit(1);
}

/* Blocks until somebody writes (true) or nobody can write any more (false). */
static inline bool await_byte(int fd)
{
	char byte;

	return read(fd, &byte, 1) == 1;
}

static inline void block_until_closed(int fd)
{
	while (await_byte(fd))
		;
}

/* Blocks until the child has ended, and leaves it a zombie: WNOWAIT only looks. */
static inline void await_end(pid_t pid)
{
	siginfo_t info;

	while (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT) && errno == EINTR)
		;
}

/* Waits for that child and reaps it; its wait status. */
static inline int reap(pid_t pid)
{
	int status = 0;

	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

static inline void reap_all(void)
{
	while (wait(NULL) > 0 || errno == EINTR)
		;
}

/* From here on this process and its children run on the nth CPU it may use (from 0), and there alone. False: there
 * is none. */
static inline bool use_cpu(int nth)
{
	cpu_set_t all, one;

	if (sched_getaffinity(0, sizeof(all), &all))
		return false;
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		if (!CPU_ISSET(cpu, &all) || nth--)
			continue;
		CPU_ZERO(&one);
		CPU_SET(cpu, &one);
		return !sched_setaffinity(0, sizeof(one), &one);
	}
	return false;
}

#endif
