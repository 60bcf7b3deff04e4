/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The cheapest system call: tells whether a tracer taxes every one of them.
 */
#include "tools/bench/clock.h"

#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	long count = count_of(argc, argv);
	double began = nanoseconds();

	for (long i = 0; i < count; i++)
		syscall(SYS_getppid);
	print_cost(began, count);
}
