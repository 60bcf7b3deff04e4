/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * For test programs: each case creates one situation and tells what it knows to be true of it, as parts of the report
 * document, one JSON object a line on standard output (written with ' for "). tests/e2e/lib.py compares them with the
 * report; there the operators are explained: {'>=': n, '<=': n}, {'pid': n} where the report has an id, {'has': […]}.
 * Times are CLOCK_BOOTTIME, taken right before and after the thing itself.
 */
#ifndef PROCLIFE_TRUTH_H
#define PROCLIFE_TRUTH_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "asleep.h"

/* The system call that vfork(3) makes: arm64 has only clone(2). */
#ifdef SYS_vfork
#define VFORK_CALL "vfork"
#else
#define VFORK_CALL "clone"
#endif

#define SKIPPED 77 /* exit status: this machine can't do it; the reason is on standard error */

typedef unsigned long long ns_t;

struct test_case {
	const char *name;
	void (*run)(void);
};

struct bracket { /* something happened between these */
	ns_t from, to;
};

static inline ns_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return (ns_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static inline void die(const char *what)
{
	perror(what);
	_exit(99);
}

static inline void skip(const char *why)
{
	fprintf(stderr, "%s\n", why);
	_exit(SKIPPED);
}

/* One write, so that lines of several processes never mix. */
static inline void __attribute__((format(printf, 1, 2))) tell(const char *format, ...)
{
	char line[4096];
	va_list values;
	int length;

	line[0] = '{';
	va_start(values, format);
	length = 1 + vsnprintf(line + 1, sizeof(line) - 3, format, values);
	va_end(values);
	if (length > (int)sizeof(line) - 3)
		die("tell");
	for (int i = 0; i < length; i++)
		if (line[i] == '\'')
			line[i] = '"';
	line[length] = '}';
	line[length + 1] = '\n';
	if (write(STDOUT_FILENO, line, length + 2) != length + 2)
		die("tell");
}

/* Memory that this process's descendants share, zeroed. */
static inline void *shared(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		die("mmap");
	return memory;
}

/* Waits without ever blocking. */
static inline void await(atomic_int *flag, int value)
{
	while (atomic_load(flag) < value)
		sched_yield();
}

static inline int open_pidfd(pid_t pid)
{
	int fd = syscall(SYS_pidfd_open, pid, 0);

	if (fd < 0)
		die("pidfd_open");
	return fd;
}

/* Forks; b, unless NULL, tells between when. */
static inline pid_t fork_at(struct bracket *b)
{
	ns_t from = now_ns();
	pid_t pid = fork();

	if (pid < 0)
		die("fork");
	if (pid && b)
		*b = (struct bracket){from, now_ns()};
	return pid;
}

/* Waits for pid; b, unless NULL, tells between when. */
static inline int reap_at(pid_t pid, struct bracket *b)
{
	ns_t from = now_ns();
	int status;

	if (waitpid(pid, &status, __WALL) != pid)
		die("waitpid");
	if (b)
		*b = (struct bracket){from, now_ns()};
	return status;
}

#define reap(pid) reap_at(pid, NULL)

/* pid has ended; nothing reaps it here. */
static inline void await_end(pid_t pid)
{
	siginfo_t info;

	if (waitid(P_PID, pid, &info, WEXITED | WNOWAIT | __WALL))
		die("waitid");
}

static inline void become_subreaper(void)
{
	if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0))
		die("prctl");
}

static inline int run_case(const struct test_case *cases, int argc, char **argv)
{
	for (const struct test_case *one = cases; one->name; one++) {
		if (argc > 1 && !strcmp(argv[1], "--list"))
			printf("%s\n", one->name);
		else if (argc > 1 && !strcmp(argv[1], one->name))
			one->run();
		else
			continue;
		if (strcmp(argv[1], "--list"))
			return 0;
	}
	if (argc > 1 && !strcmp(argv[1], "--list"))
		return 0;
	fprintf(stderr, "%s --list | CASE\n", argv[0]);
	return 2;
}

#endif
