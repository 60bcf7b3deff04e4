/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What the benchmark's programs share: count from the command line, time a loop, print nanoseconds per operation.
 */
#ifndef PROCLIFE_BENCH_CLOCK_H
#define PROCLIFE_BENCH_CLOCK_H

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static inline double nanoseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1e9 + now.tv_nsec;
}

static inline void fail(const char *what)
{
	perror(what);
	exit(1);
}

static inline long count_of(int argc, char **argv)
{
	long count = argc > 1 ? atol(argv[1]) : 0;

	if (count > 0)
		return count;
	fprintf(stderr, "usage: %s COUNT\n", argv[0]);
	exit(2);
}

/* The one line that tools/bench/run reads. */
static inline void print_cost(double began, long count)
{
	printf("%.1f\n", (nanoseconds() - began) / count);
}

#endif
