/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A byte there and back through two pipes: four switches or so on one CPU (`taskset -c 0`), wake-ups between two
 * (`pipe COUNT apart`: parent on CPU 0, child on CPU 1).
 */
#define _GNU_SOURCE
#include "tools/bench/clock.h"

#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

static void pin(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		fail("sched_setaffinity");
}

static void pass_byte(int from, int to)
{
	char byte;

	if (read(from, &byte, 1) != 1 || write(to, &byte, 1) != 1)
		fail("pipe");
}

int main(int argc, char **argv)
{
	long count = count_of(argc, argv);
	int there[2], back[2];
	pid_t child;
	double began;

	if (pipe(there) || pipe(back))
		fail("pipe");
	child = fork();
	if (child < 0)
		fail("fork");
	pin(argc > 2 && !child);
	if (!child) {
		for (long i = 0; i <= count; i++)
			pass_byte(there[0], back[1]);
		_exit(0);
	}
	if (write(there[1], "", 1) != 1)
		fail("write");
	pass_byte(back[0], there[1]);
	began = nanoseconds();
	for (long i = 1; i < count; i++)
		pass_byte(back[0], there[1]);
	print_cost(began, count - 1);
	waitpid(child, NULL, 0);
}
