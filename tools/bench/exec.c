/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Vfork, exec, exit, wait: what a small command costs. It executes itself, as a program that ends at once.
 */
#include "tools/bench/clock.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	char *const end_at_once[] = {argv[0], "end", NULL};
	char *const no_environment[] = {NULL};
	long count;
	double began;

	if (argc == 2 && !strcmp(argv[1], "end"))
		return 0;
	count = count_of(argc, argv);
	began = nanoseconds();
	for (long i = 0; i < count; i++) {
		pid_t child = vfork();

		if (child < 0)
			fail("vfork");
		if (!child) {
			execve("/proc/self/exe", end_at_once, no_environment);
			_exit(127);
		}
		if (waitpid(child, NULL, 0) != child)
			fail("waitpid");
	}
	print_cost(began, count);
}
