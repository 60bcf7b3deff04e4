/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Fork, exit, wait: what a birth, an end and a reap cost together.
 */
#include "tools/bench/clock.h"

#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	long count = count_of(argc, argv);
	double began = nanoseconds();

	for (long i = 0; i < count; i++) {
		pid_t child = fork();

		if (child < 0)
			fail("fork");
		if (!child)
			_exit(0);
		if (waitpid(child, NULL, 0) != child)
			fail("waitpid");
	}
	print_cost(began, count);
}
